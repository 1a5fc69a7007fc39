"""Settings that cannot be used, said in a sentence that shows none of their values.

singer-sdk prints the value of a setting that is not allowed, which may be a key that was put into
the wrong setting.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import FatalAPIError

from tap_kit.columns import known_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema import ValidationError  # type: ignore[import-untyped]

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_MOMENTS = ("start_date", "read_again_from")
_IDS = 'has to be a list of ids, such as ["123"]'
_LIST = 'has to be a list in JSON, such as ["123"]'

_EXPECTED = {
    "type": "has to be of type {}",
    "enum": "has to be one of {}",
    "minimum": "has to be at least {}",
    "maximum": "has to be at most {}",
}


def complaints(
    errors: Iterable[ValidationError], config: Mapping[str, Any], prefix: str
) -> list[str]:
    """Return a sentence for each setting that is missing or cannot be used.

    Args:
        errors: What the schema of the settings finds.
        config: The settings.
        prefix: Beginning of the environment variables, such as `TAP_TEAMWORK_`.
    """
    found: dict[str, str] = {}
    for error in errors:
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    found[name] = "is missing"
        else:
            name = str(error.path[0]) if error.path else "configuration"
            words = _EXPECTED.get(str(error.validator), "cannot be used")
            found.setdefault(name, words.format(_listed(error.validator_value)))
    for name in _MOMENTS:
        if config.get(name) and not known_moment(config[name]):
            found[name] = "has to be a date such as 2025-01-31, or a date-time"
    ids = config.get("read_again_ids")
    if ids is not None and not (isinstance(ids, list) and all(map(_is_id, ids))):
        found["read_again_ids"] = _IDS
    return [f"The setting {name} ({prefix}{name.upper()}) {what}." for name, what in found.items()]


def refuse_unreadable(schema: Mapping[str, Any], prefix: str) -> None:
    """Refuse environment variables that cannot be read as what the settings have to be.

    Raises:
        FatalAPIError: One sentence that names the variable.
    """
    for name, setting in schema["properties"].items():
        variable = f"{prefix}{name.upper()}"
        kinds = setting.get("type", ())
        if "integer" in kinds and variable in os.environ:
            try:
                int(os.environ[variable])
            except ValueError:
                raise FatalAPIError(
                    f"The environment variable {variable} has to be a whole number."
                ) from None
        if "array" in kinds and variable in os.environ:
            try:
                json.loads(os.environ[variable])
            except ValueError:
                raise FatalAPIError(f"The environment variable {variable} {_LIST}.") from None


def _is_id(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, (str, int)) and bool(_ID.fullmatch(str(value)))


def _listed(expected: Any) -> str:  # noqa: ANN401
    if isinstance(expected, list):
        return ", ".join(str(word) for word in expected if word not in (None, "null"))
    return str(expected)
