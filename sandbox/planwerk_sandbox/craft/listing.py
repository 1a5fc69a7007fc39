"""The listing of documents: its filters by place and by day, and its short memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.craft import days
from planwerk_sandbox.craft.errors import invalid, not_found
from planwerk_sandbox.craft.shapes import documents

if TYPE_CHECKING:
    from planwerk_sandbox.craft.parameters import Parameters
    from planwerk_sandbox.craft.reading import Reading, Shape
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.craft.view import View
    from planwerk_sandbox.office.documents import LazySpace
    from planwerk_sandbox.office.documents.model import Document

_BOUNDS = {"createdDate": "created_at", "lastModifiedDate": "modified_at", "dailyNoteDate": ""}
FILTERS = ("location", "folderId", *(f"{name}{end}" for name in _BOUNDS for end in ("Gte", "Lte")))
LOCATIONS = ("unsorted", "trash", "templates", "daily_notes")


class ListingCache:
    """Unfiltered listings from before the last change, served for a while after it.

    The idea: whoever changes something remembers the listings of all links first.
    """

    def __init__(self, lazy: LazySpace, settings: CraftSettings) -> None:
        self._lazy = lazy
        self._settings = settings
        self._until = 0
        self._before: dict[str, list[tuple[str, Shape]]] = {}

    def remember(self, readings: dict[str, Reading]) -> None:
        """Keep what the links list now, unless a former listing is still served."""
        seconds = self._settings.listing_cache_seconds
        now = self._lazy.clock.epoch()
        if seconds is None or now < self._until:
            return
        # The change itself comes with the next second.
        self._until = now + 1 + seconds
        self._before = {link: rows(reading) for link, reading in readings.items()}

    def stale(self, link: str) -> list[tuple[str, Shape]] | None:
        """Return what a link listed before the last change, None when that is forgotten."""
        if self._settings.listing_cache_seconds is None or self._lazy.clock.epoch() >= self._until:
            return None
        return self._before.get(link)


def rows(reading: Reading) -> list[tuple[str, Shape]]:
    """Return the whole listing of a link, each row with metadata and its id."""
    view = reading.view
    return [(d.id, documents.document(d, reading, metadata=True)) for d in view.documents()]


def chosen(view: View, query: Parameters, settings: CraftSettings) -> list[Document] | None:
    """Return the documents that the filters ask for, None when there is no filter.

    Raises:
        ApiError: 400 for a refused filter, 404 for an unknown folder.
    """
    sent = query.names() & set(FILTERS)
    if view.flavour == "documents" and sent:
        raise invalid(f"{', '.join(sorted(sent))} cannot be used with this link")
    location = query.choice("location", LOCATIONS)
    folder = query.text("folderId")
    if location and folder:
        raise invalid("location and folderId cannot be combined")
    found = view.documents()
    if location:
        found = [row for row in found if documents.where(row) == location]
    elif folder:
        found = _in_folder(view, folder, settings)
    bounds = {name: (query.day(f"{name}Gte"), query.day(f"{name}Lte")) for name in _BOUNDS}
    if any(bounds["dailyNoteDate"]) and location != "daily_notes":
        return []
    found = [row for row in found if all(_within(row, n, *ends) for n, ends in bounds.items())]
    return found if sent else None


def _in_folder(view: View, folder_id: str, settings: CraftSettings) -> list[Document]:
    folder = view.space.folder(folder_id)
    if folder is None:
        if settings.unknown_folder == "empty":
            return []
        raise not_found("Folder")
    wanted = {folder.id}
    if settings.recursive_folders:
        wanted |= {
            other.id
            for other in view.space.folders.values()
            if not other.deleted and folder in view.space.folder_path(other.id)
        }
    return [row for row in view.documents(trashed=False) if row.folder in wanted]


def _within(row: Document, name: str, least: str | None, most: str | None) -> bool:
    """Whether a document lies between two days, both included."""
    if least is None and most is None:
        return True
    attribute = _BOUNDS[name]
    moment = getattr(row, attribute) if attribute else None
    day = days.day_of(moment) if moment else row.daily_note_date if not attribute else None
    return day is not None and (least or day) <= day <= (most or day)
