"""Days as the space cuts them, in its own timezone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planwerk_sandbox.craft.errors import invalid
from planwerk_sandbox.office.documents.space import TIMEZONE

if TYPE_CHECKING:
    from planwerk_sandbox.office.clock import OfficeClock

_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_ZONE = ZoneInfo(TIMEZONE)


def local(moment: str) -> datetime:
    """Return a UTC time as the clock on the wall of the office shows it."""
    utc = datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(timezone.utc)
    return utc.astimezone(_ZONE)


def day_of(moment: str) -> str:
    """Return the day in the space's timezone on which a UTC time falls."""
    return local(moment).date().isoformat()


def today(clock: OfficeClock, offset: int = 0) -> str:
    """Return the present day of the space, or one so many days from it."""
    return (local(clock.now()).date() + timedelta(days=offset)).isoformat()


def parsed(name: str, sent: str, clock: OfficeClock) -> str:
    """Read a day that a request names.

    Raises:
        ApiError: 400 for anything but `YYYY-MM-DD`, `today`, `tomorrow` or `yesterday`.
    """
    if sent in _WORDS:
        return today(clock, _WORDS[sent])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", sent):
        try:
            return date.fromisoformat(sent).isoformat()
        except ValueError:
            pass
    raise invalid(f"{name} must be YYYY-MM-DD, today, tomorrow or yesterday")
