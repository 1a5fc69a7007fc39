"""Who may read and write what: readers, editors, and those who may create no roles."""

from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_transform import roles
from planwerk_transform.apply import PACKAGE, apply
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAIL_BODIES = ("body_text", "body_html")


@contextlib.contextmanager
def acting_as(warehouse: Any, role: str) -> Iterator[None]:
    warehouse.run(f"set role {role}")
    try:
        yield
    finally:
        warehouse.run("reset role")


def refused(warehouse: Any, statement: str) -> bool:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        warehouse.run(statement)
    return True


def test_a_reader_sees_everything_but_raw_rows_and_the_bodies_of_mails(warehouse: Any) -> None:
    warehouse.load_tags("KG 410")
    warehouse.load("projects", id=7, name="Kita")
    warehouse.load("tasks", id=1, project_id=7, tag_ids=[1])
    warehouse.load_conversation("c")
    warehouse.load_missive(
        "messages", {"id": "m", "conversation_id": "c", "subject": "Ventil", "body": "geheim"}
    )
    warehouse.run("create view planwerk.our_own as select 1 as one")
    warehouse.run(
        "comment on function planwerk.tidy(text) is 'Changed, so that an apply has work.'"
    )
    assert warehouse.apply()
    relations = warehouse.rows(
        "select oid::regclass::text from pg_class where relnamespace = 'planwerk'::regnamespace"
        " and relkind in ('r', 'v', 'm') and relname <> 'email'"
    )
    columns = warehouse.rows(
        "select attname::text from pg_attribute where attrelid = 'planwerk.email'::regclass"
        " and attnum > 0 order by attnum"
    )
    bodies = warehouse.rows(
        "select attrelid::regclass::text, attname::text from pg_attribute as a"
        " join pg_class as c on c.oid = a.attrelid"
        " where c.relnamespace = 'planwerk'::regnamespace and attname ~ 'body|html|raw'"
        " and c.relname <> 'conversation_comment' order by 2 desc"
    )
    assert bodies == [("planwerk.email", body) for body in MAIL_BODIES]
    for role in ("planwerk_reader", "planwerk_editor"):
        with acting_as(warehouse, role):
            for relation in relations:
                warehouse.run(f"select * from {relation}")
            readable = ", ".join(column for column in columns if column not in MAIL_BODIES)
            assert warehouse.run(f"select {readable} from planwerk.email").rowcount == 1
            assert warehouse.value("select item_id from planwerk.newest_items(400)") == "1"
            assert warehouse.value("select planwerk.local_day(now()) is not null")
            for body in MAIL_BODIES:
                assert refused(warehouse, f"select {body} from planwerk.email")
            for raw in ("raw_teamwork.tasks", "raw_missive.messages", "raw_craft.documents"):
                assert refused(warehouse, f"select * from {raw}")
    with acting_as(warehouse, "planwerk_reader"):
        for relation in ("planwerk.assignment", "planwerk.rule", "planwerk.location"):
            assert refused(warehouse, f"delete from {relation}")
            assert refused(warehouse, f"update {relation} set id = id")

    # The one documented statement, which the next apply leaves alone.
    warehouse.run("grant select on planwerk.email to planwerk_reader")
    warehouse.apply()
    with acting_as(warehouse, "planwerk_reader"):
        assert warehouse.rows("select body_html from planwerk.email") == ["geheim"]


def test_what_an_editor_writes_takes_effect_and_bears_their_name(warehouse: Any) -> None:
    warehouse.load_tags("Sanitärkram", "Fehler", "O-Haus A-EG", "O-Haus Alt-EG")
    warehouse.load("tasks", id=1, tag_ids=[1, 2])
    warehouse.run(
        "insert into planwerk.assignment (item_kind, item_id, category, value, created_by)"
        " values ('task', '1', 'cost_group', '420', 'Jana')"
    )
    with acting_as(warehouse, "planwerk_editor"):
        warehouse.run(
            "insert into planwerk.task_type (name) values ('Schaden');"
            " insert into planwerk.rule (category, pattern, position, value) values"
            " ('cost_group', '^sanitär', 60, '410'), ('task_type', '^fehler', 60, 'Schaden'),"
            " ('ignore', '^nie', 60, null);"
            " update planwerk.rule set value = '411' where pattern = '^sanitär';"
            " delete from planwerk.rule where pattern = '^nie';"
            " update planwerk.task_type set name = 'Bauschaden' where name = 'Schaden';"
            " update planwerk.location set name = 'Halle' where name = 'Haus A';"
            " update planwerk.location set merged_into_id ="
            " (select id from planwerk.location where name = 'Halle') where name = 'Haus Alt';"
            " insert into planwerk.internal_domain (domain) values ('buero.example');"
            " delete from planwerk.internal_domain;"
            " insert into planwerk.assignment (item_kind, item_id, category, value)"
            " values ('task', '1', 'location', 'Halle / EG')"
        )
        assert warehouse.rows(
            "select cost_group_codes::int[], location_paths, task_type from planwerk.task"
        ) == [([411, 420], ["Halle / EG"], "Bauschaden")]
        assert warehouse.rows("select name, outcome from planwerk.label order by name") == [
            (name, "matched") for name in ("Fehler", "O-Haus A-EG", "O-Haus Alt-EG", "Sanitärkram")
        ]
        names = "select value, created_by = session_user from planwerk.assignment order by 1"
        assert warehouse.rows(names) == [("420", False), ("Halle / EG", True)]
        warehouse.run("update planwerk.assignment set note = 'so' where value = '420'")
        assert warehouse.rows(names) == [("420", True), ("Halle / EG", True)]
        for statement in (
            "update planwerk.assignment set created_by = 'Jana'",
            "update planwerk.assignment set cost_group_code = 430",
            "update planwerk.label set name = 'x'",
            "insert into planwerk.label_cost_group values ('teamwork', '2', 410, 1)",
            "update planwerk.cost_group set name_de = 'x'",
            "select planwerk.parse_labels()",
        ):
            assert refused(warehouse, statement)
        warehouse.run("delete from planwerk.assignment")
    # Somebody who was given the whole table does not speak in another's name either.
    warehouse.run("grant insert on planwerk.assignment to planwerk_reader")
    with acting_as(warehouse, "planwerk_reader"):
        assert refused(
            warehouse,
            "insert into planwerk.assignment (item_kind, item_id, category, value, created_by)"
            " values ('task', '1', 'cost_group', '420', 'Jana')",
        )


def test_an_apply_that_may_create_no_roles_goes_on_and_says_what_to_type(
    new_database: Callable[..., str], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create role owner_of_{name} login")
        connection.execute(f"alter database {name} owner to owner_of_{name}")
    url = make_conninfo(url, user=f"owner_of_{name}")
    assert apply(url)
    absent = f"absent_{uuid.uuid4().hex[:8]}"
    statements = (PACKAGE / "sql" / "90_roles.sql").read_text("utf-8")
    with psycopg.connect(url) as connection:
        connection.execute(statements.replace("planwerk_reader", absent).encode())
        assert connection.execute("select to_regrole(%s)", [absent]).fetchone() == (None,)
    monkeypatch.setattr(roles, "ROLES", (f"owner_of_{name}",))
    assert roles.missing_roles_notice(url) is None
    monkeypatch.setattr(roles, "ROLES", (f"owner_of_{name}", absent))
    notice = roles.missing_roles_notice(url)
    assert notice is not None
    assert f"a superuser type “create role {absent} nologin;”" in notice
