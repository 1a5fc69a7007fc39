"""Missive's moments: Unix seconds, in every published sample whole ones (fact sheet 6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tap_kit.columns import utc


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


def is_seconds(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is Unix seconds, whole or with a fraction; text is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
