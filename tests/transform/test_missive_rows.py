"""Missive rows that say less than is stored: nothing that was once read is lost."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

FULL = {
    "id": "c",
    "subject": "Kita",
    "latest_message_subject": "AW: Ventil",
    "created_at": "2026-01-01T00:00:00Z",
    "last_activity_at": "2026-03-01T00:00:00Z",
    "assignee_ids": ["u"],
    "assignee_names": "Jana",
    "shared_label_ids": ["l"],
    "shared_labels": [{"id": "l", "name": "KG 410"}],
    "shared_label_names": "KG 410",
    "users": [{"id": "u", "trashed": True}],
    "authors": [{"name": "Huber"}],
    "messages_count": 3,
    "web_url": "https://x.example",
    "is_trashed": True,
    "is_junked": False,
    "is_guest": False,
    "is_deleted": False,
}
GUEST = {"id": "c", "last_activity_at": "2026-03-02T00:00:00Z", "is_guest": True}
GUEST |= {"is_deleted": False}
DELETED = {"id": "c", "is_deleted": True}
MERGED = {"id": "c", "is_deleted": False, "merged_into_id": "d"}
MARKS = {"is_guest", "is_deleted", "merged_into_id", "last_activity_at"}


def stored(warehouse: Any, table: str) -> dict[str, Any]:
    row = warehouse.value(
        f"select to_jsonb(t) - array(select attname::text from pg_attribute"
        f" where attrelid = 'raw_missive.{table}'::regclass and attname like '\\_sdc%%')"
        f" from raw_missive.{table} as t"
    )
    return {name: value for name, value in row.items() if value is not None}


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as `stored` gives it."""
    moments = {name: f"{row[name][:19]}+00:00" for name in row if name.endswith("_at")}
    return {name: value for name, value in (row | moments).items() if value is not None}


@pytest.mark.parametrize("mark", [GUEST, DELETED, MERGED], ids=["guest", "deleted", "merged"])
def test_a_conversation_keeps_what_was_read_when_only_a_mark_comes(
    warehouse: Any, mark: dict[str, Any]
) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_missive("conversations", FULL)
    warehouse.load_missive("conversations", mark)
    assert stored(warehouse, "conversations") == told(FULL | mark)


@pytest.mark.parametrize("mark", [GUEST, DELETED, MERGED], ids=["guest", "deleted", "merged"])
def test_a_full_row_after_a_mark_is_a_conversation_as_if_the_mark_had_never_been(
    warehouse: Any, mark: dict[str, Any]
) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_missive("conversations", mark)
    warehouse.load_missive("conversations", FULL)
    assert stored(warehouse, "conversations") == told(FULL)
    warehouse.load_missive("conversations", mark)
    warehouse.load_missive("conversations", FULL)
    assert stored(warehouse, "conversations") == told(FULL)


@pytest.mark.parametrize(
    "marks", list(itertools.permutations([GUEST, DELETED, MERGED], 2)), ids=lambda _: ""
)
def test_marks_after_each_other_erase_nothing(
    warehouse: Any, marks: tuple[dict[str, Any], ...]
) -> None:
    warehouse.load_missive("conversations", FULL)
    for mark in marks:
        warehouse.load_missive("conversations", mark)
    now = stored(warehouse, "conversations")
    assert {n: now[n] for n in FULL if n not in MARKS and not n.endswith("_at")} == {
        n: v for n, v in FULL.items() if n not in MARKS and not n.endswith("_at")
    }
    assert now["is_deleted"] is (marks[-1] is DELETED)
    assert now.get("merged_into_id") == (None if marks[-1] is GUEST or MERGED not in marks else "d")


def test_a_full_row_changes_and_removes_what_it_knows(warehouse: Any) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_missive("conversations", FULL)
    bare = FULL | {
        "subject": None,
        "assignee_ids": [],
        "assignee_names": "",
        "shared_label_ids": [],
        "shared_labels": [],
        "shared_label_names": "",
        "is_trashed": False,
    }
    warehouse.load_missive("conversations", bare)
    assert stored(warehouse, "conversations") == told(bare)


def test_a_full_row_with_gaps_leaves_what_it_does_not_know(warehouse: Any) -> None:
    warehouse.run("set timezone to 'UTC'")
    warehouse.load_missive("conversations", FULL)
    known = ("id", "is_guest", "is_deleted", "last_activity_at", "web_url")
    warehouse.load_missive("conversations", {name: FULL[name] for name in known})
    gone = ("subject", "latest_message_subject", "authors", "messages_count")
    left = {name: value for name, value in told(FULL).items() if name not in gone}
    assert stored(warehouse, "conversations") == left


MESSAGE = {
    "id": "m",
    "conversation_id": "c",
    "subject": "AW: Ventil",
    "preview": "Guten Tag",
    "body": "<p>Guten Tag</p>",
    "body_text": "Guten Tag",
    "from_field": {"name": "Huber"},
    "to_fields": [{"address": "j@x.example"}],
    "cc_fields": [{"address": "o@x.example"}],
    "bcc_fields": [],
    "attachments": [{"id": "a"}],
    "references": ["<1@x>"],
}


def test_a_redacted_message_keeps_its_text_and_recipients_and_moves(warehouse: Any) -> None:
    warehouse.load_missive("messages", MESSAGE)
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "d", "subject": "neu"})
    expected = MESSAGE | {"conversation_id": "d", "subject": "neu"}
    assert {k: v for k, v in stored(warehouse, "messages").items() if k in MESSAGE} == expected


def test_a_message_read_in_full_changes_and_removes_what_it_knows(warehouse: Any) -> None:
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "c"})
    warehouse.load_missive("messages", MESSAGE)
    changed = MESSAGE | {"body": "", "body_text": "", "cc_fields": [], "attachments": []}
    changed["subject"] = None
    warehouse.load_missive("messages", changed)
    now = stored(warehouse, "messages")
    assert {name: now.get(name) for name in MESSAGE} == changed


def test_a_deleted_contact_keeps_its_name_until_it_is_back(warehouse: Any) -> None:
    names = "select first_name, starred, deleted, contact_book_id from raw_missive.contacts"
    full = {"id": "k", "contact_book_id": "b", "first_name": "Ole", "starred": True}
    warehouse.load_missive("contacts", full | {"deleted": False})
    warehouse.load_missive("contacts", {"id": "k", "contact_book_id": "b", "deleted": True})
    assert warehouse.rows(names) == [("Ole", True, True, "b")]
    warehouse.load_missive("contacts", full | {"deleted": False, "first_name": None})
    assert warehouse.rows(names) == [(None, True, False, "b")]


@pytest.mark.parametrize(
    ("table", "full", "mark"),
    [
        ("conversations", FULL, GUEST),
        ("conversations", FULL, DELETED),
        ("conversations", FULL, MERGED),
        ("messages", MESSAGE, {"id": "m"}),
    ],
)
def test_a_mark_that_comes_again_writes_nothing(
    warehouse: Any, table: str, full: dict[str, Any], mark: dict[str, Any]
) -> None:
    warehouse.load_missive(table, full)
    warehouse.load_missive(table, mark)
    query = f"select ctid::text, xmin::text from raw_missive.{table}"
    before = warehouse.rows(query)
    warehouse.load_missive(table, mark)
    assert warehouse.rows(query) == before
