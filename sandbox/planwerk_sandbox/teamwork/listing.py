"""Answer a list request at the cost of one page: filtered and sorted rows are kept.

The idea: a tap walks one filter page by page, so the sorted rows of a filter are built once and
used until a row changes. Where rows are ordered by their update time, `updatedAfter` is not part
of the filter but a binary search in it: continuing from a later second costs no new sorting.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from planwerk_sandbox.teamwork import filters, orderings
from planwerk_sandbox.teamwork.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import model
    from planwerk_sandbox.teamwork.resources import Resource

MAXIMUM_PAGE_SIZE = 500
_KEPT_LISTINGS = 24
_NO_FILTER = ("page", "pageSize", "skipCounts", "include", "updatedAfter")


class Page(NamedTuple):
    """One page of rows and where it stands in the whole."""

    rows: list[Any]
    number: int
    size: int
    total: int

    @property
    def has_more(self) -> bool:
        """Whether another page exists."""
        return self.number * self.size < self.total


class _Listing(NamedTuple):
    rows: list[Any]
    times: list[str] | None


class Listings:
    """Sorted listings of recent filters, dropped as soon as the office or a setting changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], _Listing] = OrderedDict()
        self._version: tuple[int, str] | None = None

    def page(
        self,
        at: filters.Context,
        resource: Resource,
        sees: Callable[[model.Row], bool],
        scope: tuple[Any, ...],
    ) -> Page:
        """Return the page a request asks for.

        Args:
            at: The office, the settings and the query of the request.
            resource: What is listed.
            sees: Whether the caller may see a row, and whether it belongs to the path.
            scope: What `sees` depends on, as part of the key of a kept listing.

        Raises:
            ApiError: 400 for a value that is refused or an offset beyond the ceiling.
        """
        query = at.query
        number, size = query.number("page", 1), query.number("pageSize", resource.page_size)
        if size > MAXIMUM_PAGE_SIZE:
            raise bad_request(f"pageSize must not exceed {MAXIMUM_PAGE_SIZE}; it is {size}")
        if number * size >= at.settings.offset_ceiling:
            raise bad_request(
                "You have exceeded our maximum offset request limit. "
                "Please narrow the result set with a filter."
            )
        order, descending = _order(at, resource)
        bound = query.moment("updatedAfter") if resource.updated_after else None
        if resource.kind == "projects" and filters.projects.asks_for_projects_only(at):
            bound = None
        by_time = (
            order is not None
            and order == orderings.UPDATE_ORDER.get(resource.kind)
            and not descending
        )
        listing = self._listing(at, resource, sees, scope, None if by_time else bound)
        start = 0
        if by_time and bound is not None and listing.times is not None:
            search = bisect_left if at.settings.updated_after_inclusive else bisect_right
            start = search(listing.times, bound)
        first = start + (number - 1) * size
        return Page(listing.rows[first : first + size], number, size, len(listing.rows) - start)

    def _listing(
        self,
        at: filters.Context,
        resource: Resource,
        sees: Callable[[model.Row], bool],
        scope: tuple[Any, ...],
        bound: str | None,
    ) -> _Listing:
        version = (at.office.version, repr(at.settings))
        if version != self._version:
            self._kept.clear()
            self._version = version
        shows = resource.shows(at)
        sent = sorted(
            item
            for item in at.query.sent.items()
            if item[0] not in _NO_FILTER and not item[0].startswith("fields[")
        )
        key = (resource.kind, scope, bound, at.office.clock.now()[:10], *sent)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        kind = resource.kind
        order, descending = _order(at, resource)
        rows = [
            row
            for row in at.office.rows(kind).values()
            if (bound is None or at.after(orderings.update_time(kind, row), bound))
            and shows(row)
            and sees(row)
        ]
        orderings.sort_rows(at.office, kind, rows, order, descending=descending)
        times = None
        if order is not None and order == orderings.UPDATE_ORDER.get(kind) and not descending:
            times = [orderings.update_time(kind, row) or "" for row in rows]
        self._kept[key] = _Listing(rows, times)
        if len(self._kept) > _KEPT_LISTINGS:
            self._kept.popitem(last=False)
        return self._kept[key]


def _order(at: filters.Context, resource: Resource) -> tuple[str | None, bool]:
    default = orderings.DEFAULT_ORDER.get(resource.kind)
    if default is None:
        return None, False
    order_name, mode_name = resource.order_names
    order = at.query.word(order_name, orderings.ORDERINGS[resource.kind], default)
    return order, at.query.word(mode_name, ("asc", "desc"), "asc") == "desc"
