"""The spool: what a long run has listed and read so far, on disk, so that it can be stopped."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tap_kit.unfit import Rejection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping

    from tap_kit.columns import Row

    from tap_missive.paging import Page

_REJECTED = "rejected "

ANSWERS_KEPT_SECONDS = 3600
"""How long answers are kept for a run that is stopped before its loader has written them."""

TABLES = """
create table if not exists listing (started_at real not null);
create table if not exists walk (
    mailbox text primary key,
    until integer,
    oldest real not null
);
create table if not exists listed (
    id text primary key,
    activity real not null,
    listed_at real not null,
    row text not null
);
create index if not exists listed_by_activity on listed (activity, id);
create table if not exists answer (
    key text primary key,
    value text not null,
    at real not null
);
"""


@dataclass(frozen=True)
class Walked:
    """How far the walk through a mailbox has come.

    Attributes:
        until: Where it goes on; None at the end of the list.
        oldest: The oldest moment that was listed.
    """

    until: int | None
    oldest: float

    def reaches(self, down_to: float | None) -> bool:
        """Whether the walk need not go on to reach a moment, None being the end of the list."""
        return self.until is None or (down_to is not None and self.oldest < down_to)


@dataclass(frozen=True)
class ListedRow:
    """A conversation in the spool: its row, and the server's clock when it was listed."""

    row: Row
    activity: float
    listed_at: float


class Spool:
    """The listing of conversations under way, newest first, and answers about them.

    Args:
        connection: The database on disk.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database, self._opened = connection, time.time()
        connection.executescript(TABLES)

    @property
    def started_at(self) -> float | None:
        """The server's clock when the listing was begun; None if there is none."""
        found = self._database.execute("select started_at from listing").fetchone()
        return None if found is None else float(found[0])

    def begin(self, clock: float) -> None:
        """Begin a listing."""
        with self._database:
            self._database.execute("insert into listing values (?)", [clock])

    def walked(self, mailbox: str) -> Walked | None:
        """Return how far a mailbox is listed; None if not at all."""
        query = "select until, oldest from walk where mailbox = ?"
        found = self._database.execute(query, [mailbox]).fetchone()
        return None if found is None else Walked(*found)

    def add(self, mailbox: str, page: Page, placed_at: Callable[[Row], float | None]) -> None:
        """Take in a page of a mailbox: all of it or, if the run is stopped, nothing.

        A row that does not say its moment gets that of the oldest beside it.
        """
        beside = page.oldest if math.isfinite(page.oldest) else page.clock

        def activity_of(row: Row) -> float:
            moment = placed_at(row)
            return beside if moment is None else moment

        with self._database:
            # A conversation that moved up meanwhile is listed twice; the newer row counts.
            self._database.executemany(
                "insert into listed values (?, ?, ?, ?) on conflict (id) do update set"
                " activity = excluded.activity, listed_at = excluded.listed_at, row = excluded.row"
                " where excluded.activity >= activity",
                [(row["id"], activity_of(row), page.clock, json.dumps(row)) for row in page.rows],
            )
            self._database.execute(
                "insert into walk values (?, ?, ?) on conflict (mailbox) do update set"
                " until = excluded.until, oldest = min(oldest, excluded.oldest)",
                [mailbox, page.following, page.oldest],
            )

    def reject(self, rejection: Rejection) -> None:
        """Keep what the listing has and cannot be loaded, to be recorded when it is worked off."""
        self.remember({f"{_REJECTED}{json.dumps(rejection)}": None})

    def rejected(self) -> Iterator[Rejection]:
        """Yield what was kept so."""
        query = "select key from answer where key like ?"
        for (key,) in self._database.execute(query, [f"{_REJECTED}%"]).fetchall():
            yield Rejection(*json.loads(key.removeprefix(_REJECTED)))

    def __len__(self) -> int:
        """Return how many conversations are listed."""
        return int(self._database.execute("select count(*) from listed").fetchone()[0])

    def groups(self, size: int, since: float = -math.inf) -> Iterator[list[ListedRow]]:
        """Yield the listed rows since a moment in groups, the oldest activity first."""
        last: tuple[float, str] = (since, "")
        query = (
            "select activity, id, listed_at, row from listed where (activity, id) > (?, ?)"
            " order by activity, id limit ?"
        )
        while found := self._database.execute(query, [*last, size]).fetchall():
            last = found[-1][:2]
            yield [
                ListedRow(json.loads(row), activity, listed_at)
                for activity, _, listed_at, row in found
            ]

    def remember(self, answers: Mapping[str, Any]) -> None:
        """Keep answers for a run that goes on where this one is stopped."""
        now = time.time()
        with self._database:
            self._database.executemany(
                "insert or replace into answer values (?, ?, ?)",
                [(key, json.dumps(value), now) for key, value in answers.items()],
            )

    def recall(self, key: str) -> Any:  # noqa: ANN401
        """Return an answer that was kept, or None."""
        found = self._database.execute("select value from answer where key = ?", [key]).fetchone()
        return None if found is None else json.loads(found[0])

    def forget_old_answers(self) -> None:
        """Drop this run's answers that a loader has long written: the spool stays small."""
        oldest = time.time() - ANSWERS_KEPT_SECONDS
        with self._database:
            self._database.execute(
                "delete from answer where at between ? and ?", [self._opened, oldest]
            )

    def clear(self) -> None:
        """Drop everything: the listing is worked off."""
        with self._database:
            for table in ("listing", "walk", "listed", "answer"):
                self._database.execute(f"delete from {table}")  # noqa: S608
        self._database.execute("vacuum")
