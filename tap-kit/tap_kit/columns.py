"""From an API's row to a table's row: column names and values."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import inflection

from tap_kit.unfit import (
    LARGEST_BIGINT,
    LONGEST_ID,
    LONGEST_TEXT,
    Cleaner,
    Rejection,
    UnfitError,
    clean_text,
    finite,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    LeftOut: TypeAlias = list[tuple[str, Any]]
    """Parts of a value that do not fit: the reason and what was sent."""
    Convert: TypeAlias = Callable[[Any, LeftOut], Any]

Row = dict[str, Any]


@cache
def column_name(api_name: str) -> str:
    """Return the column for an API's attribute: `updatedAt` becomes `updated_at`.

    The rule is fixed (`inflection.underscore`), so that a column can be traced back by eye.
    """
    return inflection.underscore(api_name)


def utc(value: str | dt.datetime) -> str:
    """Return a moment as ISO 8601 in UTC with `Z`; a value without a zone is taken as UTC.

    Raises:
        ValueError: If the text is no ISO 8601 date-time, or one beyond the years 1 to 9999.
    """
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.timezone.utc)
    try:
        value = value.astimezone(dt.timezone.utc)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    return value.isoformat().replace("+00:00", "Z")


def known_moment(value: Any) -> str:  # noqa: ANN401
    """Return a moment of an API in UTC with `Z`; empty where there is none, or no real one."""
    try:
        return utc(value) if isinstance(value, str) and value else ""
    except ValueError:
        return ""


def shifted(moment: str, seconds: int) -> str:
    """Return a moment moved by some seconds, in UTC with `Z`; the first one there is at most."""
    at = dt.datetime.fromisoformat(utc(moment).replace("Z", "+00:00"))
    try:
        return utc(at + dt.timedelta(seconds=seconds))
    except OverflowError:
        return "0001-01-01T00:00:00Z" if seconds < 0 else "9999-12-31T23:59:59Z"


class Columns:
    """The columns of one stream, and how a row of the API becomes a record.

    Args:
        schema: The stream's JSON schema, its properties named as the columns.
        keys: The columns without which there is no row.
        reject: Called for what cannot be loaded.

    Attributes:
        rejected: The columns of the row before in which something was left out.
    """

    rejected: set[str]

    def __init__(
        self,
        schema: Mapping[str, Any],
        keys: Sequence[str],
        reject: Callable[[Rejection], None],
    ) -> None:
        self._keys, self._reject = keys, reject
        self._converters = {
            name: _converter(name, definition) for name, definition in schema["properties"].items()
        }

    def usable_id(self, row: Any) -> Any:  # noqa: ANN401
        """Return the `id` of a row as its column holds it; None for a row without one."""
        try:
            return self._converters["id"](row["id"], []) or None
        except (LookupError, TypeError, ValueError):
            return None

    def record(self, row: Row) -> Row | None:
        """Return the record for a row of the API; None for one without a key.

        Attributes without a column are left out, missing ones are null. A value that does not fit
        its column becomes null, an element of a list goes, and both are told to `reject`: one odd
        value never costs the row.
        """
        named: Row = {}
        for attribute, value in row.items():
            if value is not None:
                named.setdefault(column_name(attribute), value)
        record: Row = dict.fromkeys(self._converters)
        rejections: list[tuple[str, str, Any]] = []
        left_out: LeftOut = []
        for name, value in named.items():
            convert = self._converters.get(name)
            if convert is None:
                continue
            try:
                record[name] = convert(value, left_out)
            except (TypeError, ValueError, ArithmeticError) as error:
                reason = str(error) if isinstance(error, UnfitError) else "does not fit its column"
                left_out = [(reason, value)]
            if left_out:
                rejections += [(name, *part) for part in left_out]
                left_out = []
        self.rejected = {name for name, *_ in rejections}
        if any(record[key] in (None, "") for key in self._keys):
            self._reject(Rejection(None, None, f"has no usable {', '.join(self._keys)}", row))
            return None
        if rejections:
            row_id = " ".join(str(record[key]) for key in self._keys)
            for rejection in rejections:
                self._reject(Rejection(row_id, *rejection))
        return record


def _converter(name: str, definition: Mapping[str, Any]) -> Convert:
    kinds = definition.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds:
        by_format = {"date-time": _moment, "date": _day}
        is_id = name == "id" or name.endswith(("_id", "_ids"))
        return by_format.get(definition.get("format", ""), _id if is_id else _text)
    if "integer" in kinds:
        return _integer
    if "number" in kinds:
        return _number
    if "boolean" in kinds:
        return _boolean
    if definition.get("items", {}).get("type"):
        return _list_of(_converter(name, definition["items"]))
    return _structure(list if "array" in kinds else dict)


def _moment(value: Any, _: LeftOut) -> str | None:  # noqa: ANN401
    try:
        return utc(value) if value != "" else None
    except (AttributeError, ValueError):
        raise UnfitError("is no moment between the years 1 and 9999") from None


def _day(value: Any, _: LeftOut) -> str | None:  # noqa: ANN401
    """Return the date as written: a day is no instant, so no time zone is applied."""
    try:
        return dt.date.fromisoformat(value[:10]).isoformat() if value != "" else None
    except (LookupError, TypeError, ValueError):
        raise UnfitError("is no day between the years 1 and 9999") from None


def _text(value: Any, _: LeftOut) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        if not isinstance(value, (int, float)):
            raise UnfitError("is no text")
        value = str(finite(value))
    if len(value) > LONGEST_TEXT:
        raise UnfitError(f"has more than {LONGEST_TEXT} characters")
    return clean_text(value)


def _id(value: Any, left_out: LeftOut) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        raise UnfitError("is no id")
    text = _text(value, left_out)
    if len(text) > LONGEST_ID:
        raise UnfitError(f"has more than {LONGEST_ID} characters, too many for an id")
    if text != str(value):
        raise UnfitError("holds characters that cannot be stored")
    return text


def _integer(value: Any, _: LeftOut) -> int | None:  # noqa: ANN401
    if value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise UnfitError("is no integer")
    try:
        number = int(value)
        is_whole = isinstance(value, (int, str)) or number == value
    except (ValueError, OverflowError):
        raise UnfitError("is no integer") from None
    if not is_whole:
        raise UnfitError("is no integer")
    if not -LARGEST_BIGINT - 1 <= number <= LARGEST_BIGINT:
        raise UnfitError("is beyond 64-bit integers")
    return number


def _number(value: Any, _: LeftOut) -> float | int | None:  # noqa: ANN401
    if value == "":
        return None
    if isinstance(value, bool):
        raise UnfitError("is no number")
    try:
        return finite(value if isinstance(value, (int, float)) else float(value))
    except (TypeError, ValueError) as error:
        if isinstance(error, UnfitError):
            raise
        raise UnfitError("is no number") from None


def _boolean(value: Any, _: LeftOut) -> bool:  # noqa: ANN401
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise UnfitError("is neither true nor false")


def _list_of(convert: Convert) -> Convert:
    def convert_list(values: Any, left_out: LeftOut) -> list[Any]:  # noqa: ANN401
        if not isinstance(values, list):
            raise UnfitError("is no list")
        parts = (_part(value, convert, left_out) for value in values)
        return [part for part in parts if part is not None]

    return convert_list


def _part(value: Any, convert: Convert, left_out: LeftOut) -> Any:  # noqa: ANN401
    """Return an element of a list; None if there is none, or it does not fit."""
    try:
        return None if value is None else convert(value, left_out)
    except UnfitError as unfit:
        left_out.append((f"holds something that {unfit}", value))
        return None


def _structure(kind: type[list[Any] | dict[str, Any]]) -> Convert:
    def convert_structure(value: Any, left_out: LeftOut) -> Any:  # noqa: ANN401
        if not isinstance(value, kind):
            raise UnfitError("is no list" if kind is list else "is no object")
        cleaner = Cleaner()
        cleaned = cleaner.clean(value)
        left_out += cleaner.left_out
        return cleaned

    return convert_structure
