"""Craft's rows that say less than is stored: nothing that was once read is lost."""

from __future__ import annotations

from typing import Any

FULL = {
    "id": "d",
    "title": "Jour fixe",
    "is_deleted": False,
    "daily_note_date": "2026-03-05",
    "created_at": "2026-03-05T08:00:12+00:00",
    "last_modified_at": "2026-03-06T14:22:31+00:00",
    "url": "craftdocs://open?spaceId=a&documentId=b",
}
BARE = {"id": "d", "is_deleted": True}


def stored(warehouse: Any) -> dict[str, Any]:
    row = warehouse.value("select to_jsonb(d) from raw_craft.documents as d")
    return {n: value for n, value in row.items() if value is not None and n[:4] != "_sdc"}


def test_a_deleted_document_keeps_what_was_read_until_it_is_back(warehouse: Any) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_craft("documents", BARE)
    assert stored(warehouse) == BARE
    warehouse.load_craft("documents", FULL)
    assert stored(warehouse) == FULL
    warehouse.load_craft("documents", BARE)
    assert stored(warehouse) == FULL | BARE
    place = "select ctid::text, xmin::text from raw_craft.documents"
    before = warehouse.rows(place)
    warehouse.load_craft("documents", BARE)
    assert warehouse.rows(place) == before
    warehouse.load_craft("documents", FULL)
    assert stored(warehouse) == FULL


def test_a_full_row_changes_and_removes_what_it_says(warehouse: Any) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_craft("documents", FULL)
    living = {"id": "d", "title": "", "is_deleted": False}
    warehouse.load_craft("documents", living)
    assert stored(warehouse) == living
    trashed = FULL | {"title": "", "is_deleted": True, "folder_ids": [], "location": "trash"}
    warehouse.load_craft("documents", trashed)
    assert stored(warehouse) == trashed
