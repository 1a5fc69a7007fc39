"""Which messages of a conversation's list are news.

A list is ordered by `delivered_at`, which an import or a merge may set years back; `created_at` is
when Missive got the message (fact sheet 6.2). So what came since the last visit is told by
`created_at`, and whether all of it was seen by the number of messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_missive.moments import is_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_kit.columns import Row

    from tap_missive.visits import Visit


def has_all(rows: list[Row], visit: Visit) -> bool:
    """Tell whether the rows are the whole conversation as it was listed, and nothing newer."""
    count = visit.messages_count
    is_settled = visit.listed_at > visit.activity + 1
    if count is None or not is_settled or len(rows) < count:
        return False
    return all(moment <= visit.listed_at for moment in _moments(rows, "created_at"))


def has_all_new(rows: list[Row], visit: Visit) -> bool:
    """Tell whether the rows have just as many new messages as the conversation got.

    Fewer are not all of them; more say that others went, so that the number tells nothing.
    """
    if visit.before is None:
        return False
    since, until = visit.before.listed_at, visit.listed_at
    new = sum(1 for moment in _moments(rows, "created_at") if since < moment <= until)
    return new == (visit.messages_count or 0) - (visit.before.messages_read or 0)


def new_or_changed(rows: list[Row], visit: Visit, floor: float | None) -> list[str]:
    """Return the ids of the new and changed rows; of all rows where that cannot be told."""
    if floor is None or not has_all_new(rows, visit):
        return [row["id"] for row in rows]
    dates = ("created_at", "updated_at", "delivered_at")
    return [row["id"] for row in rows if any(at >= floor for at in _moments([row], *dates))]


def _moments(rows: list[Row], *names: str) -> Iterator[float]:
    return (row[name] for row in rows for name in names if is_seconds(row.get(name)))
