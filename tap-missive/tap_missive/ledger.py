"""The ledger: which conversations were delivered, as far as the Singer state confirms it.

A record counts as delivered when the state that was sent after it comes back with the next run.
So each entry carries a number, the state carries the highest number sent and the run that sent it,
and what is above it is taken back at the start: a run whose output was thrown away leaves no trace.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

DEAD_AFTER_SECONDS = 90 * 86_400
"""A lineage that was not seen for so long is forgotten."""

TABLES = """
create table if not exists delivered (
    lineage text not null,
    id text not null,
    number integer not null,
    activity real not null,
    listed_at real not null,
    read_up_to real,
    messages_read integer,
    was_incomplete integer not null,
    streams text not null,
    primary key (lineage, id, number)
) without rowid;
create table if not exists gone (
    lineage text not null,
    id text not null,
    number integer not null,
    merged_into_id text,
    primary key (lineage, id)
) without rowid;
create table if not exists sent (
    lineage text not null,
    number integer not null,
    run text not null,
    at real not null,
    primary key (lineage, number, run)
) without rowid;
"""


@dataclass(frozen=True)
class Delivered:
    """What was delivered of a conversation.

    Attributes:
        id: Its id.
        activity: Its last activity as it was listed, in Unix seconds.
        listed_at: The server's clock when it was listed.
        read_up_to: Its activity when it was last read; None if it is to be read whole.
        messages_read: Messages that it had then; None where the token's owner was a guest.
        was_incomplete: Whether something of it could not be read.
        streams: The child streams that were read, separated by spaces.
    """

    id: str
    activity: float
    listed_at: float
    read_up_to: float | None
    messages_read: int | None
    was_incomplete: bool
    streams: str

    @property
    def settled(self) -> bool:
        """Whether nothing more could happen in the second of its activity."""
        return self.listed_at > self.activity + 1


class Ledger:
    """The delivered conversations of one lineage of states.

    Attributes:
        number: The number that was entered last.
        is_continued: Whether this is the file that the state was written with.

    Args:
        connection: The database on disk.
        state: The stream's state. It names the lineage (two loaders that are fed by turns have
            two), the highest number that came back, and the run that sent it.
    """

    def __init__(self, connection: sqlite3.Connection, state: dict[str, Any]) -> None:
        connection.executescript(TABLES)
        self._database, self._run = connection, uuid.uuid4().hex
        confirmed: dict[str, Any] = {"lineage": uuid.uuid4().hex, "confirmed": 0, "run": ""}
        self.is_continued = self._has_sent(state)
        if self.is_continued:
            confirmed = {name: state[name] for name in confirmed}
        self._lineage: str = confirmed["lineage"]
        self.number: int = confirmed["confirmed"]
        self._confirmed = self.number
        with connection:
            for take_back in _TAKE_BACK:
                connection.execute(take_back, confirmed)
            oldest = time.time() - DEAD_AFTER_SECONDS
            for forget in _FORGET:
                connection.execute(forget, {"lineage": self._lineage, "oldest": oldest})
            for learn in () if self.is_continued else _LEARN:
                connection.execute(learn, confirmed)

    def _has_sent(self, state: dict[str, Any]) -> bool:
        """Tell whether the state is this file's: one that was copied may have gone its own way."""
        query = "select 1 from sent where lineage = ? and number = ? and run = ?"
        key = [state.get(name) for name in ("lineage", "confirmed", "run")]
        return self._database.execute(query, key).fetchone() is not None

    def confirmation(self) -> dict[str, Any]:
        """Return what the state has to say once everything entered so far was sent."""
        with self._database:
            self._database.execute(
                "insert or replace into sent values (?, ?, ?, ?)",
                [self._lineage, self.number, self._run, time.time()],
            )
        return {"lineage": self._lineage, "confirmed": self.number, "run": self._run}

    def entries(self, ids: Iterable[str]) -> dict[str, Delivered]:
        """Return what was delivered of some conversations, by id."""
        found = self._database.execute(_ENTRIES, [self._lineage, json.dumps(list(ids))])
        return {row[0]: Delivered(*row) for row in found}

    def enter(self, entries: Sequence[Delivered]) -> None:
        """Enter conversations that were just sent, under the next number."""
        self.number += 1
        rows = [
            (
                *(self._lineage, entry.id, self.number, entry.activity, entry.listed_at),
                *(entry.read_up_to, entry.messages_read, entry.was_incomplete, entry.streams),
            )
            for entry in entries
        ]
        with self._database:
            # The confirmed entry stays beside the new one, to be there if that is taken back.
            self._database.executemany(
                "delete from delivered where lineage = ? and id = ? and number > ?",
                [(self._lineage, entry.id, self._confirmed) for entry in entries],
            )
            self._database.executemany(
                "insert into delivered values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
            # What is listed again has come back.
            self._database.executemany(
                "delete from gone where lineage = ? and id = ?",
                [(self._lineage, entry.id) for entry in entries],
            )

    def enter_gone(self, key: str, merged_into_id: str | None) -> None:
        """Enter a conversation that is gone; what it was merged into is to be read whole."""
        self.number += 1
        with self._database:
            self._database.execute(
                "insert or replace into gone values (?, ?, ?, ?)",
                [self._lineage, key, self.number, merged_into_id],
            )

    def count(self, since: float) -> int:
        """Return how many living conversations were active since a moment."""
        query = f"select count(*) from ({_LIVING})"  # noqa: S608
        return int(self._database.execute(query, self._living(since)).fetchone()[0])

    def unlisted(self, since: float) -> list[str]:
        """Return the living conversations active since a moment that the spool does not list."""
        query = f"select id from ({_LIVING}) where id not in (select id from listed) order by id"  # noqa: S608
        return [row[0] for row in self._database.execute(query, self._living(since))]

    def _living(self, since: float) -> dict[str, object]:
        return {"lineage": self._lineage, "since": since}

    def gone(self) -> Iterator[tuple[str, str | None]]:
        """Yield the conversations that are gone, with what they were merged into."""
        query = (
            "select id, merged_into_id from gone"
            " where lineage = ? and id not in (select id from listed) order by id"
        )
        yield from self._database.execute(query, [self._lineage]).fetchall()


_TAKE_BACK = (
    """
    delete from delivered as d where lineage = :lineage and number > :confirmed and exists (
        select 1 from delivered as c
        where c.lineage = d.lineage and c.id = d.id and c.number <= :confirmed
    )
    """,
    # Never confirmed, but the loader may have it: it is read again, and missed when it vanishes.
    """
    update delivered set read_up_to = null, number = :confirmed
    where lineage = :lineage and number > :confirmed
    """,
    """
    delete from delivered as d where lineage = :lineage and exists (
        select 1 from delivered as n
        where n.lineage = d.lineage and n.id = d.id and n.number > d.number
    )
    """,
    "delete from gone where lineage = :lineage and number > :confirmed",
    "delete from sent where lineage = :lineage and number <> :confirmed",
)

# The state that is at hand may be old: nobody ran the tap, or the machine's clock was wrong.
_DEAD = "lineage in (select lineage from sent group by lineage having max(at) < :oldest)"
_FORGET = tuple(
    f"delete from {table} where lineage <> :lineage and {_DEAD}"  # noqa: S608
    for table in ("delivered", "gone", "sent")
)

# A new lineage knows from the others which conversations there were: the database may have some of
# them, from a backup, and would never hear that they are gone. They are known to exist, not to have
# been delivered; what the newest lineage that knew a conversation says of it counts.
_KNOWN = """
    with known as (
        select id, lineage, max(at) from (
            select id, lineage from delivered union select id, lineage from gone
        ) join (select lineage, max(at) as at from sent group by lineage) using (lineage)
        where lineage <> :lineage
        group by id
    )
"""
_LEARN = (
    f"""
    insert into delivered {_KNOWN}
    select :lineage, d.id, -1, d.activity, d.listed_at, null, null, 0, ''
    from known join delivered as d using (id, lineage)
    group by d.id having max(d.number) is not null
    """,  # noqa: S608
    f"""
    insert into gone {_KNOWN}
    select :lineage, g.id, -1, g.merged_into_id from known join gone as g using (id, lineage)
    """,  # noqa: S608
)

# What was gone is read whole when it comes back, what another was merged into when it is next met.
_ENTRIES = """
    select
        id, activity, listed_at,
        case when not exists (
            select 1 from gone as g
            where g.lineage = d.lineage
            and (g.id = d.id or (g.merged_into_id = d.id and g.number > d.number))
        ) then read_up_to end,
        messages_read, was_incomplete, streams
    from delivered as d
    where lineage = ? and number >= 0 and id in (select value from json_each(?))
    order by number
"""

_LIVING = """
    select id from (
        select id, activity, max(number) from delivered where lineage = :lineage group by id
    ) as d
    where activity >= :since
    and not exists (select 1 from gone as g where g.lineage = :lineage and g.id = d.id)
"""
