"""Every row of the documents, for comparison with what a tap brought home."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.craft import days, tasks
from planwerk_sandbox.craft.reading import Reading, addresses_by_block, ordinal_addresses
from planwerk_sandbox.craft.shapes import blocks, collections, documents
from planwerk_sandbox.craft.shapes.text import text
from planwerk_sandbox.craft.view import View
from planwerk_sandbox.office.documents.filing import LINKS
from planwerk_sandbox.office.documents.space import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.craft.reading import Shape
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.office.documents import LazySpace
    from planwerk_sandbox.office.documents.model import Block, Document, Folder


class CraftTruth:
    """All rows behind a link in the API's shape, trashed and purged ones included.

    Members with an underscore say what no answer tells. Addresses of files are
    `craft-media:{n}` in texts, n counted in the order of the document, and
    `craft-media:{id of the block}` in JSON.

    Args:
        lazy: The documents.
        settings: The settings of the API.
        flavour: Through which link they are seen, a key of `filing.LINKS`.
    """

    kinds = (
        *("folders", "documents", "document_contents"),
        *("collections", "collection_items", "tasks"),
    )

    def __init__(self, lazy: LazySpace, settings: CraftSettings, flavour: str = "space") -> None:
        self._lazy = lazy
        self._settings = settings
        self._flavour = flavour
        self._rows: dict[str, Callable[[bool], list[Shape]]] = {
            "folders": self._folders,
            "documents": self._documents,
            "document_contents": self._contents,
            "collections": self._collections,
            "collection_items": self._items,
            "tasks": self._tasks,
        }

    @cached_property
    def _view(self) -> View:
        space = self._lazy.space
        return View(space, space.links[LINKS[self._flavour]])

    @property
    def _reading(self) -> Reading:
        return Reading(self._view, self._settings, addresses_by_block)

    def rows(self, kind: str, *, reachable: bool = False) -> list[Shape]:
        """Return the rows of a kind, sorted by id.

        Args:
            kind: One of `kinds`.
            reachable: Whether to leave out what no request through the link brings: what was
                deleted or purged or is out of its scope, what is in trashed or broken documents,
                and of a daily link tasks that none of its scopes shows.
        """
        key = "document_id" if kind == "document_contents" else "id"
        return sorted(self._rows[kind](reachable), key=lambda row: str(row[key]))

    def folder(self, row: Folder) -> Shape:
        """Write a folder without those below it."""
        space = self._lazy.space
        return {
            "id": row.id,
            "name": row.name,
            "documentCount": documents.folder_counts(space).get(row.id, 0),
            "_parent_id": row.parent,
            "_path": [folder.name for folder in space.folder_path(row.id)],
            "_deleted": row.deleted,
            "_built_in": False,
        }

    def document(self, row: Document) -> Shape:
        """Write a document as the listing does, with what it does not tell."""
        path = [] if documents.where(row) else self._lazy.space.folder_path(row.folder)
        return documents.document(row, self._reading, metadata=True) | {
            "_folder_id": path[-1].id if path else None,
            "_folder_ids": [folder.id for folder in path],
            "_folder_path": [folder.name for folder in path],
            "_location": documents.where(row),
            "_deleted": row.trashed,
            "_purged": row.purged,
            "_in_scope": self._view.in_scope(row),
            "_broken": row.broken,
        }

    def collection(self, row: Block, document: Document) -> Shape:
        """Write a collection with its columns."""
        shape = collections.collection(row, document, self._reading)
        return shape | {
            "_schema": collections.schema(row, self._reading),
            "_document_id": document.id,
            "_deleted": document.trashed,
        }

    def item(self, row: Block, parent: Block, document: Document) -> Shape:
        """Write a row of a collection."""
        return collections.item(row, parent, self._reading, -1) | {
            "_collection_id": parent.id,
            "_document_id": document.id,
            "_deleted": document.trashed,
        }

    def task(self, row: tasks.Task) -> Shape:
        """Write a task."""
        told = self._view.flavour != "daily" or self._settings.daily_tasks_have_location
        return tasks.task(row, self._view, with_location=told) | {
            "_document_id": row.document.id if row.document else None,
            "_deleted": row.document is not None and row.document.trashed,
        }

    def block(self, row: Block) -> Shape:
        """Write a block with its metadata and all that is inside it."""
        reading = Reading(self._view, self._settings, addresses_by_block, metadata=True)
        return blocks.block(row, reading, -1)

    def _folders(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        if self._view.flavour != "space":
            return []
        with_daily_notes = self._settings.daily_notes_folder
        tree = documents.tree(self._lazy.space, with_daily_notes=with_daily_notes)
        built_in: list[Shape] = [
            {name: value for name, value in row.items() if name != "folders"}
            | {"_parent_id": None, "_path": [row["name"]], "_deleted": False, "_built_in": True}
            for row in tree
            if row["id"] in documents.BUILT_IN
        ]
        rows = self._lazy.space.folders.values()
        return built_in + [self.folder(row) for row in rows if not (reachable and row.deleted)]

    def _listed(self, reachable: bool) -> list[Document]:  # noqa: FBT001
        """Return the documents, or those that the link lists."""
        view = self._view
        if not reachable:
            return list(view.space.documents.values())
        if view.flavour != "daily":
            return view.documents()
        return [
            row for row in view.documents() if view.daily_note(row.daily_note_date or "") is row
        ]

    def _documents(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        return [self.document(row) for row in self._listed(reachable)]

    def _contents(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        rows = []
        for row in self._listed(reachable):
            if not self._view.sees(row) or (reachable and row.broken):
                continue
            reading = Reading(self._view, self._settings, ordinal_addresses())
            rows.append(
                {
                    "document_id": row.id,
                    "_markdown": text(row.root, reading),
                    "_last_modified_at": row.modified_at,
                    "_block_ids": [block.id for block in walk(row.root)],
                    "_deleted": row.trashed,
                    "_broken": row.broken,
                }
            )
        return rows

    def _collections(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        found = self._view.collections(trashed=not reachable)
        return [self.collection(row, document) for document, row in found]

    def _items(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        found = self._view.collections(trashed=not reachable)
        return [
            self.item(row, parent, document) for document, parent in found for row in parent.content
        ]

    def _tasks(self, reachable: bool) -> list[Shape]:  # noqa: FBT001
        view = self._view
        scopes = tasks.SCOPES.get(view.flavour, ())
        if reachable:
            today = days.today(self._lazy.clock)
            # `document` shows tasks one document at a time, all of them.
            return [
                self.task(row)
                for row in tasks.all_tasks(view)
                if any(row.in_scope(scope, today) for scope in scopes)
            ]
        return [self.task(row) for row in tasks.all_tasks(view, trashed=True) if scopes]


def flavoured(lazy: LazySpace, settings: CraftSettings) -> dict[str, Any]:
    """Return the truth behind each link that exists from the start."""
    return {flavour: CraftTruth(lazy, settings, flavour) for flavour in LINKS}
