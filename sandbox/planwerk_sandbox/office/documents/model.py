"""Folders, documents, blocks and share links, as compact objects.

Date-times are stored as the API writes them, `YYYY-MM-DDTHH:MM:SSZ` in UTC, days as `YYYY-MM-DD`;
their alphabetical order is their order in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Flavour = Literal["space", "documents", "daily"]
Location = Literal["unsorted", "templates", "daily_notes"]

LOCATIONS: tuple[Location, ...] = ("unsorted", "templates", "daily_notes")
"""Where a document is that is in no folder."""


@dataclass(slots=True, kw_only=True)
class Comment:
    """A remark on a block; Craft tells neither replies nor whether it is resolved."""

    id: str
    author: str
    content: str
    created_at: str


@dataclass(slots=True, kw_only=True)
class Schema:
    """The columns of a collection (`api/craft.md` 3.6).

    Attributes:
        key: Its key in the schema.
        title_key: The member under which a row tells its title; `title` unless renamed.
        title_name: The name of that column.
        properties: The other columns: `key`, `name`, `type` and perhaps `options`.
    """

    key: str
    title_key: str = "title"
    title_name: str = "Titel"
    properties: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Block:
    """A paragraph, page, picture, table, collection, row of a collection, ...

    Attributes:
        id: Its id, in any letter case.
        type: One of `api/craft.md` 3.4, or one that nobody knows.
        text: Its text without the marks of list, heading or callout; of a page, collection or row
            the title, of a picture its alternative text.
        fields: Members that the API tells as they are, left out at their default.
        is_media: Whether its address is another one at each read.
        schema: The columns, for a collection.
        content: Blocks inside; of a collection its rows.
        modified_at: When the block itself changed, not what is inside it.
    """

    id: str
    type: str = "text"
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    is_media: bool = False
    schema: Schema | None = None
    content: list[Block] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    created_at: str
    modified_at: str
    created_by: str
    modified_by: str


@dataclass(slots=True, kw_only=True)
class Folder:
    """A folder that people made; the built-in ones are locations."""

    id: str
    name: str
    parent: str | None = None
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Document:
    """A document; its root page is a block of the same id and holds the title.

    Attributes:
        root: The page with everything inside.
        created_at: When it was made; null where Craft does not tell.
        modified_at: When anything in it last changed, as the listing tells.
        link_id: The id in addresses of the app, another one than the API's.
        folder: The folder it is in, or was in before it was trashed.
        location: Where it is instead, if in no folder.
        daily_note_date: The day of a daily note.
        trashed: Whether it is in the trash.
        purged: Whether it left the trash for good.
        broken: Whether it is listed but cannot be read.
    """

    root: Block
    created_at: str | None
    modified_at: str | None
    link_id: str
    folder: str | None = None
    location: Location | None = None
    daily_note_date: str | None = None
    trashed: bool = False
    purged: bool = False
    broken: bool = False

    @property
    def id(self) -> str:
        """The id of the document and of its root page."""
        return self.root.id


@dataclass(slots=True, kw_only=True)
class Link:
    """A share link, the credential of the API.

    Attributes:
        id: The token in its address.
        flavour: All documents, selected ones, or daily notes and tasks.
        key: What has to be sent as Bearer token, if anything.
        permission: What the link allows.
        documents: Ids of the selected documents, in small letters.
        revoked: Whether the link is dead.
    """

    id: str
    flavour: Flavour
    key: str | None = None
    permission: Literal["read-only", "write-only", "read-write"] = "read-write"
    documents: set[str] = field(default_factory=set)
    revoked: bool = False
