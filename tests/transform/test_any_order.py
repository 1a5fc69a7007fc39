"""Whatever is loaded, edited and deleted in whatever order, triggers end where a rebuild does.

`--hypothesis-profile=long --timeout=0` tries many more schedules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from planwerk_transform.check import compute_afresh
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Callable

IS_LONG = settings.get_current_profile_name() == "long"

NAMES = (
    ["KG 410", "KGR 43X", "KG 370 Baukonstruktive Einbauten", "KG 999", "Nachträge KG 440",
     "O-Haus A-EG", "O-haus a-1.OG", "EG", "Mangel", "Projekte", "2417 Kita Nord", "Kita Nord",
     "BV 2418", "Projekt: 50%_", "50%_", "Sanitär", "dringend", "410", "2417", "", None]
)  # fmt: skip
PROJECT_NAMES = ["2417 Kita Nord", "Kita Nord", "2417 Anbau", "2418 Schule", "50%_", "50xx", None]
ADDRESSES = st.sampled_from(["a@office.de", "A@Office.de ", "b@other.de", "none", None])
PERSON_NAMES = st.sampled_from(["Anna", "Anna Müller", "b@other.de", "", None])
MOMENTS = st.integers(1, 4).map("2026-03-0{}T00:00:00Z".format)
TAGS, PROJECTS, TASKS = st.integers(1, 4), st.integers(11, 13), st.integers(21, 23)
LABELS = st.sampled_from("abcd")
CONVERSATIONS = st.sampled_from("uvw")
FOLDERS = st.sampled_from("fgh")
FLAGS = st.sampled_from([False, False, False, True])
MENTIONS = st.lists(st.fixed_dictionaries({"address": ADDRESSES, "name": PERSON_NAMES}), max_size=2)
RULES = st.sampled_from(
    [
        ("cost_group", "name", "^sanitär", "450"),
        ("cost_group", "path", "^kita nord / ", "330"),
        ("location", "name", "^kita (nord)", None),
        ("task_type", "name", "dringend", "Mangel"),
        ("project", "name", "^dringend$", "Kita Nord"),
        ("ignore", "name", "^dringend", None),
    ]
)
BY_HAND = st.sampled_from(
    [
        "update planwerk.rule set enabled = not enabled where default_name = 'cost_group_prefix'",
        "update planwerk.rule set position = 1 where default_name is null",
        "delete from planwerk.rule where default_name is null",
        "update planwerk.task_type set name = name || '!' where name like 'Mangel%'",
        "insert into planwerk.internal_domain values ('office.de') on conflict do nothing",
        "update planwerk.internal_domain set domain = 'other.de'",
        "delete from planwerk.internal_domain",
        "update planwerk.location set name = name || '!' where kind = 'building'",
        "update planwerk.location set name = 'OG', parent_id = parent_id where kind = 'floor'",
        (
            "update planwerk.location set merged_into_id = (select min(id) from planwerk.location"
            " as s where s.kind = location.kind) where id = (select max(id) from planwerk.location)"
        ),
        "update planwerk.location set merged_into_id = null",
        "delete from planwerk.assignment",
    ]
)
WORDS = st.tuples(
    st.sampled_from([("task", "21"), ("conversation", "u"), ("document", "d1")]),
    st.sampled_from(
        [("cost_group", "410"), ("location", "Haus A / EG"), ("task_type", "Mangel"),
         ("project", "2417 Kita Nord"), ("project", "11")]
    ),
    st.sampled_from(["include", "exclude"]),
)  # fmt: skip
THEMES = (
    ("raw_teamwork.tags", "raw_teamwork.projects", "raw_teamwork.tasks"),
    ("raw_missive.shared_labels", "raw_missive.conversations"),
    ("raw_missive.shared_labels", "raw_missive.conversations", "raw_teamwork.projects"),
    ("raw_craft.folders", "raw_craft.documents", "raw_teamwork.projects"),
    ("raw_missive.conversations", "raw_missive.messages", "raw_missive.comments"),
    ("raw_teamwork.people", "raw_teamwork.companies", "raw_missive.users"),
    ("raw_missive.contacts", "raw_missive.messages", "raw_missive.users"),
)


def rows_of(
    names: st.SearchStrategy[str | None], project_names: st.SearchStrategy[str | None]
) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """Rows of every raw table that triggers watch: few keys, so that rows meet."""
    carried = st.lists(
        st.tuples(LABELS, names, st.none() | LABELS), max_size=2, unique_by=lambda label: label[0]
    )
    columns: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "raw_teamwork.tags": {"id": TAGS, "name": names},
        "raw_teamwork.projects": {
            "id": PROJECTS,
            "name": project_names,
            "status": st.sampled_from(["active", "archived", "deleted"]),
            "deleted_at": st.sampled_from([None, None, "2026-03-01T00:00:00Z"]),
        },
        "raw_teamwork.tasks": {
            "id": TASKS,
            "name": names,
            "tag_ids": st.lists(TAGS, max_size=3),
            "project_id": st.none() | PROJECTS,
            "updated_at": MOMENTS,
        },
        "raw_teamwork.companies": {"id": st.integers(1, 2), "is_owner": FLAGS},
        "raw_teamwork.people": {
            "id": st.integers(31, 32),
            "email": ADDRESSES,
            "first_name": PERSON_NAMES,
            "company_id": st.integers(1, 2),
            "deleted": FLAGS,
        },
        "raw_missive.shared_labels": {
            "id": LABELS,
            "name": names,
            "parent_id": st.none() | LABELS,
            "name_with_parent_names": names,
        },
        "raw_missive.conversations": {
            "id": CONVERSATIONS,
            "subject": names,
            "is_guest": FLAGS,
            "is_deleted": FLAGS,
            "is_trashed": FLAGS,
            "is_junked": FLAGS,
            "merged_into_id": st.none() | st.none() | CONVERSATIONS,
            "_sdc_extracted_at": MOMENTS,
            "labels": carried,
        },
        "raw_missive.messages": {
            "id": st.sampled_from(["m1", "m2", "m3"]),
            "conversation_id": CONVERSATIONS,
            "delivered_at": MOMENTS,
            "from_field": st.fixed_dictionaries({"address": ADDRESSES, "name": PERSON_NAMES}),
            "to_fields": MENTIONS,
            "cc_fields": st.none() | MENTIONS,
            "body": st.sampled_from(["x", None]),
        },
        "raw_missive.comments": {"id": st.sampled_from(["n1"]), "conversation_id": CONVERSATIONS},
        "raw_missive.users": {"id": st.just("p1"), "email": ADDRESSES, "name": PERSON_NAMES},
        "raw_missive.contacts": {
            "id": st.sampled_from(["q1", "q2"]),
            "first_name": PERSON_NAMES,
            "deleted": FLAGS,
            "infos": st.lists(
                st.fixed_dictionaries(
                    {"kind": st.sampled_from(["email", "phone"]), "value": ADDRESSES}
                ),
                max_size=2,
            ),
        },
        "raw_craft.folders": {
            "id": FOLDERS,
            "name": names,
            "path": st.lists(names.map(lambda name: name or ""), max_size=2),
        },
        "raw_craft.documents": {
            "id": st.sampled_from(["d1", "d2"]),
            "title": names,
            "folder_id": st.none() | FOLDERS,
        },
    }
    return {table: st.fixed_dictionaries(kinds) for table, kinds in columns.items()}


TABLES = tuple(rows_of(st.none(), st.none()))


def as_sent(row: dict[str, Any]) -> dict[str, Any]:
    """Write the labels of a conversation as Missive does."""
    if "labels" not in row:
        return row
    labels = row["labels"]
    return {name: value for name, value in row.items() if name != "labels"} | {
        "shared_label_ids": [key for key, *_ in labels],
        "shared_labels": [
            {"id": key, "name": name, "parent": parent, "name_with_parent_names": name}
            for key, name, parent in labels
        ],
    }


@st.composite
def schedules(draw: st.DrawFn) -> list[tuple[str, Any, Any]]:
    """What happens in one office: mostly to few tables and with few names, so that much meets."""
    tables = st.sampled_from(draw(st.sampled_from([*THEMES, TABLES])))
    names = st.sampled_from(draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5)))
    project_names = st.sampled_from(
        draw(st.lists(st.sampled_from(PROJECT_NAMES), min_size=1, max_size=3))
    )
    rows = rows_of(names, project_names)
    load = tables.flatmap(
        lambda table: st.tuples(
            st.just("load"), st.just(table), st.lists(rows[table], min_size=1, max_size=4)
        )
    )
    gone = st.tuples(st.sampled_from(["mark", "mark", "delete"]), tables, st.integers(0, 3))
    person = st.one_of(
        st.tuples(st.just("rule"), RULES, st.integers(1, 40)),
        st.tuples(st.just("by hand"), BY_HAND, st.none()),
        st.tuples(st.just("word"), WORDS, st.none()),
        st.tuples(st.just("truncate"), tables, st.none()),
    )
    return draw(st.lists(st.one_of(load, load, gone, person), min_size=16, max_size=40))


class Office:
    """A warehouse that is emptied for every schedule, and what happens to it."""

    def __init__(self, warehouse: Any) -> None:
        self.connection: psycopg.Connection[Any] = warehouse.connection
        self.columns = {
            table: warehouse.rows(
                "select attname::text from pg_attribute"
                f" where attrelid = '{table}'::regclass and attnum > 0 order by attnum"
            )
            for table in TABLES
        }
        tables = warehouse.rows(
            "select c.oid::regclass::text from pg_class as c"
            " join pg_namespace as n on n.oid = c.relnamespace where c.relkind = 'r' and ("
            r" n.nspname like 'raw\_%%' or n.nspname = 'planwerk' and not c.relname = any(%s))",
            [["applied", "cost_group", "cost_group_2008", "default_rule", "rule",
              "schema_version", "setting", "task_type"]],
        )  # fmt: skip
        self.cleaning = "; ".join(
            [
                "begin",
                # neither triggers nor foreign keys
                "set local session_replication_role = replica",
                *(f"delete from {table}" for table in tables),
                "delete from planwerk.rule where default_name is null",
                "update planwerk.rule set enabled = true where not enabled",
                "update planwerk.task_type set name = rtrim(name, '!') where name like '%!'",
                "commit",
            ]
        )

    def clean(self) -> None:
        self.connection.execute(self.cleaning.encode())

    def differences(self) -> list[str]:
        with self.connection.transaction(force_rollback=True):
            return list(compute_afresh(self.connection).as_lines())

    def do(self, kind: str, what: Any, more: Any) -> None:
        """Do it in a transaction of its own; a person may be refused, a loader may not."""
        try:
            with self.connection.transaction():
                getattr(self, kind.replace(" ", "_"))(what, more)
        except (psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation):
            if kind in ("load", "mark", "delete", "truncate"):
                raise

    def load(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Insert what is new and update all, as the loader does; of one key the last row counts."""
        self.connection.execute(
            f"create temporary table loading on commit drop as"
            f" select * from jsonb_populate_recordset(null::{table}, %s)",
            [Jsonb([as_sent(row) for row in {row["id"]: row for row in rows}.values()])],
        )
        self.connection.execute(
            f"insert into {table} select n.* from loading as n"
            f" left join {table} as o on o.id = n.id where o.id is null"
        )
        changes = ", ".join(f'"{name}" = n."{name}"' for name in self.columns[table][1:])
        self.connection.execute(
            f"update {table} as t set {changes} from loading as n where n.id = t.id"
        )

    def mark(self, table: str, which: int) -> None:
        """Mark rows deleted, as a complete listing without them does."""
        self.connection.execute(
            f"update {table} set _sdc_deleted_at = '2026-03-0{1 + which}T12:00:00Z'"
            " where hashtext(id::text) & 1 = %s & 1 and _sdc_deleted_at is null",
            [which],
        )

    def delete(self, table: str, which: int) -> None:
        self.connection.execute(
            f"delete from {table} where hashtext(id::text) & 1 = %s & 1", [which]
        )

    def truncate(self, table: str, _: None) -> None:
        self.connection.execute(f"truncate {table}")

    def rule(self, rule: tuple[str, str, str, str | None], position: int) -> None:
        self.connection.execute(
            "insert into planwerk.rule (category, reads, pattern, value, position)"
            " values (%s, %s, %s, %s, %s)",
            [*rule, position],
        )

    def by_hand(self, statement: str, _: None) -> None:
        self.connection.execute(statement.encode())

    def word(self, word: tuple[tuple[str, str], tuple[str, str], str], _: None) -> None:
        item, category, verdict = word
        self.connection.execute(
            "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
            " values (%s, %s, %s, %s, %s)",
            [*item, *category, verdict],
        )


@pytest.fixture(scope="module")
def office(make_warehouse: Callable[[], Any]) -> Office:
    """One office for all schedules."""
    return Office(make_warehouse())


@settings(
    max_examples=2_000 if IS_LONG else 40,
    deadline=None,
    # A failure is shown as it was found; the long run makes it small.
    phases=tuple(Phase) if IS_LONG else (Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(schedule=schedules())
def test_any_schedule_ends_where_a_rebuild_does(
    office: Office, schedule: list[tuple[str, Any, Any]]
) -> None:
    office.clean()
    for n, operation in enumerate(schedule, start=1):
        office.do(*operation)
        if n % 8 == 0 or n == len(schedule):
            assert office.differences() == [], f"after {n} operations"
