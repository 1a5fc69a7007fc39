"""Addresses of pictures and files, which differ on every read (fact sheet 6)."""

from __future__ import annotations

import json
import re
from typing import Any

_ADDRESS = re.compile(
    r"https?://r\.craft\.do/[^\s()<>\[\]{}\"'`|\\]*[^\s()<>\[\]{}\"'`|\\.,;:!?]", re.IGNORECASE
)


def with_placeholders(text: str) -> str:
    """Return a text with each address of a medium replaced by its place among them.

    The first address becomes `craft-media:1` wherever it stands, the next `craft-media:2`, so that
    an unchanged text stays the same.
    """
    numbers: dict[str, int] = {}
    return _ADDRESS.sub(
        lambda found: f"craft-media:{numbers.setdefault(found[0], len(numbers) + 1)}", text
    )


def with_placeholders_inside(value: Any) -> Any:  # noqa: ANN401
    """Return a JSON value with the same done to all its texts."""
    return json.loads(with_placeholders(json.dumps(value)))
