"""The clock of the office: frozen, moved only from outside."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

OPENING = datetime(2026, 3, 10, 8, 0, 0, tzinfo=timezone.utc)
"""The instant every office starts at, whatever the day outside."""


def api_time(moment: datetime) -> str:
    """Write a UTC instant as the API does: whole seconds and `Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


class OfficeClock:
    """A clock that stands still until somebody advances it."""

    def __init__(self) -> None:
        self._now = OPENING

    def now(self) -> str:
        """Return the office's time as the API writes it."""
        return api_time(self._now)

    def epoch(self) -> int:
        """Return the office's time in Unix seconds."""
        return int(self._now.timestamp())

    def http_date(self) -> str:
        """Return the office's time as the `Date` header writes it (RFC 9110)."""
        return format_datetime(self._now, usegmt=True)

    def advance(self, seconds: int) -> str:
        """Move the clock forward.

        Args:
            seconds: Whole seconds; the office never goes back in time.

        Returns:
            The new time.

        Raises:
            ValueError: If `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(
                f"The office clock only goes forward; advance_seconds is {seconds}: send 0 or more."
            )
        self._now += timedelta(seconds=seconds)
        return self.now()
