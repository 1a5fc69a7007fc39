"""How far a run is: lines in the log while it goes on, and one at the end of each stream."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import AbortedSyncFailedException, AbortedSyncPausedException

from tap_kit.tally import Tally, counted, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST_LINE_SECONDS = 5
LINE_SECONDS = 30
LONG_SECONDS = 3
"""From when on it is worth saying that an answer has not come."""


class Progress:
    """What a run has done so far.

    The lines come from a thread of their own, so that they come as well while the run waits for an
    answer or for a limit.

    Attributes:
        requests: Requests that were made in all.
        tallies: What was done for each stream, by its name.

    Args:
        tap: Name of the tap, under which the lines are logged.
    """

    def __init__(self, tap: str) -> None:
        self.requests = 0
        self.tallies: dict[str, Tally] = {}
        self._logger = logging.getLogger(tap)
        self._read: list[Tally] = []
        self._asked_at: float | None = None
        self._waits_until, self._waits_for = 0.0, ""

    @property
    def records(self) -> int:
        """Records that were sent in all."""
        return sum(tally.records for tally in list(self.tallies.values()))

    def of(self, stream: str) -> Tally:
        """Return the tally of a stream."""
        return self.tallies.setdefault(stream, Tally(stream))

    @contextmanager
    def reading(self, stream: str, bookmark: Callable[[], str | None]) -> Iterator[Tally]:
        """Note that a stream is read, and say in the end what was done for it.

        What was done for the streams within it, which are read in many small parts, is said then
        too.

        Args:
            stream: Its name.
            bookmark: Returns the bookmark of the stream.
        """
        tally, began, before = self.of(stream), time.monotonic(), bookmark()
        if self._read:
            self._read[0].within[stream] = tally
        self._read.append(tally)
        outcome = "complete"
        try:
            yield tally
        except (AbortedSyncFailedException, AbortedSyncPausedException):
            outcome = "stopped"
            raise
        except Exception:
            outcome = "failed"
            raise
        except BaseException:
            outcome = "stopped"
            raise
        finally:
            tally.seconds += time.monotonic() - began
            self._read.pop()
            if not self._read:
                self._sum_up(tally, outcome, before, bookmark())
                for inner in tally.within.values():
                    self._sum_up(inner, outcome)

    def _sum_up(
        self, tally: Tally, outcome: str, before: str | None = None, after: str | None = None
    ) -> None:
        moved = f", bookmark {before or 'none'} -> {after or 'none'}" if before or after else ""
        self._logger.getChild(tally.name).info(
            "%s: %s%s, %s, %s%s",
            tally.name,
            "" if outcome == "complete" else f"{outcome} after ",
            counted(tally.records, "record"),
            counted(tally.requests, "request"),
            duration(tally.seconds),
            moved,
            extra={
                "stream_name": tally.name,
                "outcome": outcome,
                "records": tally.records,
                "requests": tally.requests,
                "seconds": round(tally.seconds, 1),
                "bookmark_before": before,
                "bookmark_after": after,
            },
        )

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Count a request, and note that its answer is waited for."""
        self.requests += 1
        if self._read:
            self._read[-1].requests += 1
        self._asked_at = time.monotonic()
        try:
            yield
        finally:
            self._asked_at = None

    def waits(self, seconds: float, what_for: str) -> None:
        """Note that the run is going to wait."""
        self._waits_until, self._waits_for = time.monotonic() + seconds, what_for
        if self._asked_at is not None:
            # It is only sent then.
            self._asked_at = self._waits_until

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Say how far the run is: at once, after a few seconds, and then every half minute."""
        ended = threading.Event()

        def tell() -> None:
            seconds = FIRST_LINE_SECONDS
            while not ended.wait(seconds):
                self.tell()
                seconds = LINE_SECONDS

        self._logger.info("Reading begins; how far it is follows every %d s.", LINE_SECONDS)
        thread = threading.Thread(target=tell, name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=1)

    def tell(self) -> None:
        """Say how far the run is."""
        under_way = self._read[:1]
        if under_way:
            words, facts = under_way[0].words(), under_way[0].facts()
        else:
            facts = {"records": self.records, "requests": self.requests}
            said = f"{counted(self.records, 'record')}, {counted(self.requests, 'request')} so far"
            words = said if self.tallies else "Connecting"
        obstacle, more = self._obstacle()
        self._logger.info("%s%s", words, obstacle, extra={**facts, **more})

    def _obstacle(self) -> tuple[str, dict[str, Any]]:
        """Return what the run is waiting for, in words and as fields."""
        now, asked_at = time.monotonic(), self._asked_at
        wait = self._waits_until - now
        if wait > 0:
            facts = {"waiting_seconds": round(wait), "waiting_for": self._waits_for}
            return f"; waiting {duration(wait)} for {self._waits_for}", facts
        if asked_at and now - asked_at >= LONG_SECONDS:
            facts = {"waiting_since_seconds": round(now - asked_at), "waiting_for": "an answer"}
            return f"; no answer for {duration(now - asked_at)}", facts
        return "", {}
