"""New folders, documents, blocks and links from checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.craft.values import BLOCK_FIELDS
from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.documents.model import Block, Document, Folder, Link, Schema

if TYPE_CHECKING:
    from planwerk_sandbox.office.documents import Space

Values = dict[str, Any]

MEDIA = ("image", "video", "file", "drawing", "whiteboard")
"""Blocks that hold an uploaded file unless an address is given."""

_AUTHOR = "Sandbox"


def folder(space: Space, values: Values) -> Folder:
    """Add a folder."""
    row = Folder(id=space.new_id(), name=values["name"])
    place_folder(space, row, values.get("parent"))
    return space.add_folder(row)


def check_parent(space: Space, row: Folder, parent: str | None) -> None:
    """Raise `MutationError` if a folder would be below itself."""
    above = None if parent is None else space.folder(parent)
    if above is not None and row in space.folder_path(above.id):
        raise MutationError(f"Folder {row.id} cannot be moved below itself.")


def place_folder(space: Space, row: Folder, parent: str | None) -> None:
    """Put a folder below another, or on top."""
    above = None if parent is None else space.folder(parent)
    row.parent = None if above is None else above.id


def document(space: Space, values: Values) -> Document:
    """Add a document; without folder and location it is unsorted."""
    now = space.clock.now()
    root = block(space, {"type": "page", "text": values.get("title") or ""})
    root.fields["textStyle"] = "page"
    root.content = [block(space, inside) for inside in values.get("blocks") or ()]
    row = Document(
        root=root,
        created_at=values.get("createdAt", now),
        modified_at=values.get("lastModifiedAt", now),
        link_id=space.new_id(),
        daily_note_date=values.get("dailyNoteDate"),
        broken=bool(values.get("broken")),
    )
    if row.daily_note_date is not None:
        row.location = "daily_notes"
    else:
        place_document(space, row, values)
    for link in values.get("links") or ():
        space.links[link].documents.add(row.id.lower())
    return space.add_document(row)


def place_document(space: Space, row: Document, values: Values) -> None:
    """Put a document into a folder or a location, unsorted without any."""
    wanted = values.get("folder")
    found = None if wanted is None else space.folder(wanted)
    row.folder = None if found is None else found.id
    row.location = None if found is not None else values.get("location") or "unsorted"


def block(space: Space, values: Values) -> Block:
    """Build a block with what is inside it."""
    now = space.clock.now()
    kind = values.get("type") or "text"
    return Block(
        id=space.new_id(),
        type=kind,
        text=values.get("text") or "",
        fields={name: values[name] for name in BLOCK_FIELDS if values.get(name) is not None},
        is_media=values.get("media", kind in MEDIA and "url" not in values),
        schema=Schema(key="sammlung") if kind == "collection" else None,
        content=[block(space, inside) for inside in values.get("content") or ()],
        created_at=now,
        modified_at=now,
        created_by=_AUTHOR,
        modified_by=_AUTHOR,
    )


def insert(space: Space, row: Block, parent: Block, document_: Document, position: int) -> Block:
    """Add a block inside another."""
    parent.content.insert(position, row)
    space.register(row, parent, document_)
    return row


def collection(space: Space, values: Values) -> Block:
    """Build a collection without rows."""
    row = block(space, {"type": "collection", "text": values["name"]})
    row.schema = Schema(
        key="sammlung",
        title_key=values.get("titleKey") or "title",
        properties=values.get("properties") or [],
    )
    return row


def item(space: Space, values: Values) -> Block:
    """Build a row of a collection."""
    return block(
        space,
        {
            "type": "collectionItem",
            "text": values.get("title"),
            "properties": values.get("properties") or {},
            "content": values.get("content"),
        },
    )


def task(space: Space, values: Values) -> Block:
    """Build a task."""
    row = block(space, {"listStyle": "task", "text": values["text"]})
    row.fields["taskInfo"] = task_info(space, {"state": "todo"}, values)
    return row


def task_info(space: Space, info: Values, values: Values) -> Values:
    """Return the state and days of a task with changed ones; null removes a day."""
    changed = info | {
        name: value for name, value in values.items() if name not in {"text", "document"}
    }
    if "state" in values:
        now = space.clock.now().replace("Z", ".000Z")
        ends = {"done": "completedAt", "canceled": "canceledAt"}
        for state, name in ends.items():
            changed[name] = now if values["state"] == state else None
    return {name: value for name, value in changed.items() if value is not None}


def link(space: Space, values: Values) -> Link:
    """Add a share link."""
    row = Link(
        id=values["id"],
        flavour=values["flavour"],
        key=values.get("key"),
        permission=values.get("permission") or "read-write",
        documents={document_id.lower() for document_id in values.get("documents") or ()},
    )
    space.links[row.id] = row
    return row
