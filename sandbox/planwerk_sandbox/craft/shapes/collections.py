"""Collections, their schemas and rows (`api/craft.md` 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.craft.shapes import blocks

if TYPE_CHECKING:
    from planwerk_sandbox.craft.reading import Reading, Shape
    from planwerk_sandbox.office.documents.model import Block, Document, Schema

_JSON_TYPES: dict[str, Shape] = {
    "text": {"type": "string"},
    "url": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}


def collection(row: Block, document: Document, reading: Reading) -> Shape:
    """Write a collection as the list shows it."""
    shape: Shape = {"id": row.id, "name": row.text, "itemCount": len(row.content)}
    if reading.view.flavour == "daily":
        return shape | {"dailyNoteDate": document.daily_note_date}
    return shape | {"documentId": document.id}


def schema(row: Block, reading: Reading) -> Shape:
    """Write the columns in the API's own form."""
    columns = _columns(row)
    return {
        "key": columns.key,
        "name": row.text,
        "contentPropDetails": {"key": columns.title_key, "name": columns.title_name},
        "properties": [_property(column, reading) for column in columns.properties],
    }


def json_schema(row: Block) -> Shape:
    """Write the columns as a JSON Schema of what `/items` takes."""
    columns = _columns(row)
    properties = {
        column["key"]: {"title": column["name"], **_json_type(column)}
        for column in columns.properties
    }
    item = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            columns.title_key: {"type": "string", "title": columns.title_name},
            "properties": {"type": "object", "properties": properties},
        },
    }
    return {"type": "object", "properties": {"items": {"type": "array", "items": item}}}


def item(row: Block, parent: Block, reading: Reading, depth: int) -> Shape:
    """Write a row; what is empty is left out, the title is under the key of its column."""
    reading.blocks += 1
    shape: Shape = {"id": row.id}
    if row.text:
        shape[_columns(parent).title_key] = row.text
    shape["properties"] = row.fields.get("properties", {})
    if depth != 0:
        shape |= blocks.content(row, reading, depth)
    return shape


def _columns(row: Block) -> Schema:
    if row.schema is None:
        raise ValueError(f"Block {row.id} is no collection.")
    return row.schema


def _names(column: dict[str, Any]) -> list[str]:
    return [option["name"] for option in column["options"]]


def _property(column: dict[str, Any], reading: Reading) -> Shape:
    if "options" in column and reading.settings.plain_options:
        return column | {"options": _names(column)}
    return column


def _json_type(column: dict[str, Any]) -> Shape:
    match column["type"]:
        case "singleSelect":
            return {"type": "string", "enum": _names(column)}
        case "multiSelect":
            return {"type": "array", "items": {"type": "string", "enum": _names(column)}}
        case other:
            return _JSON_TYPES.get(other, {})
