"""Switches for what the Craft API leaves open or a test wants otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from planwerk_sandbox.settings import Settings


@dataclass
class CraftSettings(Settings):
    """How the Craft half behaves (`api/craft.md`, section 9).

    Attributes:
        recursive_folders: Whether `folderId` lists documents of subfolders too.
        unknown_folder: Whether an unknown `folderId` is a 404 or an empty list.
        daily_notes_folder: Whether the tree of folders names `daily_notes` too.
        listing_cache_seconds: How long after a change the unfiltered listing is the one from
            before it, by the office's clock; null for never.
        moves_change_documents: Whether moving, trashing and restoring move `lastModifiedAt`.
        comments_change_documents: Whether a comment moves `lastModifiedAt`.
        millisecond_times: Whether times of documents and blocks tell milliseconds.
        missing_titles: Whether rows of untitled documents lack `title` instead of an empty one.
        broken_status: What `/blocks` answers for a broken document.
        table_form: Whether JSON tables are a grid `rows`, a `markdown`, or now this, now that.
        page_title_tag: Whether the `markdown` of a root page is `<page>Title</page>`.
        page_title_object: Whether pages have `title` as `{value, attributes}` too.
        plain_options: Whether options of a select are strings instead of objects.
        daily_tasks_have_location: Whether the tasks of a daily link tell their `location`.
        media_host: What comes before the token in the address of an uploaded file.
        media_lifetime_seconds: How long such an address is good, by the office's clock.
        media_expired_status: What the files' host answers after that.
        paging_key: A member of lists that should not exist.
        extra_fields: Whether every row has members that nobody documented.
        served_fields: By kind, members put over every served row of that kind, for instance
            `{"documents": {"lastModifiedAt": null}}`; the truth does not show them.
        limits: Whether requests are limited, in real time or by the office's clock.
        requests_per_ten_seconds: Requests of an address in 10 seconds, over all links.
        requests_per_minute: Requests to the space in 60 seconds, over all links.
        blocks_per_minute: Blocks of the space that are read in 60 seconds.
    """

    recursive_folders: bool = False
    unknown_folder: Literal["404", "empty"] = "404"
    daily_notes_folder: bool = False
    listing_cache_seconds: int | None = None
    moves_change_documents: bool = False
    comments_change_documents: bool = False
    millisecond_times: bool = False
    missing_titles: bool = False
    broken_status: Literal[404, 500] = 500
    table_form: Literal["mixed", "rows", "markdown"] = "mixed"
    page_title_tag: bool = False
    page_title_object: bool = False
    plain_options: bool = False
    daily_tasks_have_location: bool = True
    media_host: str = "https://r.craft.do"
    media_lifetime_seconds: int = 3_600
    media_expired_status: Literal[403, 404] = 404
    paging_key: Literal["none", "nextCursor", "pagination"] = "none"
    extra_fields: bool = False
    served_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    limits: Literal["off", "real", "office"] = "off"
    requests_per_ten_seconds: int = 50
    requests_per_minute: int = 100
    blocks_per_minute: int = 20_000
