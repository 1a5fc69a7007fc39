"""Walks through Missive's two kinds of lists (fact sheet 3)."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from singer_sdk.exceptions import FatalAPIError

from tap_missive.moments import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from tap_kit.columns import Row

LARGEST_SLICE = 200
"""Rows per request of the lists that are paged by offset."""

logger = logging.getLogger(__name__)


class Listed(NamedTuple):
    """One answer of a list: its rows and the server's clock in Unix seconds."""

    rows: list[Row]
    clock: float


@dataclass(frozen=True)
class Page:
    """One step of a walk.

    Attributes:
        rows: The rows that the page before did not have.
        clock: The server's clock in Unix seconds.
        oldest: The moment of the oldest row; infinite on an empty page.
        following: The `until` of the next page; None where the list ends.
    """

    rows: list[Row]
    clock: float
    oldest: float
    following: int | None


def walk(  # noqa: PLR0913
    fetch: Callable[[int | None], Listed],
    moment_of: Callable[[Row], float | None],
    limit: int,
    *,
    until: int | None = None,
    down_to: float | None = None,
    ask_twice: bool = False,
) -> Iterator[Page]:
    """Walk a list from its newest row down.

    The next page begins one second above the oldest row: so nothing is lost whether `until` is
    meant inclusively or exclusively and whether or not the server completes the second that a page
    ends in. Where a page brings the walk no further, because one second fills it, the walk steps
    below that second.

    Args:
        fetch: Returns the rows up to a moment, newest first; None asks for the newest.
        moment_of: Returns the Unix seconds that a row is ordered by; None where they are odd.
        limit: Rows asked for; a page may have more, one with fewer is the last.
        until: Where to begin.
        down_to: Stop after the page that reaches below this moment.
        ask_twice: Whether a list without rows is asked for again, as an empty later page always is.

    Raises:
        FatalAPIError: If rows are not in the order of their moments, or a page has none.
    """
    previous: set[str] = set()
    while True:
        listed = fetch(until)
        if not listed.rows and (ask_twice or until is not None):
            # Mostly an answer that went wrong: ask again before taking it for the end.
            listed = fetch(until)
        rows = listed.rows
        moments = [moment for moment in map(moment_of, rows) if moment is not None]
        if len(rows) >= limit and not moments:
            raise FatalAPIError(
                f"Missive sent a page of {len(rows)} rows, none of which has a usable moment, so "
                "that older ones cannot be reached. The run stops; the next one tries again."
            )
        if until is not None and any(moment > until + 1 for moment in moments):
            raise FatalAPIError(
                f"Missive lists rows that are newer than the {readable(until)} it was asked for, "
                "so that older ones cannot be reached. The run stops; the next one tries again."
            )
        oldest = min(moments, default=math.inf)
        following = None if len(rows) < limit else _following(oldest, until)
        if len(rows) == limit and oldest == max(moments):
            logger.warning(
                "A whole page of %d rows has one moment, %s. If Missive cuts its pages within a "
                "second, further rows of that second cannot be listed.",
                limit,
                readable(oldest),
            )
        # A row without an id only counts.
        new = [row for row in rows if row["id"] is not None and row["id"] not in previous]
        yield Page(new, listed.clock, oldest, following)
        if following is None or (down_to is not None and oldest < down_to):
            return
        previous = {row["id"] for row in rows}
        until = following


def _following(oldest: float, until: int | None) -> int:
    above = math.ceil(oldest) + 1
    return above if until is None else min(above, until - 1)


def read_slices(
    fetch: Callable[[int], list[Row]], *, overlap: int = 1
) -> Generator[Row, None, bool]:
    """Read a list that is paged by offset, each row once.

    Each slice begins with the last row of the one before: another row there tells that rows went
    meanwhile, so that later ones may have moved into a slice that was already read.

    Args:
        fetch: Returns the rows from an offset on.
        overlap: Rows that two slices share; 0 where the order keeps rows from moving up.

    Returns:
        Whether rows went while the list was read.
    """
    offset, moved = 0, False
    previous: list[str] = []
    while True:
        rows = fetch(offset)
        if not rows and previous:
            # Mostly an answer that went wrong: ask again before taking it for the end.
            rows = fetch(offset)
        ids = [row["id"] for row in rows]
        if previous and ids[:overlap] != previous[len(previous) - overlap :]:
            moved = True
        yield from (row for row in rows if row["id"] is not None and row["id"] not in previous)
        if len(rows) < LARGEST_SLICE:
            return moved
        previous = ids
        offset += len(rows) - overlap
