"""Blocks as JSON (`api/craft.md` 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.craft.shapes import inline

if TYPE_CHECKING:
    from planwerk_sandbox.craft.reading import Reading, Shape
    from planwerk_sandbox.office.documents.model import Block

_WITH_URL = ("image", "video", "file", "drawing", "whiteboard")
_PREVIEW = 160


def block(row: Block, reading: Reading, depth: int, *, is_root: bool = False) -> Shape:
    """Write a block with what is inside it.

    Args:
        row: The block.
        reading: What its shape depends on.
        depth: How many levels of its content are shown; -1 for all.
        is_root: Whether it is the root page of a document.
    """
    reading.blocks += 1
    shape: Shape = {"id": row.id, "type": row.type, **row.fields}
    if row.type in _WITH_URL:
        shape["url"] = reading.url(row)
    if row.type in ("image", "video") and row.text:
        shape["altText"] = row.text
    if row.type == "collectionItem":
        shape["title"] = row.text
    if row.type == "table" and inline.is_grid(row, reading):
        shape["rows"] = [[_cell(c, reading) for c in line] for line in row.fields.get("rows", [])]
    else:
        shape.pop("rows", None)
        shape["markdown"] = inline.markdown(row, reading)
    if row.type == "page":
        if reading.settings.page_title_object:
            shape["title"] = {"value": row.text, "attributes": []}
        if is_root and reading.settings.page_title_tag:
            shape["markdown"] = f"<page>{row.text}</page>"
    if reading.metadata:
        shape["metadata"] = _metadata(row, reading)
    inside = "items" if row.type == "collection" else "content"
    shape |= content(row, reading, depth, inside)
    return with_extras(shape, reading, "blocks")


def content(row: Block, reading: Reading, depth: int, inside: str = "content") -> Shape:
    """Return the member that holds what is inside a block: nothing, all of it or a preview."""
    if not row.content:
        return {}
    if depth == 0:
        return {f"{inside}PreviewMd": preview(row, reading)}
    return {inside: [block(child, reading, depth - 1) for child in row.content]}


def preview(row: Block, reading: Reading) -> str:
    """Return the beginning of what is inside a block."""
    lines = [inline.markdown(child, reading) for child in row.content[:3]]
    return "\n".join(line for line in lines if line)[:_PREVIEW]


def with_extras(shape: Shape, reading: Reading, kind: str) -> Shape:
    """Add what the settings put over every row of a kind."""
    extra: dict[str, Any] = {}
    if reading.settings.extra_fields:
        extra = {"betaFeature": {"on": True}, "rank": [1, 2]}
    return shape | extra | reading.settings.served_fields.get(kind, {})


def _cell(text: str, reading: Reading) -> Shape:
    return {"value": reading.view.masked(text), "attributes": []}


def _metadata(row: Block, reading: Reading) -> Shape:
    space = reading.view.space.id
    shape: Shape = {
        "createdAt": reading.time(row.created_at),
        "lastModifiedAt": reading.time(row.modified_at),
        "createdBy": row.created_by,
        "lastModifiedBy": row.modified_by,
        "clickableLink": f"craftdocs://open?spaceId={space}&blockId={row.id}",
    }
    if row.comments:
        shape["comments"] = [
            {
                "id": comment.id,
                "author": comment.author,
                "content": comment.content,
                "createdAt": reading.time(comment.created_at),
            }
            for comment in row.comments
        ]
    return shape
