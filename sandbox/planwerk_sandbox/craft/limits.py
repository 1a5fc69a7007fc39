"""How much may be read: requests per address and per space, blocks per space (section 7)."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING

from planwerk_sandbox.http import Answer, json_answer

if TYPE_CHECKING:
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.office.clock import OfficeClock

_TEN_SECONDS, _MINUTE = 10, 60


class _Window:
    """What was used within the last seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._uses: deque[tuple[float, int]] = deque()

    def used(self, now: float) -> int:
        """Return how much was used within the window."""
        while self._uses and self._uses[0][0] <= now - self.seconds:
            self._uses.popleft()
        return sum(amount for _, amount in self._uses)

    def use(self, now: float, amount: int = 1) -> None:
        """Count a use."""
        self._uses.append((now, amount))

    def frees_in(self, now: float, limit: int) -> float:
        """Return after how many seconds less than the limit is used."""
        left, last = self.used(now), now - self.seconds
        for moment, amount in self._uses:
            if left < limit:
                break
            left, last = left - amount, moment
        return last + self.seconds - now


class Limits:
    """Sliding windows over all links of the space, in real time or by the office's clock."""

    def __init__(self, settings: CraftSettings, clock: OfficeClock) -> None:
        self._settings = settings
        self._clock = clock
        self._address, self._requests = _Window(_TEN_SECONDS), _Window(_MINUTE)
        self._blocks = _Window(_MINUTE)

    def edge_refusal(self, headers: dict[str, str]) -> Answer | None:
        """Count a request of the address; return the bare 429 of the edge beyond its limit."""
        if self._settings.limits == "off":
            return None
        now = self._now()
        beyond = self._address.used(now) >= self._settings.requests_per_ten_seconds
        self._address.use(now)
        if not beyond:
            return None
        plain = {"Content-Type": "text/plain; charset=utf-8"}
        return Answer(429, b"error code: 1015", headers | plain)

    def refusal(self, headers: dict[str, str], *, reads_blocks: bool) -> Answer | None:
        """Count a request to the space; return the 429 of the application beyond a limit."""
        settings = self._settings
        if settings.limits == "off":
            return None
        now = self._now()
        wait = self._requests.frees_in(now, settings.requests_per_minute)
        if wait > 0:
            return _refused("Too many requests", wait, headers | self._told_requests())
        self._requests.use(now)
        wait = self._blocks.frees_in(now, settings.blocks_per_minute)
        if reads_blocks and wait > 0:
            return _refused("Block budget exceeded", wait, headers | self._told_blocks())
        return None

    def count_blocks(self, amount: int) -> dict[str, str]:
        """Count blocks that were read; return the headers of the answer."""
        if self._settings.limits == "off":
            return {}
        now, headers = self._now(), self._told_requests()
        # The first read of a window does not tell the block budget yet.
        is_first = not self._blocks.used(now)
        if amount:
            self._blocks.use(now, amount)
        return headers | self._told_blocks() if amount and not is_first else headers

    def _told_requests(self) -> dict[str, str]:
        return self._told("RateLimit", self._requests, self._settings.requests_per_minute)

    def _told_blocks(self) -> dict[str, str]:
        return self._told("BlockBudget", self._blocks, self._settings.blocks_per_minute)

    def _told(self, name: str, window: _Window, limit: int) -> dict[str, str]:
        now = self._now()
        epoch = self._clock.epoch() if self._settings.limits == "office" else time.time()
        frees = window.frees_in(now, limit) or window.seconds
        return {
            f"X-{name}-Limit": str(limit),
            f"X-{name}-Remaining": str(max(limit - window.used(now), 0)),
            f"X-{name}-Reset": str(math.ceil(epoch + frees)),
        }

    def _now(self) -> float:
        return self._clock.epoch() if self._settings.limits == "office" else time.monotonic()


def _refused(sentence: str, wait: float, headers: dict[str, str]) -> Answer:
    body = {"error": sentence, "code": "RATE_LIMIT_EXCEEDED"}
    return json_answer(429, body, headers | {"Retry-After": str(math.ceil(wait))})
