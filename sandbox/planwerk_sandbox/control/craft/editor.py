"""Changes to the documents, as people would make them in Craft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.craft import creation, values
from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.craft import tasks
from planwerk_sandbox.craft.reading import Reading, addresses_by_block
from planwerk_sandbox.craft.view import View
from planwerk_sandbox.office.documents.filing import LINKS
from planwerk_sandbox.office.documents.model import Comment

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.control.craft.truth import CraftTruth
    from planwerk_sandbox.craft.listing import ListingCache
    from planwerk_sandbox.craft.reading import Shape
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.office.documents import LazySpace, Space
    from planwerk_sandbox.office.documents.model import Block, Document, Folder, Link
    from planwerk_sandbox.office.documents.space import Place

_ACTIONS = tuple(dict.fromkeys(action for known in values.ACTED.values() for action in known))
_TYPES = {"collections": "collection", "collection_items": "collectionItem"}
_PROMOTED = ("text", "page")
"""Blocks whose deletion leaves what was inside them."""


class CraftEditor:
    """Carries out single changes in Craft."""

    actions = ("edit", "delete", *_ACTIONS)
    kinds = tuple(values.CREATED)

    def __init__(
        self, lazy: LazySpace, settings: CraftSettings, truth: CraftTruth, cache: ListingCache
    ) -> None:
        self._lazy = lazy
        self._settings = settings
        self._truth = truth
        self._cache = cache

    @property
    def _space(self) -> Space:
        return self._lazy.space

    def has(self, kind: str, row_id: Any) -> bool:  # noqa: ANN401  # any JSON
        """Whether there is such a row."""
        if not isinstance(row_id, str):
            return False
        match kind:
            case "folders":
                return self._space.folder(row_id) is not None
            case "documents":
                return self._space.document(row_id) is not None
            case "links":
                return row_id in self._space.links
        place = self._space.place(row_id)
        if place is None or place.block.type != _TYPES.get(kind, place.block.type):
            return False
        return kind != "tasks" or "taskInfo" in place.block.fields

    def create(self, kind: str, sent: Shape, tick: Callable[[], object]) -> Shape:
        """Create a row; raises `MutationError` if a value is unknown, missing or does not fit."""
        values.check(self._space, kind, "create", sent)
        self._begin(tick)
        match kind:
            case "folders":
                return self._truth.folder(creation.folder(self._space, sent))
            case "documents":
                return self._truth.document(creation.document(self._space, sent))
            case "links":
                return _link(creation.link(self._space, sent))
            case _:
                return self._create_block(kind, sent)

    def _create_block(self, kind: str, sent: Shape) -> Shape:
        space = self._space
        if kind == "tasks" and sent.get("document") is None:
            row = space.add_inbox_task(creation.task(space, sent))
            return self._truth.task(tasks.Task(row, None))
        above = sent.get("parent") or sent.get("collection") or sent["document"]
        place = self._place(above)
        if place.document is None:
            raise MutationError("A task of the inbox holds no blocks.")
        build = {
            "blocks": creation.block,
            "collections": creation.collection,
            "collection_items": creation.item,
            "tasks": creation.task,
        }
        position = sent.get("position")
        creation.insert(
            space,
            row := build[kind](space, sent),
            place.block,
            place.document,
            len(place.block.content) if position is None else position,
        )
        self._touch(None, place.document)
        return self._shape(kind, self._place(row.id))

    def change(
        self,
        action: str,
        kind: str,
        row_id: Any,  # noqa: ANN401  # any JSON
        sent: Shape,
        tick: Callable[[], object],
    ) -> Shape:
        """Change a row; raises `MutationError` if the action or a value does not fit."""
        if action not in ("edit", "delete", *values.ACTED.get(kind, ())):
            raise MutationError(f"Rows of {kind} know no {action}.")
        if action == "edit" and not sent:
            raise MutationError("To edit, send `values`.")
        values.check(self._space, kind, action, sent)
        space = self._space
        match kind:
            case "folders":
                folder = space.folders[row_id.lower()]
                creation.check_parent(space, folder, sent.get("parent"))
                self._begin(tick)
                return self._change_folder(action, folder, sent)
            case "documents":
                document = space.documents[row_id.lower()]
                _check_document(action, document, sent)
                self._begin(tick)
                return self._change_document(action, document, sent)
            case "links":
                self._begin(tick)
                return _link(_change_link(action, space.links[row_id], sent))
            case _:
                place = self._place(row_id)
                if action == "delete" and place.document and place.block is place.document.root:
                    raise MutationError(f"Block {row_id} is a document; trash that.")
                self._begin(tick)
                return self._change_block(action, kind, place, sent)

    def _begin(self, tick: Callable[[], object]) -> None:
        """Let the listing cache know how things were, and go to the second of the change."""
        space = self._space
        self._cache.remember(
            {
                link.id: Reading(View(space, link), self._settings, addresses_by_block)
                for link in space.links.values()
            }
        )
        tick()

    def _place(self, row_id: str) -> Place:
        place = self._space.place(row_id)
        if place is None:
            raise MutationError(f"There is no block {row_id!r}.")
        return place

    def _touch(self, block: Block | None, document: Document | None) -> None:
        """Note a change: in the block itself, not in those around it, and in the listing."""
        now = self._space.clock.now()
        if block is not None:
            block.modified_at = now
        if document is not None:
            document.modified_at = now

    def _change_folder(self, action: str, row: Folder, sent: Shape) -> Shape:
        if action == "edit":
            if "parent" in sent:
                creation.place_folder(self._space, row, sent["parent"])
            row.name = sent.get("name", row.name)
            return self._truth.folder(row)
        # What was in it moves up, or becomes unsorted.
        for folder in self._space.subfolders(row.id):
            folder.parent = row.parent
        for document in self._space.documents.values():
            if document.folder == row.id:
                document.folder = row.parent
                document.location = None if row.parent else "unsorted"
        row.deleted = True
        return self._truth.folder(row)

    def _change_document(self, action: str, row: Document, sent: Shape) -> Shape:
        match action:
            case "edit":
                self._edit_document(row, sent)
            case "append":
                block = creation.block(self._space, sent)
                creation.insert(self._space, block, row.root, row, len(row.root.content))
                self._touch(None, row)
            case "purge":
                row.purged = row.trashed = True
                self._space.forget(row.root)
            case "add_to_scope" | "remove_from_scope":
                link = self._space.links[sent.get("link") or LINKS["documents"]]
                change = link.documents.add if action == "add_to_scope" else link.documents.discard
                change(row.id.lower())
            case _:
                if action == "move":
                    creation.place_document(self._space, row, sent)
                else:
                    row.trashed = action != "restore"
                if self._settings.moves_change_documents:
                    self._touch(None, row)
        return self._truth.document(row)

    def _edit_document(self, row: Document, sent: Shape) -> None:
        if "title" in sent:
            row.root.text = sent["title"] or ""
            self._touch(row.root, row)
        if "dailyNoteDate" in sent:
            row.daily_note_date = sent["dailyNoteDate"]
        row.broken = sent.get("broken", row.broken)
        row.created_at = sent.get("createdAt", row.created_at)
        row.modified_at = sent.get("lastModifiedAt", row.modified_at)

    def _change_block(self, action: str, kind: str, place: Place, sent: Shape) -> Shape:
        block, document = place.block, place.document
        if action == "comment":
            self._comment(block, sent)
            if self._settings.comments_change_documents:
                self._touch(None, document)
            return self._shape(kind, place)
        if action == "edit":
            self._edit_block(kind, block, sent)
            self._touch(block, document)
            return self._shape(kind, place)
        shape = self._shape(kind, place)
        self._delete_block(place)
        self._touch(None, document)
        return shape

    def _comment(self, block: Block, sent: Shape) -> None:
        block.comments.append(
            Comment(
                id=self._space.new_id(),
                author=sent.get("author") or self._space.people[0],
                content=sent.get("content") or "",
                created_at=self._space.clock.now(),
            )
        )

    def _edit_block(self, kind: str, block: Block, sent: Shape) -> None:
        if kind == "tasks":
            block.fields["taskInfo"] = creation.task_info(
                self._space, block.fields["taskInfo"], sent
            )
        for name, value in sent.items():
            if name == "text" or (name in ("title", "name") and kind != "blocks"):
                block.text = value or ""
            elif name == "properties" and block.schema is not None:
                block.schema.properties = value
            elif name == "type":
                block.type = value or "text"
            elif name == "media":
                block.is_media = value
            elif kind != "tasks" and value is None:
                block.fields.pop(name, None)
            elif kind != "tasks":
                block.fields[name] = value

    def _delete_block(self, place: Place) -> None:
        """Take a block out; what was inside a page moves up, what was in a row is gone."""
        block, parent, document = place
        self._space.forget(block)
        if parent is None:
            self._space.inbox.remove(block)
            return
        position = parent.content.index(block)
        promoted = block.content if block.type in _PROMOTED else []
        parent.content[position : position + 1] = promoted
        for child in promoted:
            self._space.register(child, parent, document)

    def _shape(self, kind: str, place: Place) -> Shape:
        block, parent, document = place
        if kind == "tasks":
            return self._truth.task(tasks.Task(block, document))
        if kind == "collections" and document is not None:
            return self._truth.collection(block, document)
        if kind == "collection_items" and document is not None and parent is not None:
            return self._truth.item(block, parent, document)
        return self._truth.block(block)


def _check_document(action: str, row: Document, sent: Shape) -> None:
    if action in ("trash", "delete") and row.trashed:
        raise MutationError(f"Document {row.id} is in the trash already.")
    if action == "restore" and not row.trashed:
        raise MutationError(f"Document {row.id} is not in the trash.")
    if action == "move" and row.location == "daily_notes":
        raise MutationError("Daily notes cannot be moved.")
    if action == "move" and bool(sent.get("folder")) == bool(sent.get("location")):
        raise MutationError("To move, send either a folder or a location.")


def _change_link(action: str, row: Link, sent: Shape) -> Link:
    if action == "edit":
        row.key = sent.get("key", row.key)
        row.permission = sent.get("permission") or row.permission
    else:
        row.revoked = action != "restore"
    return row


def _link(row: Link) -> Shape:
    return {
        "id": row.id,
        "flavour": row.flavour,
        "key": row.key,
        "permission": row.permission,
        "documents": sorted(row.documents),
        "revoked": row.revoked,
    }
