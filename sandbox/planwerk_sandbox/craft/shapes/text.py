"""Blocks as `text/markdown` (`api/craft.md` 3.5): pages and collections in tags, indented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.craft.shapes import inline
from planwerk_sandbox.craft.shapes.blocks import preview

if TYPE_CHECKING:
    from planwerk_sandbox.craft.reading import Reading
    from planwerk_sandbox.office.documents.model import Block

_INDENT = "    "


def text(row: Block, reading: Reading, depth: int = -1) -> str:
    """Write a block with what is inside it.

    Args:
        row: The block; a document's root page is the usual one.
        reading: What it depends on.
        depth: How many levels of its content are shown; -1 for all.
    """
    # The outermost page is a bare `<page>`, whatever its style.
    lines = _page(row, reading, depth, "<page>") if row.type == "page" else None
    return "\n".join(lines or _block(row, reading, depth)) + "\n"


def _block(row: Block, reading: Reading, depth: int) -> list[str]:
    match row.type:
        case "page":
            names = ("textStyle", "cardLayout")
            attributes = [f' {name}="{row.fields[name]}"' for name in names if name in row.fields]
            return _page(row, reading, depth, f"<page{''.join(attributes)}>")
        case "collection":
            return _collection(row, reading, depth)
        case "collectionItem":
            return _row(row, reading, depth)
        case _:
            reading.blocks += 1
            return inline.markdown(row, reading, comments=True).split("\n")


def _page(row: Block, reading: Reading, depth: int, tag: str) -> list[str]:
    reading.blocks += 1
    title = f"<pageTitle>{inline.markdown(row, reading)}</pageTitle>"
    return [tag, title, *_inside(row, reading, depth, "content"), "</page>"]


def _collection(row: Block, reading: Reading, depth: int) -> list[str]:
    reading.blocks += 1
    keys = [column["key"] for column in row.schema.properties] if row.schema else []
    return [
        "<collection>",
        f"<title>{inline.markdown(row, reading)}</title>",
        f"<properties>{', '.join(keys)}</properties>",
        *_inside(row, reading, depth, "content", "itemsPreview"),
        "</collection>",
    ]


def _row(row: Block, reading: Reading, depth: int) -> list[str]:
    reading.blocks += 1
    properties = row.fields.get("properties", {})
    return [
        "<collectionItem>",
        f"<title>{inline.markdown(row, reading)}</title>",
        *(
            f'<property name="{key}">{inline.property_text(value)}</property>'
            for key, value in properties.items()
        ),
        *(_inside(row, reading, depth, "content") if row.content else ()),
        "</collectionItem>",
    ]


def _inside(
    row: Block, reading: Reading, depth: int, tag: str, preview_tag: str = "contentPreview"
) -> list[str]:
    if depth == 0 and row.content:
        return [f"<{preview_tag}>{preview(row, reading)}</{preview_tag}>"]
    lines: list[str] = []
    for before, child in zip([None, *row.content], row.content, strict=False):
        # Items of a list stand line under line, all else has a blank line in between.
        if before is not None and not (_is_item(before) and _is_item(child)):
            lines.append("")
        lines += _block(child, reading, depth - 1)
    if row.content and row.content[-1].type == "page":
        lines.append("")
    return [f"<{tag}>", *(_INDENT + line if line else "" for line in lines), f"</{tag}>"]


def _is_item(row: Block) -> bool:
    if row.type == "collectionItem":
        return True
    return row.type == "text" and row.fields.get("listStyle") in inline.LISTS
