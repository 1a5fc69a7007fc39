"""How many requests a token may send: at once, in a minute and in a quarter of an hour."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.clock import OfficeClock

_MINUTE, _QUARTER_HOUR = 60, 900
_CLIENT_ERRORS = range(400, 500)


class _Window(NamedTuple):
    seconds: int
    limit: int
    used: int
    frees_in: float


class Limits:
    """Sliding windows over the requests of one token (`api/missive.md`, section 2).

    They run in real time or by the office's clock, so that a test can let 15 minutes pass.
    """

    def __init__(self, settings: MissiveSettings, clock: OfficeClock) -> None:
        self._settings = settings
        self._clock = clock
        self._times: deque[float] = deque()

    def refusal(self, in_flight: int) -> dict[str, str] | None:
        """Return the headers of a 429, or None where the request may pass.

        Args:
            in_flight: Requests at work when this one arrived, itself included.
        """
        settings = self._settings
        if settings.limits == "off":
            return None
        if in_flight > settings.concurrent:
            headers = self._headers(settings.concurrent, 0, 1)
            return headers | {"Retry-After": "1"}
        blocking = [window for window in self._windows() if window.frees_in > 0]
        if not blocking:
            return None
        worst = max(blocking, key=lambda window: window.frees_in)
        wait = max(math.ceil(worst.frees_in), 1)
        return self._headers(worst.limit, 0, wait) | {"Retry-After": str(wait)}

    def count(self, status: int) -> None:
        """Count a request by the status it was answered with."""
        settings = self._settings
        if settings.limits == "off" and not settings.rate_headers_always:
            return
        if settings.client_errors_count or status not in _CLIENT_ERRORS:
            self._times.append(self._now())

    def headers(self) -> dict[str, str]:
        """Return the rate headers of an answer within the limits."""
        tight = min(self._windows(), key=lambda window: window.limit - window.used)
        return self._headers(tight.limit, max(tight.limit - tight.used, 0), tight.seconds)

    def _windows(self) -> list[_Window]:
        now = self._now()
        while self._times and self._times[0] <= now - _QUARTER_HOUR:
            self._times.popleft()
        return [
            self._window(_MINUTE, self._settings.requests_per_minute, now),
            self._window(_QUARTER_HOUR, self._settings.requests_per_quarter_hour, now),
        ]

    def _window(self, seconds: int, limit: int, now: float) -> _Window:
        used = sum(moment > now - seconds for moment in self._times)
        if used < limit:
            return _Window(seconds, limit, used, 0)
        # It frees as soon as so many of its oldest requests left that one more fits.
        leaves = self._times[len(self._times) - limit]
        return _Window(seconds, limit, used, leaves + seconds - now)

    def _headers(self, limit: int, remaining: int, wait: int) -> dict[str, str]:
        by_office = self._settings.limits == "office"
        now = self._clock.epoch() if by_office else math.ceil(time.time())
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(now + wait),
        }

    def _now(self) -> float:
        return self._clock.epoch() if self._settings.limits == "office" else time.monotonic()
