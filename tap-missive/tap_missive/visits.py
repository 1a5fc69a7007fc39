"""The conversations whose messages and comments are to be read, and the streams that read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tap_kit.stream import RefusedError

from tap_missive.client import MissiveStream
from tap_missive.moments import is_seconds
from tap_missive.paging import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_kit.columns import Row

    from tap_missive.ledger import Delivered
    from tap_missive.paging import Page
    from tap_missive.spool import ListedRow, Spool

OUT_OF_REACH = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)
"""How Missive answers for what is gone or may no longer be seen (fact sheet 9.1)."""

NESTED_PAGE = 10
"""Largest page of a list within a conversation."""


@dataclass
class Visit:
    """One conversation to be read.

    Attributes:
        id: Its id.
        activity: Its last activity, in Unix seconds, as it was listed.
        listed_at: The server's clock when it was listed.
        messages_count: Messages that it then had; None where the token's owner is a guest.
        before: What was delivered of it; None if it is to be read whole.
        is_again: Whether somebody wants it to be read once more.
        is_second_try: Whether something of it could not be read with as many messages.
        is_gone: Set if it could not be found.
        is_incomplete: Set if something of it could not be read, so that it is to be read again.
        has_older_news: Set if something old came into it, by an import or a merge.
    """

    id: str
    activity: float
    listed_at: float
    messages_count: int | None
    before: Delivered | None = None
    is_again: bool = False
    is_second_try: bool = False
    is_gone: bool = False
    is_incomplete: bool = False
    has_older_news: bool = False

    @property
    def key(self) -> str:
        """A name for what is read of it in this visit."""
        # What an earlier run was told is not what somebody wants to hear again.
        whole = "again" if self.is_again else None
        since = self.before.listed_at if self.before else whole
        return f"{self.id} from {since} to {self.activity}"


def messages_count(row: Row) -> int | None:
    """Return how many messages a conversation has, None where its row does not say."""
    count = row.get("messages_count")
    return int(count) if is_seconds(count) else None


def due_visit(
    listed: ListedRow,
    entry: Delivered | None,
    streams: set[str],
    delivered_before: float,
    *,
    is_again: bool = False,
) -> Visit | None:
    """Return the visit that a conversation needs, or None if nothing can be new in it.

    Args:
        listed: The conversation as it is listed now.
        entry: What was delivered of it.
        streams: The streams within conversations that are selected.
        delivered_before: Conversations without an entry whose activity is older were delivered.
        is_again: Whether it is to be read whole in any case.
    """
    if not streams:
        return None
    count = messages_count(listed.row)
    visit = Visit(listed.row["id"], listed.activity, listed.listed_at, count, is_again=is_again)
    if entry is None:
        return visit if is_again or visit.activity >= delivered_before else None
    visit.is_second_try = entry.was_incomplete and entry.messages_read == count
    was_guest = entry.messages_read is None and count is not None
    is_whole = entry.read_up_to is None or was_guest or not streams <= set(entry.streams.split())
    if is_whole or is_again:
        return visit
    visit.before = entry
    is_unchanged = entry.settled and entry.read_up_to == visit.activity
    return None if is_unchanged and entry.messages_read == count else visit


@dataclass(frozen=True)
class Visits:
    """Conversations to be read together, and the answers that an interrupted run got for them."""

    visits: list[Visit]
    answers: Spool


class ChildStream(MissiveStream):
    """A list within conversations, read for several of them at once."""

    emit_activate_version_messages = False
    state_partitioning_keys = ()

    def pages(self, visit: Visit, down_to: float | None) -> Iterator[Page]:
        """Walk the list of a conversation; a conversation that is gone has none."""
        path = self.path.format(id=quote(visit.id, safe=""))
        try:
            yield from walk(
                partial(self.page, limit=NESTED_PAGE, path=path),
                self.placed_at,
                NESTED_PAGE,
                down_to=down_to,
                ask_twice=bool(self.rows_expected(visit)),
            )
        except RefusedError as refusal:
            if refusal.status not in OUT_OF_REACH:
                raise
            visit.is_gone = True

    def rows_expected(self, visit: Visit) -> int | None:  # noqa: ARG002
        """How many rows the list has, where that is known."""
        return None

    def floor(self, visit: Visit) -> float | None:
        """The moment down to which a conversation is read; None: to the end."""
        if visit.before is None or visit.before.read_up_to is None or visit.has_older_news:
            return None
        return visit.before.read_up_to - float(self.config["lookback_seconds"])


def visits_in(context: Any) -> Visits:  # noqa: ANN401
    """Return what a child stream is to read."""
    visits: Visits = context["visits"]
    return visits
