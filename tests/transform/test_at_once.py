"""Loaders, people, an apply and checks at once: all end well, and as if one after the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_transform.apply import apply
from planwerk_transform.check import compare
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BATCHES = range(8)
ROWS = range(40)


def loading(
    table: str, row: Callable[[int, int], dict[str, Any]], deleted: int = 5
) -> Callable[[psycopg.Connection[Any]], Iterator[None]]:
    """Load batches as the loader does, each in a transaction; then mark what a listing lacks."""

    def load(connection: psycopg.Connection[Any]) -> Iterator[None]:
        for batch in BATCHES:
            rows = [row(batch, n) for n in ROWS]
            changes = ", ".join(f'"{name}" = n."{name}"' for name in rows[0] if name != "id")
            with connection.transaction():
                connection.execute(
                    "create temporary table loading on commit drop as"
                    f" select * from jsonb_populate_recordset(null::{table}, %s)",
                    [Jsonb(rows)],
                )
                connection.execute(
                    f"insert into {table} select n.* from loading as n"
                    f" left join {table} as o on o.id = n.id where o.id is null"
                )
                connection.execute(
                    f"update {table} as t set {changes} from loading as n where n.id = t.id"
                )
            yield
        connection.execute(
            f"update {table} set _sdc_deleted_at = now() where hashtext(id::text) %% %s = 0",
            [deleted],
        )

    return load


def by_hand(*statements: str) -> Callable[[psycopg.Connection[Any]], Iterator[None]]:
    """Run these statements again and again, each in a transaction."""

    def edit(connection: psycopg.Connection[Any]) -> Iterator[None]:
        for _ in BATCHES:
            for statement in statements:
                connection.execute(statement.encode())
                yield

    return edit


def label_name(batch: int, n: int) -> str:
    """Names that meet: buildings and floors that several sources spell, projects, cost groups."""
    names = (f"O-Haus {n % 7}-{batch % 3}. OG", f"KG {300 + n}", f"{2400 + n % 9} Kita", "Mangel")
    return names[(batch + n) % 4]


def person(n: int) -> dict[str, str]:
    return {"address": f"p{n % 30}@office.de", "name": f"Name {n % 50}"}


SESSIONS = {
    "tags": loading("raw_teamwork.tags", lambda b, n: {"id": n, "name": label_name(b, n)}),
    "projects": loading(
        "raw_teamwork.projects",
        lambda b, n: {"id": n % 9 + 9 * (n // 9), "name": f"{2400 + (n + b) % 9} Kita"},
    ),
    "tasks": loading(
        "raw_teamwork.tasks",
        lambda b, n: {"id": n, "name": f"{b}", "tag_ids": [n, n + b], "project_id": n},
    ),
    "people": loading(
        "raw_teamwork.people",
        lambda b, n: {"id": n, "email": person(n + b)["address"], "first_name": f"{b}"},
    ),
    "labels": loading(
        "raw_missive.shared_labels",
        lambda b, n: {"id": f"l{n}", "name": label_name(n, b), "parent_id": f"l{n // 3 - 1}"},
    ),
    "conversations": loading(
        "raw_missive.conversations",
        lambda b, n: {
            "id": f"c{n}",
            "shared_label_ids": [f"l{n}", f"l{n + b}", f"h{n % 5}"],
            "shared_labels": [{"id": f"h{n % 5}", "name": label_name(b, n)}],
            "merged_into_id": f"c{n // 2}" if (n + b) % 7 == 0 else None,
            "is_guest": False,
            "is_deleted": False,
            "_sdc_extracted_at": f"2026-03-10T08:{b:02}:{n:02}Z",
        },
    ),
    "messages": loading(
        "raw_missive.messages",
        lambda b, n: {
            "id": f"m{n + 20 * b}",
            "conversation_id": f"c{n}",
            "from_field": person(n + b),
            "to_fields": [person(3 * n), person(b)],
            "delivered_at": f"2026-03-10T08:{b:02}:{n:02}Z",
            "body": "x",
        },
    ),
    "folders": loading(
        "raw_craft.folders",
        lambda b, n: {"id": f"f{n}", "name": label_name(b, n), "path": [label_name(b, n)]},
    ),
    "a person who reads": by_hand(
        "select count(*) from planwerk.item_cost_group",
        "select count(*) from planwerk.sync_status",
        "select count(*) from planwerk.email",
        "select count(*) from planwerk.unmatched_label",
        "select count(*) from planwerk.item_project",
    ),
    "a person who edits rules": by_hand(
        "insert into planwerk.rule (category, pattern, position, value)"
        " values ('cost_group', '^mangel', 1, '410'), ('project', '^mangel', 1, '2')",
        "update planwerk.rule set position = position + 1 where default_name is null",
        "delete from planwerk.rule where default_name is null",
    ),
    "a person who edits the rest": by_hand(
        "update planwerk.location set name = name || '!' where kind = 'building'",
        "insert into planwerk.internal_domain values ('office.de') on conflict do nothing",
        "update planwerk.location set merged_into_id = (select min(id) from planwerk.location"
        " as s where s.kind = 'building') where kind = 'building' and spelling_key = 'haus 3'"
        " and id > (select min(id) from planwerk.location as s where s.kind = 'building')",
        "delete from planwerk.internal_domain",
        "update planwerk.location set merged_into_id = null",
    ),
}


def test_all_at_once_end_well_and_as_if_one_after_the_other(warehouse: Any) -> None:
    failures: list[str] = []
    start = threading.Barrier(len(SESSIONS) + 1)

    def run(name: str, work: Callable[[psycopg.Connection[Any]], Iterator[None]]) -> None:
        with psycopg.connect(warehouse.url, autocommit=True) as connection:
            start.wait(30)
            try:
                for _ in work(connection):
                    pass
            except psycopg.Error as error:
                failures.append(f"{name}: {error}")

    def compared(*, keep: bool = False) -> None:
        failures.extend(compare(warehouse.url, keep=keep).as_lines())

    threads = [threading.Thread(target=run, args=session) for session in SESSIONS.items()]
    for thread in threads:
        thread.start()
    start.wait(30)
    compared()
    warehouse.run("update planwerk.applied set shipped = ''")
    assert apply(warehouse.url) is True
    compared()
    compared(keep=True)
    for thread in threads:
        thread.join()
    compared()
    assert failures == []
    assert warehouse.value(DEADLOCKS) == 0


DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"


@pytest.mark.parametrize(
    ("table", "uncommitted", "row"),
    [
        (
            "messages",
            "update raw_missive.conversations set merged_into_id = 'c' where id = 'd'",
            {"id": "m", "conversation_id": "d"},
        ),
        (
            "conversations",
            "update raw_missive.shared_labels set _sdc_deleted_at = now()",
            {"id": "e", "shared_label_ids": ["l"], "shared_labels": [{"id": "l", "name": "KG 1"}]},
        ),
        (
            "shared_labels",
            "insert into raw_missive.shared_labels (id, name) values ('p', 'KG 410')",
            {"id": "l", "name": "Rechnungen", "parent_id": "p"},
        ),
    ],
)
def test_what_another_session_is_about_to_commit_is_not_missed(
    warehouse: Any,
    second_session: psycopg.Connection[Any],
    table: str,
    uncommitted: str,
    row: dict[str, Any],
) -> None:
    warehouse.load_labels(l="KG 440")
    warehouse.load_conversation("c", "l")
    warehouse.load_conversation("d", "l")
    second_session.execute(uncommitted.encode())
    load = threading.Thread(target=warehouse.load_missive, args=[table, row])
    load.start()
    load.join(0.3)
    assert load.is_alive()
    second_session.commit()
    load.join(10)
    assert list(compare(warehouse.url, keep=False).as_lines()) == []
