"""How a list is read completely while people keep working on it.

Teamwork pages by number, so a row that leaves a list while it is read moves all later rows one
place up, and the next page misses one. Two ways of reading avoid that:

- `read_backwards` finds the last page and reads towards the first one: rows only move towards
  pages that are still to come.
- `TimeReader`, for lists ordered by update time, hardly ever turns a page: it asks again for page
  1 of what changed since the last row it has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from singer_sdk.exceptions import FatalAPIError
from tap_kit.columns import Row, shifted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    Fetch: TypeAlias = "Callable[[str | None, int], Page]"
    """Returns the page of a number among the rows changed after a moment (None: all rows)."""

LARGEST_PAGE = 500
"""Rows per page that v3 allows; more is refused (fact sheet 3.1)."""


class OffsetCeilingError(FatalAPIError):
    """A result set has more rows than Teamwork lets one page through (about 50 000)."""


@dataclass(frozen=True)
class Page:
    """One page of a list; `count` is the number of all rows, or less, never to be relied on."""

    rows: Sequence[Row]
    has_more: bool
    count: int


def unless_empty_twice(ask: Callable[[], Page]) -> Page:
    """Return a page, an empty one only if it comes again.

    A row that is not listed counts as deleted, and a page without rows ends a list; so an answer
    that is empty by mistake must not be the last word.
    """
    page = ask()
    return page if page.rows else ask()


def read_backwards(fetch: Callable[[int], Page], page_size: int) -> Iterator[Row]:
    """Yield each row of a list once, whatever is added to its end or taken out meanwhile.

    Costs one request for a list of one page, else one more than it has pages.

    Args:
        fetch: Returns the page of a number (from 1) in an order to whose end new rows go.
        page_size: Rows per page.
    """
    seen: set[int] = set()

    def unseen(page: Page) -> Iterator[Row]:
        for row in page.rows:
            if row["id"] not in seen:
                seen.add(row["id"])
                yield row

    page = fetch(1)
    yield from unseen(page)
    if not page.has_more:
        return
    number = max(2, -(-page.count // page_size))
    page = fetch(number)
    yield from unseen(page)
    while page.has_more:
        number += 1
        page = _other_page(page, fetch(number))
        yield from unseen(page)
    for earlier in range(number - 1, 0, -1):
        yield from unseen(fetch(earlier))


class TimeReader:
    """Reads a list that is ordered by update time, from a moment on.

    Args:
        fetch: Returns the page of a number among the rows changed after a moment (None: all).
            Whether the moment itself is included is not documented; both work.
        changed_at: Returns a row's update time as the list is ordered by it (ISO 8601, UTC, `Z`).
        parts: Returns the same list in parts, each with a `fetch` of its own, for a second with
            more rows than Teamwork lets one page through.
    """

    def __init__(
        self,
        fetch: Fetch,
        changed_at: Callable[[Row], str],
        parts: Callable[[], Iterable[Fetch]],
    ) -> None:
        self._fetch = fetch
        self._changed_at = changed_at
        self._parts = parts
        self._recent: dict[int, str] = {}

    def read(self, since: str | None) -> Iterator[Row]:
        """Yield every row changed since a moment, in the order of the changes.

        Raises:
            FatalAPIError: If the answers are not in that order, so that rows could be missed.
        """
        after, reached, number = since, "", 1
        while True:
            page = self._fetch(after, number)
            yield from self._unseen(page.rows)
            if not page.has_more:
                return
            if not page.rows:
                number += 1
                continue
            last = self._last_change(page.rows, after or "")
            if not last:
                number += 1
                continue
            if last < (after or ""):
                raise FatalAPIError(
                    f"Teamwork was asked for rows changed after {after} and answered with one "
                    f"changed at {last}. The run stops, because rows could be missed."
                )
            if last > reached:
                after, reached, number = shifted(last, -1), last, 1
                self._forget_before(after)
            elif after != reached:
                yield from self._read_full_second(after, reached, page)
                after, number = reached, 1
            else:
                after, number = shifted(reached, 1), 1

    def _last_change(self, rows: Sequence[Row], after: str) -> str:
        """Return when the last row changed, leaving out those whose time cannot be right."""
        times = [time for time in map(self._changed_at, rows) if time]
        return next((time for time in reversed(times) if time >= after), "".join(times[-1:]))

    def _read_full_second(self, after: str | None, second: str, first: Page) -> Iterator[Row]:
        """Yield the rows of one second that fills more than a page, as bulk edits do."""
        try:
            yield from self._read_second(self._fetch, after, second, first)
        except OffsetCeilingError:
            for fetch in self._parts():
                yield from self._read_second(fetch, after, second, fetch(after, 1))

    def _read_second(
        self, fetch: Fetch, after: str | None, second: str, page: Page
    ) -> Iterator[Row]:
        number = 1
        yield from self._unseen(page.rows, until=second)
        while page.has_more and (not page.rows or self._changed_at(page.rows[-1]) <= second):
            number += 1
            page = _other_page(page, fetch(after, number))
            yield from self._unseen(page.rows, until=second)
        for earlier in range(number - 1, 0, -1):
            yield from self._unseen(fetch(after, earlier).rows, until=second)

    def _unseen(self, rows: Sequence[Row], until: str | None = None) -> Iterator[Row]:
        for row in rows:
            changed_at = self._changed_at(row)
            too_late = until is not None and changed_at > until
            if not too_late and self._recent.get(row["id"]) != changed_at:
                self._recent[row["id"]] = changed_at
                yield row

    def _forget_before(self, moment: str) -> None:
        self._recent = {id_: at for id_, at in self._recent.items() if at >= moment}


def _other_page(previous: Page, page: Page) -> Page:
    """Return the page, unless the server repeats itself and would do so for ever."""
    if page.rows and [row["id"] for row in page.rows] == [row["id"] for row in previous.rows]:
        raise FatalAPIError(
            "Teamwork sends the same page again where it was asked for the next one. "
            "The run stops, because rows could be missed."
        )
    return page
