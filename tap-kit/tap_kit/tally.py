"""What a run has done so far for one stream, in numbers and in words."""

from __future__ import annotations

import time
from typing import Any

FEWEST_SECONDS = 5
"""A rate that was measured for a shorter time tells nothing."""

SECONDS_IN_MINUTES, SECONDS_IN_HOURS = 120, 7200
"""Durations from these on are said in minutes or hours."""


class Tally:
    """What was done for one stream.

    Attributes:
        name: The stream.
        records: Records that were sent.
        requests: Requests that were made while it was read.
        seconds: Seconds that it was read for, up to the last time that it was left.
        within: The tallies of the streams that are read while this one is.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.records = self.requests = 0
        self.seconds = 0.0
        self.within: dict[str, Tally] = {}
        self._expected: int | None = None
        self._first_record_at: float | None = None

    def expect(self, records: int) -> None:
        """Take note of how many records there will be in all, as far as that is known."""
        self._expected = records

    @property
    def expected(self) -> int | None:
        """How many records there will be; None if that is unknown, or was too low."""
        if self._expected is None or self._expected < self.records:
            return None
        return self._expected

    def count_record(self) -> None:
        """Count a record that was sent."""
        self.records += 1
        if self._first_record_at is None:
            self._first_record_at = time.monotonic()

    @property
    def _inner(self) -> list[Tally]:
        # A copy: the run may enter another one meanwhile.
        return list(self.within.values())

    @property
    def all_requests(self) -> int:
        """Requests for this stream and those within it."""
        return self.requests + sum(tally.requests for tally in self._inner)

    @property
    def per_second(self) -> float | None:
        """Records per second since the first one; None as long as that tells nothing."""
        if self._first_record_at is None:
            return None
        seconds = time.monotonic() - self._first_record_at
        return self.records / seconds if seconds >= FEWEST_SECONDS else None

    def facts(self) -> dict[str, Any]:
        """Return how far the stream is, as fields of a line in a log."""
        rate, expected = self.per_second, self.expected
        left = (expected - self.records) / rate if rate and expected is not None else None
        return {
            "stream_name": self.name,
            "records": self.records,
            "records_expected": expected,
            "records_per_second": None if rate is None else round(rate, 2),
            "seconds_left": None if left is None else round(left),
            "requests": self.all_requests,
            **{f"records_of_{tally.name}": tally.records for tally in self._inner},
        }

    def words(self) -> str:
        """Return how far the stream is, for people."""
        facts = self.facts()
        expected = facts["records_expected"]
        parts = [counted(self.records, "record")]
        if expected is not None:
            parts = [f"{in_groups(self.records)} of {counted(expected, 'record')}"]
        parts += [f"{in_groups(tally.records)} {tally.name}" for tally in self._inner]
        if facts["records_per_second"] is not None:
            parts.append(f"{facts['records_per_second']:g} per second")
        if facts["seconds_left"] is not None:
            parts.append(f"{duration(facts['seconds_left'])} left")
        parts.append(counted(self.all_requests, "request"))
        return f"{self.name}: {', '.join(parts)}"


def in_groups(number: int) -> str:
    """Return a number with its digits in groups of three."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, thing: str) -> str:
    """Return a number of things."""
    return f"{in_groups(number)} {thing}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a duration in a unit that suits it."""
    if seconds < SECONDS_IN_MINUTES:
        return f"{seconds:.0f} s"
    if seconds < SECONDS_IN_HOURS:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
