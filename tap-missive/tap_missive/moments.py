"""Missive's moments: Unix seconds, in every published sample whole ones (fact sheet 6)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tap_kit.columns import utc

if TYPE_CHECKING:
    from typing import TypeGuard

END_OF_TIME = 253_402_300_800
"""Unix seconds at the end of the year 9999."""


def iso(seconds: float) -> str:
    """Return Unix seconds as ISO 8601 in UTC with `Z`.

    Raises:
        ValueError: If there is no such date.
    """
    try:
        return utc(dt.datetime.fromtimestamp(seconds, dt.timezone.utc))
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from None


def readable(seconds: float) -> str:
    """Return Unix seconds as ISO 8601, or as they are where there is no such date."""
    try:
        return iso(seconds)
    except ValueError:
        return str(seconds)


def epoch(moment: str | None) -> float | None:
    """Return an ISO 8601 moment as Unix seconds, None for none."""
    if not moment:
        return None
    return dt.datetime.fromisoformat(utc(moment).replace("Z", "+00:00")).timestamp()


def is_seconds(value: Any) -> TypeGuard[float]:  # noqa: ANN401
    """Tell whether a value is Unix seconds of a year up to 9999; text is not."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and -END_OF_TIME <= value < END_OF_TIME
