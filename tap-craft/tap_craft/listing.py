"""All documents that a link shows, each with its place; asked for once per run.

A row of a document does not say in which folder it is: that only the question tells which the row
answers (fact sheet 3.3). So each location and each folder is asked for, one after the other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from singer_sdk.exceptions import FatalAPIError
from tap_kit.columns import utc

from tap_craft.moments import moment
from tap_craft.sketch import entry_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tap_kit.columns import Row

    from tap_craft.folders import Folder

LOCATIONS = ("unsorted", "templates", "daily_notes")
TRASH = "trash"
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.timezone.utc)


class Ask(Protocol):
    """Asks for documents by their place."""

    def __call__(self, **place: str) -> list[Row]:
        """Return the rows in a place, or all rows; one without an id has None for it."""


def key(document_id: object) -> str:
    """Return what two spellings of a document's id have in common (fact sheet 3.3)."""
    return str(document_id).lower()


@dataclass(frozen=True)
class Document:
    """A document as it is listed.

    Attributes:
        row: Its row, with its place.
        version: What differs once its content has changed; None if that cannot be told.
        is_readable: Whether its content can be read; that of a trashed one can (5).
    """

    row: Row
    version: str | None
    is_readable: bool = True

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])

    @property
    def changed_at(self) -> dt.datetime:
        """When it was last changed; long ago where that is not known."""
        return moment(self.row.get("lastModifiedAt")) or LONG_AGO

    @property
    def turn(self) -> tuple[dt.datetime, str]:
        """What documents are read in the order of; no two have the same."""
        return self.changed_at, key(self.id)

    @property
    def entry(self) -> int:
        """What a sketch remembers of it."""
        return entry_for(key(self.id), self.version or "")


@dataclass
class Listing:
    """All documents that a link shows.

    Attributes:
        documents: The documents by the key of their id.
        is_complete: Whether a document that is missing here is gone.
        unplaced: Which documents are in no place, in a few letters; empty for none.
        tasks: Tasks within daily notes, where the notes had to be read to be listed.
        days_asked: The days whose notes were asked for, where that is done one by one.
        days_with_note: Those that have one.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    is_complete: bool = True
    unplaced: str = ""
    tasks: list[Row] = field(default_factory=list)
    days_asked: set[dt.date] = field(default_factory=set)
    days_with_note: set[dt.date] = field(default_factory=set)

    def add(self, row: Row, location: str | None, folder: Folder | None = None) -> None:
        """Enter a document of a space; what is listed later counts.

        Folders are listed from the top down, so the deepest one counts.
        """
        placed = {
            **row,
            "folderId": folder.id if folder else None,
            "folderIds": list(folder.ids) if folder else [],
            "folderPath": list(folder.path) if folder else [],
            "location": location,
            "isDeleted": location == TRASH,
        }
        self.documents[key(row["id"])] = Document(placed, _version(row))

    def document_with(self, collection: Row) -> Document | None:
        """Return the document that a collection is in, if the link shows it."""
        if isinstance(collection.get("documentId"), str):
            return self.documents.get(key(collection["documentId"]))
        return self._by_day.get(collection.get("dailyNoteDate"))

    @cached_property
    def _by_day(self) -> dict[object, Document]:
        return {document.row.get("dailyNoteDate"): document for document in self.documents.values()}


def space_listing(
    ask: Ask, tree: list[Folder], ask_tree: Callable[[], list[Folder]], last_unplaced: str
) -> Listing:
    """List a whole space.

    Args:
        ask: Asks for documents.
        tree: Folders and built-in locations, each before those within it.
        ask_tree: Asks for the same again.
        last_unplaced: `unplaced` of the last run.

    Raises:
        FatalAPIError: If a place seems empty that is not.
    """
    listing = Listing()
    sizes: dict[str, int] = {}
    for location in LOCATIONS:
        sizes[location] = _add_all(listing, ask(location=location), location)
    for folder in tree:
        if not folder.is_built_in:
            sizes[folder.id] = _add_all(listing, ask(folderId=folder.id), None, folder)
    # Trash comes last of the places: a document there is deleted, wherever else it was listed.
    sizes[TRASH] = _add_all(listing, ask(location=TRASH), TRASH)
    everything = ask()
    if not everything and listing.documents:
        raise _falsely_empty("the whole space")
    keyed = [row for row in everything if row["id"] is not None]
    unplaced = [row for row in keyed if key(row["id"]) not in listing.documents]
    if unplaced:
        _refuse_falsely_empty(sizes, tree, ask_tree(), unplaced)
        keys = "\n".join(sorted(key(row["id"]) for row in unplaced))
        listing.unplaced = sha256(keys.encode()).hexdigest()[:16]
        # Moved while the places were listed, most likely; twice the same ones: they have none.
        listing.is_complete = listing.unplaced == last_unplaced
        if listing.is_complete:
            _add_all(listing, unplaced, None)
    return listing


def selection_listing(rows: Iterable[Row]) -> Listing:
    """List a selection of documents, which knows no folders (fact sheet 2 and 5)."""
    listing = Listing()
    for row in rows:
        if row["id"] is None:
            continue
        is_deleted = bool(row.get("isDeleted"))
        # A deleted one has a placeholder for a title.
        title = None if is_deleted else row.get("title")
        known = {**row, "isDeleted": is_deleted, "title": title}
        listing.documents[key(row["id"])] = Document(known, _version(row), not is_deleted)
    return listing


def _add_all(
    listing: Listing, rows: list[Row], location: str | None, folder: Folder | None = None
) -> int:
    """Enter all documents of a place; return how many it has, those without an id included."""
    for row in rows:
        if row["id"] is not None:
            listing.add(row, location, folder)
    return len(rows)


def _refuse_falsely_empty(
    sizes: dict[str, int], before: list[Folder], after: list[Folder], unplaced: list[Row]
) -> None:
    """Refuse an empty list where documents are missing that it should have.

    Args:
        sizes: How many documents each folder and location listed.
        before: The folders before they were listed; people may fill one meanwhile.
        after: The folders after that; people may have emptied one.
        unplaced: The documents that are missing.
    """
    if not sizes["daily_notes"] and any(row.get("dailyNoteDate") for row in unplaced):
        raise _falsely_empty("daily_notes")
    filled_before = {folder.id for folder in before if folder.documents_count}
    for folder in after:
        within = [sizes.get(below.id, 0) for below in after if folder.id in below.ids]
        if folder.documents_count and folder.id in filled_before and not any(within):
            raise _falsely_empty("/".join(folder.path))


def _falsely_empty(place: str) -> FatalAPIError:
    return FatalAPIError(
        f"Craft lists no documents in '{place}', although there are some. The run stops and marks "
        "nothing as deleted; the next one asks again."
    )


def _version(row: Row) -> str | None:
    changed_at = moment(row.get("lastModifiedAt"))
    return utc(changed_at) if changed_at else None
