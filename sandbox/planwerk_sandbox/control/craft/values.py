"""The `values` of a mutation: which names each kind of row knows, and what fits them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.documents.model import LOCATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office.documents import Space
    from planwerk_sandbox.office.documents.space import Place

Values = dict[str, Any]

BLOCK_FIELDS = (
    *("textStyle", "font", "textAlignment", "listStyle", "indentationLevel", "decorations"),
    *("color", "taskInfo", "cardLayout", "url", "size", "width", "uploaded", "fileSize"),
    *("mimeType", "fileName", "blockLayout", "title", "description", "layout", "rawCode"),
    *("language", "lineStyle", "rows", "properties"),
)
"""Members of blocks that are stored as the API tells them."""

BLOCK = ("type", "text", "content", "media", *BLOCK_FIELDS)
"""What a block can be given."""

_TASK = ("text", "state", "scheduleDate", "deadlineDate", "repeat")
_TIMES = ("createdAt", "lastModifiedAt")

CREATED: dict[str, tuple[str, ...]] = {
    "folders": ("name", "parent"),
    "documents": (
        *("title", "folder", "location", "dailyNoteDate", "blocks", "broken", "links"),
        *_TIMES,
    ),
    "blocks": ("document", "parent", "position", *BLOCK),
    "collections": ("document", "name", "properties", "titleKey"),
    "collection_items": ("collection", "title", "properties", "content"),
    "tasks": ("document", *_TASK),
    "links": ("id", "flavour", "key", "permission", "documents"),
}
"""What a new row of each kind can be given."""

EDITED: dict[str, tuple[str, ...]] = {
    "folders": ("name", "parent"),
    "documents": ("title", "dailyNoteDate", "broken", *_TIMES),
    "blocks": ("type", "text", "media", *BLOCK_FIELDS),
    "collections": ("name", "properties"),
    "collection_items": ("title", "properties"),
    "tasks": _TASK,
    "links": ("key", "permission"),
}
"""What can be changed of a row of each kind."""

ACTED: dict[str, dict[str, tuple[str, ...]]] = {
    "documents": {
        "move": ("folder", "location"),
        "trash": (),
        "restore": (),
        "purge": (),
        "append": ("text",),
        "add_to_scope": ("link",),
        "remove_from_scope": ("link",),
    },
    "blocks": {"comment": ("content", "author")},
    "links": {"revoke": (), "restore": ()},
}
"""The values of each action of a kind besides `edit` and `delete`."""

_REQUIRED = {
    "folders": ("name",),
    "collections": ("document", "name"),
    "collection_items": ("collection",),
    "tasks": ("text",),
    "links": ("id", "flavour"),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "location": LOCATIONS,
    "flavour": ("space", "documents", "daily"),
    "permission": ("read-only", "write-only", "read-write"),
    "state": ("todo", "done", "canceled"),
}
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("broken", "media", "uploaded"), (bool,)),
    **dict.fromkeys(("blocks", "links", "documents", "decorations", "rows"), (list,)),
    **dict.fromkeys(("name", "title", "text", "author", "type", "id", "key"), (str,)),
    **dict.fromkeys(("indentationLevel", "position"), (int,)),
    **dict.fromkeys(("taskInfo", "repeat"), (dict,)),
    "content": (str, list),
    "properties": (dict, list),
}
_PATTERNS = {
    **dict.fromkeys(_TIMES, (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-03-10T08:00:00Z")),
    **dict.fromkeys(
        ("dailyNoteDate", "scheduleDate", "deadlineDate"), (r"\d{4}-\d\d-\d\d", "2026-03-10")
    ),
}


def check(space: Space, kind: str, action: str, values: Values) -> None:
    """Raise `MutationError` for a value that is unknown, missing or does not fit."""
    known = ACTED.get(kind, {}).get(action, ())
    if action == "edit":
        known = EDITED[kind]
    if action == "create":
        known = CREATED[kind]
        missing = [n for n in _REQUIRED.get(kind, ()) if values.get(n) is None]
        if kind == "blocks" and not (values.get("document") or values.get("parent")):
            missing = ["document or parent"]
        if missing:
            raise MutationError(f"To create a row of {kind}, send {', '.join(missing)} too.")
    for name, value in values.items():
        if name not in known:
            raise MutationError(
                f"To {action} a row of {kind}, {name!r} is no value; known are {', '.join(known)}."
            )
        if value is not None:
            _check_form(name, value)
            _check_reference(space, kind, name, value)


def _check_form(name: str, value: Any) -> None:  # noqa: ANN401  # any JSON
    if name in ("blocks", "content") and isinstance(value, list):
        _check_blocks(value)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise MutationError(f"{name} is one of {', '.join(_CHOICES[name])}, not {value!r}.")
    if name in _TYPES and type(value) not in _TYPES[name]:
        expected = " or ".join(kind.__name__ for kind in _TYPES[name])
        raise MutationError(f"{name} is of type {expected}, not {value!r}.")
    if name in _PATTERNS:
        pattern, example = _PATTERNS[name]
        if not re.fullmatch(pattern, str(value)):
            raise MutationError(f"{name} is written like {example}, not {value!r}.")


def _check_blocks(blocks: list[Any]) -> None:
    for block in blocks:
        if not isinstance(block, dict):
            raise MutationError(f"A block is a JSON object, not {block!r}.")
        for name, value in block.items():
            if name not in BLOCK:
                raise MutationError(f"Blocks have no value {name!r}; known are {', '.join(BLOCK)}.")
            if value is not None:
                _check_form(name, value)


def _check_reference(space: Space, kind: str, name: str, value: Any) -> None:  # noqa: ANN401
    found: dict[str, Callable[[str], object]] = {
        "folder": space.folder,
        "document": space.document,
        "link": space.links.get,
        "links": space.links.get,
        "documents": space.document,
        "collection": partial(_inside, space, ("collection",)),
        "parent": space.folder if kind == "folders" else partial(_inside, space, None),
    }
    if name not in found:
        return
    for row_id in value if isinstance(value, list) else [value]:
        if not isinstance(row_id, str) or found[name](row_id) is None:
            raise MutationError(f"{name}: there is none with the id {row_id!r}.")


def _inside(space: Space, types: tuple[str, ...] | None, block_id: str) -> Place | None:
    """Return where a block of some types is, if it is in a document."""
    place = space.place(block_id)
    if place is None or place.document is None or (types and place.block.type not in types):
        return None
    return place
