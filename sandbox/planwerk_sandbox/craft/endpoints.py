"""The read endpoints: what a path and its parameters ask for, in the form they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planwerk_sandbox.craft import days, listing, tasks
from planwerk_sandbox.craft.errors import ApiError, UnknownRouteError, invalid, not_found
from planwerk_sandbox.craft.reading import Reading
from planwerk_sandbox.craft.shapes import blocks, collections, documents, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.craft.listing import ListingCache
    from planwerk_sandbox.craft.media import Media
    from planwerk_sandbox.craft.parameters import Parameters
    from planwerk_sandbox.craft.reading import Shape
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.craft.view import View
    from planwerk_sandbox.office.documents.model import Block, Document

_OFFERED = {
    "connection": ("space", "documents", "daily"),
    "folders": ("space",),
    "documents": ("space", "documents"),
    "blocks": ("space", "documents", "daily"),
    "collections": ("space", "documents", "daily"),
    "tasks": ("space", "daily"),
}
"""Which flavours of links offer a path."""


class Body(NamedTuple):
    """A JSON object or a text, and how many blocks were read for it."""

    content: Shape | str
    blocks: int = 0


class Endpoints:
    """Answers the paths below a link's root."""

    def __init__(self, settings: CraftSettings, media: Media, cache: ListingCache) -> None:
        self._settings = settings
        self._media = media
        self._cache = cache
        self._lists: dict[str, Callable[[View, Parameters], Body]] = {
            "folders": self._folders,
            "documents": self._documents,
            "collections": self._collections,
            "tasks": self._tasks,
        }

    def body(self, view: View, path: str, query: Parameters, accept: str) -> Body:
        """Return the body of the answer to a GET.

        Args:
            view: The space through the link.
            path: The path below the link's root.
            query: The parameters of the request.
            accept: The header of that name.

        Raises:
            ApiError: 400 for a refused parameter, 404 for an unknown id.
            UnknownRouteError: If the link has no such path.
        """
        segments = path.split("/")
        if view.flavour not in _OFFERED.get(segments[0], ()):
            raise UnknownRouteError(path)
        match segments:
            case ["connection"]:
                return Body(documents.connection(view.space, view.space.clock))
            case ["blocks"]:
                return self._blocks(view, query, as_text="text/markdown" in accept)
            case ["collections", row_id, ("schema" | "items") as part]:
                return self._of_collection(view, row_id, part, query)
            case [name] if name in self._lists:
                return self._lists[name](view, query)
            case _:
                raise UnknownRouteError(path)

    def _reading(self, view: View, *, metadata: bool = False) -> Reading:
        return Reading(view, self._settings, self._media.address, metadata=metadata)

    def _list(self, reading: Reading, kind: str, rows: list[Shape]) -> Body:
        body: Shape = {"items": [blocks.with_extras(row, reading, kind) for row in rows]}
        if self._settings.paging_key == "nextCursor":
            body["nextCursor"] = "c2Vjb25k"
        elif self._settings.paging_key == "pagination":
            body["pagination"] = {"cursor": "c2Vjb25k"}
        return Body(body, reading.blocks)

    def _folders(self, view: View, _: Parameters) -> Body:
        tree = documents.tree(view.space, with_daily_notes=self._settings.daily_notes_folder)
        return self._list(self._reading(view), "folders", tree)

    def _documents(self, view: View, query: Parameters) -> Body:
        reading, metadata = self._reading(view), query.flag("fetchMetadata")
        found = listing.chosen(view, query, self._settings)
        stale = None if found is not None else self._cache.stale(view.link.id)
        if stale is not None:
            rows = [row if metadata else _bare(row) for _, row in stale]
        else:
            listed = view.documents() if found is None else found
            rows = [documents.document(row, reading, metadata=metadata) for row in listed]
        return self._list(reading, "documents", rows)

    def _blocks(self, view: View, query: Parameters, *, as_text: bool) -> Body:
        depth = query.depth()
        reading = self._reading(view, metadata=query.flag("fetchMetadata"))
        row, document = self._asked_for(view, query)
        if document is not None and document.broken:
            raise self._broken()
        content: Shape | str
        if as_text:
            content = text.text(row, reading, depth)
        else:
            is_root = document is not None and row is document.root
            content = blocks.block(row, reading, depth, is_root=is_root)
        return Body(content, reading.blocks)

    def _asked_for(self, view: View, query: Parameters) -> tuple[Block, Document | None]:
        row_id = query.text("id")
        day = query.day("date") if view.flavour != "documents" else None
        if row_id and day:
            raise invalid("id and date cannot be combined")
        if row_id:
            place = view.place(row_id)
            if place is None:
                raise not_found("Block")
            return place.block, place.document
        if day is None:
            if view.flavour != "daily":
                either = "id" if view.flavour == "documents" else "either id or date"
                raise invalid(f"{either} is required")
            day = days.today(view.space.clock)
        note = view.daily_note(day)
        if note is None:
            raise not_found("Daily note")
        return note.root, note

    def _broken(self) -> ApiError:
        if self._settings.broken_status == 404:  # noqa: PLR2004  # a status
            return not_found("Block")
        return ApiError(500, {"error": "Internal server error", "code": "INTERNAL_ERROR"})

    def _collections(self, view: View, query: Parameters) -> Body:
        reading = self._reading(view)
        found = list(view.collections())
        if view.flavour == "daily":
            first, last = query.day("startDate"), query.day("endDate")
            found = [
                (document, row)
                for document, row in found
                if (day := document.daily_note_date) and (first or day) <= day <= (last or day)
            ]
        else:
            wanted = {sent.lower() for sent in query.every("documentIds")}
            mode = None
            if view.flavour == "documents":
                mode = query.choice("documentFilterMode", ("include", "exclude"))
            if wanted:
                keep = mode != "exclude"
                found = [pair for pair in found if (pair[0].id.lower() in wanted) == keep]
        rows = [collections.collection(row, document, reading) for document, row in found]
        return self._list(reading, "collections", rows)

    def _of_collection(self, view: View, row_id: str, part: str, query: Parameters) -> Body:
        reading, place = self._reading(view), view.place(row_id)
        if place is None or place.block.type != "collection":
            raise not_found("Collection")
        if part == "schema":
            if query.choice("format", ("json-schema-items", "schema")) == "schema":
                return Body(collections.schema(place.block, reading))
            return Body(collections.json_schema(place.block))
        depth = query.depth()
        rows = [collections.item(row, place.block, reading, depth) for row in place.block.content]
        return self._list(reading, "collection_items", rows)

    def _tasks(self, view: View, query: Parameters) -> Body:
        scope = query.choice("scope", tasks.SCOPES[view.flavour])
        if scope is None:
            raise invalid("scope is required")
        found = [
            task
            for task in tasks.all_tasks(view)
            if task.in_scope(scope, days.today(view.space.clock))
        ]
        if scope == "document":
            document_id = query.text("documentId")
            if document_id is None:
                raise invalid("documentId is required for the scope document")
            document = view.space.document(document_id)
            if document is None:
                raise not_found("Document")
            found = [task for task in found if task.document is document]
        told = view.flavour != "daily" or self._settings.daily_tasks_have_location
        rows = [tasks.task(task, view, with_location=told) for task in found]
        return self._list(self._reading(view), "tasks", rows)


def _bare(row: Shape) -> Shape:
    hidden = ("lastModifiedAt", "createdAt", "clickableLink")
    return {name: value for name, value in row.items() if name not in hidden}
