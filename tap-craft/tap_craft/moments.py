"""Craft's moments: ISO 8601 in UTC, with or without fractions of a second (fact sheet 4)."""

from __future__ import annotations

import datetime as dt

from tap_kit.columns import utc


def moment(value: object) -> dt.datetime | None:
    """Return a moment, or None for what is none."""
    try:
        return dt.datetime.fromisoformat(utc(str(value)).replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        return None
