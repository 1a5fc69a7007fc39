"""The seeded chance that all generated rows come from."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from faker import Faker

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

EPOCH = datetime(2023, 9, 1)  # noqa: DTZ001  # counted in whole seconds, always UTC
"""Second 0 of the office's history."""

DAY = 86_400
HISTORY = 921 * DAY
"""Seconds from `EPOCH` to the midnight before the office opens, about two and a half years."""

_WORK_STARTS, _WORK_ENDS = 5 * 3600, 17 * 3600


def written(second: int) -> str:
    """Write a second of the office's history as the API does."""
    return (EPOCH + timedelta(seconds=second)).isoformat() + "Z"


def second_of(moment: str) -> int:
    """Return the second of the office's history that a written time stands for."""
    return int((datetime.fromisoformat(moment[:-1]) - EPOCH).total_seconds())


def day(second: int) -> str:
    """Write the calendar day of a second as the API writes days: midnight UTC."""
    return written(second - second % DAY)


class Dice:
    """One random generator and one name generator, both from the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # reproducible, not secret
        self.fake = Faker("de_DE")
        self.fake.seed_instance(seed)

    def one_of(self, options: Sequence[T]) -> T:
        """Draw one of the options."""
        return options[int(self.random.random() * len(options))]

    def some_of(self, options: Sequence[T], count: int) -> list[T]:
        """Draw up to `count` different options, in the order of drawing."""
        return self.random.sample(options, min(count, len(options)))

    def chance(self, share: float) -> bool:
        """Return true in this share of all draws."""
        return self.random.random() < share

    def number(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def working_second(self, low: int, high: int) -> int:
        """Draw a second between two seconds, in working hours where the span allows it."""
        second = self.number(low, high)
        at_work = second - second % DAY + self.number(_WORK_STARTS, _WORK_ENDS)
        return at_work if low <= at_work <= high else second


class Ids:
    """Ids that rise with gaps, as on a site where others work too."""

    def __init__(self, first: int, dice: Dice) -> None:
        self._next = first
        self._dice = dice

    def take(self) -> int:
        """Return the next id."""
        taken = self._next
        self._next += self._dice.number(1, 4)
        return taken
