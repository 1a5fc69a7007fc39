"""Folders, rows of documents and the connection (`api/craft.md` 3.1 to 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.craft import days
from planwerk_sandbox.office.dice import EPOCH
from planwerk_sandbox.office.documents.space import TIMEZONE
from planwerk_sandbox.office.documents.writer import german_day

if TYPE_CHECKING:
    from planwerk_sandbox.craft.reading import Reading, Shape
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.documents.model import Document, Folder
    from planwerk_sandbox.office.documents.space import Space

BUILT_IN = {
    "unsorted": "Unsorted",
    "trash": "Recently Deleted",
    "templates": "Templates",
    "daily_notes": "Daily Notes",
}
"""Ids and names of the folders that every space has; the tree does not name the last."""

PLACEHOLDER = "[Deleted Document]"


def connection(space: Space, clock: OfficeClock) -> Shape:
    """Write the space and both clocks."""
    here = days.local(clock.now())
    app = f"craftdocs://open?spaceId={space.id}&blockId={{blockId}}"
    return {
        "space": {
            "id": space.id,
            "name": space.name,
            "timezone": TIMEZONE,
            "time": f"{here:%Y-%m-%dT%H:%M:%S}",
            "friendlyDate": german_day((here.date() - EPOCH.date()).days),
        },
        "utc": {"time": clock.now().replace("Z", ".000Z")},
        "urlTemplates": {"app": app},
    }


def where(document: Document) -> str | None:
    """Return the id of the location that a document is in, None for a folder of people."""
    return "trash" if document.trashed else document.location


def folder(space: Space, row: Folder, counts: dict[str | None, int]) -> Shape:
    """Write a folder with those below it."""
    return {
        "id": row.id,
        "name": row.name,
        "documentCount": counts.get(row.id, 0),
        "folders": [folder(space, below, counts) for below in space.subfolders(row.id)],
    }


def tree(space: Space, *, with_daily_notes: bool) -> list[Shape]:
    """Write all folders, the built-in ones first."""
    counts = folder_counts(space)
    names = [name for name in BUILT_IN if with_daily_notes or name != "daily_notes"]
    built_in: list[Shape] = [
        {"id": i, "name": BUILT_IN[i], "documentCount": counts.get(i, 0), "folders": []}
        for i in names
    ]
    return built_in + [folder(space, row, counts) for row in space.subfolders(None)]


def folder_counts(space: Space) -> dict[str | None, int]:
    """Count the documents right in each folder and location, by its id."""
    counts: dict[str | None, int] = {}
    for document in space.documents.values():
        if not document.purged:
            place = where(document) or document.folder
            counts[place] = counts.get(place, 0) + 1
    return counts


def document(row: Document, reading: Reading, *, metadata: bool) -> Shape:
    """Write a row of the listing; a link to selected documents tells deleted ones."""
    shape: Shape = {"id": row.id, "title": row.root.text}
    if not row.root.text and reading.settings.missing_titles:
        del shape["title"]
    if reading.view.flavour == "documents":
        if row.trashed:
            return {"id": row.id, "title": PLACEHOLDER, "isDeleted": True}
        shape["isDeleted"] = False
    elif row.daily_note_date is not None:
        shape["dailyNoteDate"] = row.daily_note_date
    if metadata:
        times = {"lastModifiedAt": row.modified_at, "createdAt": row.created_at}
        shape |= {name: reading.time(moment) for name, moment in times.items() if moment}
        shape["clickableLink"] = (
            f"craftdocs://open?spaceId={reading.view.space.id}&documentId={row.link_id}"
        )
    return shape
