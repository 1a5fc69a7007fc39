"""The two ways to page: from a moment backwards, and by offset (`api/missive.md`, section 3)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from planwerk_sandbox.missive.parameters import Parameters
    from planwerk_sandbox.missive.settings import MissiveSettings

_KEPT_LISTINGS = 24


class Listing(NamedTuple):
    """Rows from the newest to the oldest; `times` are their moments with the sign turned."""

    rows: list[Any]
    times: list[float]

    @classmethod
    def of(cls, rows: Iterable[Any], moment: Callable[[Any], float]) -> Listing:
        """Sort rows by their moment, newest first, and by id within a second."""
        keyed = sorted(((-moment(row), row.id, row) for row in rows), key=lambda key: key[:2])
        return cls([row for _, _, row in keyed], [time for time, _, _ in keyed])


class Listings:
    """Sorted listings of recent mailboxes, dropped as soon as the mail or a setting changes.

    The idea: a tap walks one mailbox page by page, so the sorted rows of a mailbox are built once
    and each page costs a binary search.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Listing] = OrderedDict()
        self._version: Hashable = None

    def get(self, version: Hashable, key: Hashable, build: Callable[[], Listing]) -> Listing:
        """Return the listing of a key, built anew when the version changed."""
        if version != self._version:
            self._kept.clear()
            self._version = version
        if key not in self._kept:
            self._kept[key] = build()
            if len(self._kept) > _KEPT_LISTINGS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def page_until(
    listing: Listing, query: Parameters, settings: MissiveSettings, default: int, largest: int
) -> list[Any]:
    """Return the page that `limit` and `until` ask for.

    Rows of the page's last second are all on it, so that it may hold more than `limit`.

    Raises:
        ApiError: 400 for a limit out of range or an `until` that is no number.
    """
    limit = query.limit(default, largest)
    until = query.moment("until")
    start = 0
    if until is not None:
        search = bisect_left if settings.until_inclusive else bisect_right
        start = search(listing.times, -until)
    end = min(start + limit, len(listing.rows))
    if settings.complete_ties and end > start:
        end = bisect_right(listing.times, listing.times[end - 1])
    return listing.rows[start:end]


def page_by_offset(rows: list[Any], query: Parameters) -> list[Any]:
    """Return the page that `limit` and `offset` ask for; beyond the end it is empty.

    Raises:
        ApiError: 400 for a limit out of range or an offset that is no number.
    """
    limit, offset = query.limit(50, 200), query.count("offset", 0)
    return rows[offset : offset + limit]
