"""What a loader or a database cannot store, and values made fit for them."""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

LONGEST_TEXT = 50_000_000
"""Characters of a text, and of all texts in a structure; PostgreSQL takes 256 MB in `jsonb`."""
LONGEST_ID = 600
"""Characters of an id: four bytes each still fit into an index."""
DEEPEST = 100
"""Levels of lists and objects within a value; far more than programs on the way can take."""
LARGEST_BIGINT = 2**63 - 1
LARGEST_NUMBER_BITS = 1_023
"""An integer of more bits is beyond what a number of double precision holds."""


class UnfitError(ValueError):
    """A value that does not fit its column; the text says why."""


class Rejection(NamedTuple):
    """What could not be loaded.

    Attributes:
        row_id: The key of the row; None if it has none.
        column: The column; None for the whole row.
        reason: Why, in a few words.
        value: What was sent.
    """

    row_id: str | None
    column: str | None
    reason: str
    value: Any


def clean_text(value: str) -> str:
    """Return a text that PostgreSQL can store: NUL and unpaired surrogates become U+FFFD."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    if not value.isascii():
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


class Cleaner:
    """Makes one JSON value fit, however deeply it is nested.

    A number within that cannot be stored becomes null; `left_out` has the reason and the number.
    """

    def __init__(self) -> None:
        self.left_out: list[tuple[str, Any]] = []
        self._characters = 0

    def clean(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401
        """Return the value with only what can be stored.

        Raises:
            UnfitError: If it is too large or nested too deeply.
        """
        if isinstance(value, str):
            self._count(value)
            return clean_text(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            return self._number(value)
        if depth == DEEPEST:
            raise UnfitError(f"is nested more than {DEEPEST} levels deep")
        if isinstance(value, list):
            return [self.clean(item, depth + 1) for item in value]
        return self._members(value, depth)

    def _members(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        for key, item in value.items():
            self._count(key)
            name = clean_text(key)
            if name in cleaned:
                self.left_out.append(("has two members of one name once NUL is replaced", item))
                continue
            cleaned[name] = self.clean(item, depth + 1)
        return cleaned

    def _count(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > LONGEST_TEXT:
            raise UnfitError(f"has more than {LONGEST_TEXT} characters")

    def _number(self, value: float) -> float | None:
        try:
            return finite(value)
        except UnfitError as unfit:
            self.left_out.append((f"holds a number that {unfit}", value))
            return None


def finite(value: float) -> float:
    """Return a number, unless none can hold it.

    Raises:
        UnfitError: If it is infinite, no number (`NaN`) or as large as makes no difference.
    """
    is_storable = (
        value.bit_length() <= LARGEST_NUMBER_BITS
        if isinstance(value, int)
        else math.isfinite(value)
    )
    if not is_storable:
        raise UnfitError("is not finite")
    return value


def as_json(value: Any, longest: int) -> str:  # noqa: ANN401
    """Return a value as JSON text of ASCII characters, cut at a length."""
    try:
        text = json.dumps(value, default=str)
    except (TypeError, ValueError, RecursionError):
        # Keys that are no text, or a nesting that only an own decoder lets pass.
        text = json.dumps(f"cannot be written as JSON: {type(value).__name__}")
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
