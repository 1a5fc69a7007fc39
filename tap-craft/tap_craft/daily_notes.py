"""The documents of a link to daily notes, which has no list of them (fact sheet 2).

Each day is asked for. The answer is the whole note with the moments of its blocks; the root's own
does not move when something within the note changes, and none moves when something is taken out.
So what tells a changed note is a digest of it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from tap_kit.columns import utc

from tap_craft.client import NotFoundError, UnreadableError
from tap_craft.listing import Document, Listing, key
from tap_craft.media import with_placeholders
from tap_craft.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tap_kit.columns import Row

DAYS_BACK = 365
"""How far back the first run asks, where nothing tells of older notes."""
DAYS_AHEAD = 30

_TASK_SIGN = re.compile(r"^\s*- \[[ xX-]\] ")


class ReadDay(Protocol):
    """Reads the note of a day."""

    def __call__(self, day: dt.date, /) -> Row:
        """Return the note with all its blocks."""


def span(today: dt.date, start_date: dt.date | None, first_day: dt.date | None) -> list[dt.date]:
    """Return the days that are asked for one after the other, whether they have a note or not.

    Args:
        today: The day in the space.
        start_date: The day to begin with, if it is set.
        first_day: The first day that the last run asked for: notes left out would look deleted.
    """
    begin = start_date or today - dt.timedelta(days=DAYS_BACK)
    begin = min(begin, first_day or begin, today)
    end = today + dt.timedelta(days=DAYS_AHEAD)
    return [begin + dt.timedelta(days=number) for number in range((end - begin).days + 1)]


def daily_listing(dates: Iterable[dt.date], read: ReadDay) -> Listing:
    """List the notes of some days; incomplete if one of them does not answer."""
    listing = Listing()
    for day in sorted(dates):
        listing.days_asked.add(day)
        try:
            note = read(day)
        except NotFoundError:
            continue
        except UnreadableError:
            listing.days_with_note.add(day)
            listing.is_complete = False
            continue
        document, tasks = _taken_in(day, note)
        listing.days_with_note.add(day)
        listing.documents[key(document.id)] = document
        listing.tasks += tasks
    return listing


def _taken_in(day: dt.date, note: Row) -> tuple[Document, list[Row]]:
    metadata = _metadata(note)
    changed_at = max(filter(None, map(_changed_at, blocks(note))), default=None)
    row = {
        "id": note["id"],
        "title": str(note.get("markdown") or "").replace("<page>", "").replace("</page>", ""),
        "isDeleted": False,
        "dailyNoteDate": day.isoformat(),
        "createdAt": metadata.get("createdAt"),
        "lastModifiedAt": utc(changed_at) if changed_at else None,
        "clickableLink": metadata.get("clickableLink"),
    }
    content = with_placeholders(json.dumps(note, sort_keys=True))
    version = sha256(content.encode()).hexdigest()[:16]
    return Document(row, version), [_task(day, block) for block in blocks(note) if _is_task(block)]


def blocks(block: Row) -> Iterator[Row]:
    """Yield a block and all blocks within it."""
    yield block
    for name in ("content", "items"):
        within = block.get(name)
        for inner in within if isinstance(within, list) else []:
            if isinstance(inner, dict):
                yield from blocks(inner)


def _changed_at(block: Row) -> dt.datetime | None:
    return moment(_metadata(block).get("lastModifiedAt"))


def _metadata(block: Row) -> Row:
    metadata = block.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _is_task(block: Row) -> bool:
    return isinstance(block.get("taskInfo"), dict) and bool(block.get("id"))


def _task(day: dt.date, block: Row) -> Row:
    """Return a block as the list of tasks would show it (fact sheet 3.7)."""
    return {
        "id": block["id"],
        "markdown": _TASK_SIGN.sub("", str(block.get("markdown") or "")),
        "taskInfo": block["taskInfo"],
        "location": {"type": "dailyNote", "date": day.isoformat()},
    }


def mentioned_days(rows: Iterable[Row]) -> Iterator[dt.date]:
    """Yield the days that rows of tasks or collections are on."""
    for row in rows:
        location = row.get("location")
        within = location.get("date") if isinstance(location, dict) else None
        for place in (row.get("dailyNoteDate"), within):
            if at := moment(str(place)[:10]):
                yield at.date()
