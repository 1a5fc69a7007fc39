"""Which documents an office has and where they are: in folders, daily notes, trash, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office.dice import DAY, HISTORY
from planwerk_sandbox.office.documents import content, wording
from planwerk_sandbox.office.documents.model import Link
from planwerk_sandbox.office.documents.writer import german_day

if TYPE_CHECKING:
    from planwerk_sandbox.office.documents.folders import Shelf
    from planwerk_sandbox.office.documents.model import Document
    from planwerk_sandbox.office.documents.writer import Writer

LINKS = {
    "space": "sandbox-space",
    "documents": "sandbox-documents",
    "daily": "sandbox-daily",
    "key": "sandbox-space-key",
}
"""Ids of the links that exist from the start, by flavour; `key` is a space that needs one."""

KEY = "pdk_sandbox"
IMPORTED = 12
"""Documents that were last changed in one second, by an import."""

_IMPORT_SECOND = HISTORY - 40 * DAY + 41_127
_DAILY_SHARE, _UNSORTED_SHARE, _TRASH_SHARE = 0.12, 0.03, 0.03
_INBOX_TASKS = 12
_DAYS_OF_A_WORKING_WEEK = 5


def add_filed(writer: Writer, shelves: list[Shelf], count: int) -> None:
    """File documents in folders, one in each before any gets more."""
    before: dict[str, Document] = {}
    filled = [shelves[i % len(shelves)] for i in range(min(count, len(shelves)))]
    more = [shelf for shelf in shelves if shelf.project]
    filled += [writer.dice.one_of(more) for _ in range(count - len(filled))]
    for index, shelf in enumerate(filled):
        created, latest = writer.span()
        if index < IMPORTED:
            created, latest = min(created, _IMPORT_SECOND - DAY), _IMPORT_SECOND
        writer.begin(created, latest, shelf.project)
        title = writer.phrase(wording.TITLES[shelf.kind])
        if shelf.kind == wording.MINUTES:
            blocks = content.minutes(writer, before.get(shelf.folder))
        else:
            blocks = content.BY_KIND[shelf.kind](writer)
        before[shelf.folder] = writer.document(title, blocks, folder=shelf.folder)


def add_elsewhere(writer: Writer, shelves: list[Shelf], count: int) -> None:
    """Add templates, unsorted documents and trashed ones from everywhere."""
    for title in wording.TITLES["template"]:
        writer.begin(*writer.span())
        writer.document(title, content.template(writer), location="templates")
    for _ in range(max(round(count * _UNSORTED_SHARE), 3)):
        writer.begin(*writer.span(90), writer.dice.one_of(shelves).project)
        title = writer.phrase(wording.TITLES[wording.NOTES])
        writer.document(title, content.notes(writer), location="unsorted")
    for index in range(max(round(count * _TRASH_SHARE), 4)):
        writer.begin(*writer.span(200), writer.dice.one_of(shelves).project)
        title = writer.phrase(wording.TITLES[wording.NOTES])
        document = writer.document(title, content.notes(writer), trashed=True)
        if index % 2:
            document.folder = writer.dice.one_of(shelves).folder
        else:
            document.location = "unsorted"


def add_daily_notes(writer: Writer, count: int) -> None:
    """Add notes of working days up to today, some days without, one day with two notes."""
    left = max(round(count * _DAILY_SHARE), 8)
    today = day = HISTORY // DAY
    while left:
        weekday = (day - today + 1) % 7  # the office opens on a Tuesday
        if day == today or (weekday < _DAYS_OF_A_WORKING_WEEK and writer.dice.chance(0.85)):
            _daily_note(writer, day)
            left -= 1
            if left == 3:  # noqa: PLR2004  # two phones, one day
                _daily_note(writer, day)
                left -= 1
        day -= 1


def _daily_note(writer: Writer, day: int) -> None:
    # Written from the morning on; that of today before the office opens.
    start = day * DAY + 6 * 3_600
    writer.begin(start, start + writer.dice.number(60, 3_600))
    writer.document(
        german_day(day),
        content.daily(writer),
        location="daily_notes",
        daily_note_date=writer.day(day * DAY),
    )


def add_inbox(writer: Writer) -> None:
    """Add tasks that belong to no document."""
    writer.begin(HISTORY - 30 * DAY, HISTORY)
    for index in range(_INBOX_TASKS):
        state = ("todo", "todo", "done", "canceled")[index % 4]
        writer.space.add_inbox_task(writer.task(writer.phrase(wording.TASKS), state))


def add_links(writer: Writer, shelves: list[Shelf]) -> None:
    """Add the links that exist from the start; one shows about half of the documents."""
    space = writer.space
    half = [folder.id for folder in space.folders.values()][1::2]
    selected = {
        document.id.lower()
        for document in space.documents.values()
        if document.folder in (shelves[0].folder, *half)
        or (document.location == "unsorted" and writer.dice.chance(0.5))
    }
    for link in (
        Link(id=LINKS["space"], flavour="space"),
        Link(id=LINKS["documents"], flavour="documents", documents=selected),
        Link(id=LINKS["daily"], flavour="daily"),
        Link(id=LINKS["key"], flavour="space", key=KEY),
    ):
        space.links[link.id] = link
