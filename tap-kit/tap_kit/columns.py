"""From an API's row to a table's row: column names and values."""

from __future__ import annotations

import datetime as dt
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import inflection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Row = dict[str, Any]

logger = logging.getLogger(__name__)


@cache
def column_name(api_name: str) -> str:
    """Return the column for an API's attribute: `updatedAt` becomes `updated_at`.

    The rule is fixed (`inflection.underscore`), so that a column can be traced back by eye.
    """
    return inflection.underscore(api_name)


def utc(value: str | dt.datetime) -> str:
    """Return a moment as ISO 8601 in UTC with `Z`; a value without a zone is taken as UTC.

    Raises:
        ValueError: If the text is no ISO 8601 date-time.
    """
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.timezone.utc)
    return value.astimezone(dt.timezone.utc).isoformat().replace("+00:00", "Z")


def shifted(moment: str, seconds: int) -> str:
    """Return a moment moved by some seconds, in UTC with `Z`."""
    at = dt.datetime.fromisoformat(utc(moment).replace("Z", "+00:00"))
    return utc(at + dt.timedelta(seconds=seconds))


def clean(value: Any) -> Any:  # noqa: ANN401
    """Return a value with only text that PostgreSQL can store, however deeply it is nested.

    NUL and unpaired surrogates, which JSON allows, become U+FFFD.
    """
    if isinstance(value, str):
        if "\0" in value:
            value = value.replace("\0", "\ufffd")
        if not value.isascii():
            return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        return value
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


class Columns:
    """The columns of one stream, and how a row of the API becomes a record.

    Args:
        schema: The stream's JSON schema, its properties named as the columns.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._converters = {
            name: _converter(definition) for name, definition in schema["properties"].items()
        }
        self._warned: set[str] = set()

    def record(self, row: Row) -> Row:
        """Return the record for a row of the API.

        Attributes without a column are left out, missing ones are null, and a value that does not
        fit its column becomes null with a warning, so that one odd value never costs the row.
        """
        named = {column_name(key): value for key, value in row.items()}
        record: Row = {}
        for name, convert in self._converters.items():
            value = named.get(name)
            try:
                record[name] = None if value is None else convert(value)
            except (TypeError, ValueError):
                record[name] = None
                self._warn(name, row)
        return record

    def _warn(self, name: str, row: Row) -> None:
        if name not in self._warned:
            self._warned.add(name)
            logger.warning(
                "The value of '%s' in row %s does not fit its column and is left empty "
                "(further rows with this problem are not listed).",
                name,
                row.get("id"),
            )


def _converter(definition: Mapping[str, Any]) -> Callable[[Any], Any]:
    kinds = definition.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds:
        return {"date-time": _moment, "date": _day}.get(definition.get("format", ""), _text)
    if "integer" in kinds:
        return _integer
    if "number" in kinds:
        return _number
    if "boolean" in kinds:
        return _boolean
    if definition.get("items", {}).get("type"):
        convert_item = _converter(definition["items"])
        return lambda values: [convert_item(value) for value in _list(values)]
    return clean


def _moment(value: Any) -> str | None:  # noqa: ANN401
    return utc(value) if value else None


def _day(value: Any) -> str | None:  # noqa: ANN401
    """Return the date as written: a day is no instant, so no time zone is applied."""
    return dt.date.fromisoformat(value[:10]).isoformat() if value else None


def _text(value: Any) -> str:  # noqa: ANN401
    return clean(value if isinstance(value, str) else str(value))  # type: ignore[no-any-return]


def _integer(value: Any) -> int | None:  # noqa: ANN401
    if value == "":
        return None
    if int(value) != float(value):
        raise ValueError
    return int(value)


def _number(value: Any) -> float | int:  # noqa: ANN401
    return value if isinstance(value, (int, float)) else float(value)


def _boolean(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, (bool, int)):
        return bool(value)
    raise TypeError


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(value, list):
        return value
    raise TypeError
