"""Applying: all or nothing, once or a hundred times, alone or at the same time."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_transform.apply import PACKAGE, apply
from planwerk_transform.errors import TransformError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def catalogue(warehouse: Any) -> Any:
    return warehouse.value((PACKAGE / "catalogue_fingerprint.sql").read_text("utf-8"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package to break."""
    copied = tmp_path / "a package"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def test_a_second_apply_changes_nothing(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A")
    tables = ("cost_group", "cost_group_2008", "rule", "task_type", "label", "applied")
    query = " union all ".join(
        f"select '{table}', xmin::text, {table}::text from planwerk.{table}" for table in tables
    )
    rows, objects = warehouse.rows(query), catalogue(warehouse)
    assert apply(warehouse.url) is False
    assert (warehouse.rows(query), catalogue(warehouse)) == (rows, objects)


def test_an_apply_in_full_writes_no_row_that_is_right_already(
    warehouse: Any, package: Path
) -> None:
    warehouse.load_tags("KG 410", "O-Haus A-EG", "Mangel", "x")
    tables = ("cost_group", "cost_group_2008", "rule", "default_rule", "task_type", "label",
              "label_cost_group", "label_location", "label_task_type", "location")  # fmt: skip
    query = " union all ".join(
        f"select '{table}', xmin::text, {table}::text from planwerk.{table}" for table in tables
    )
    before = warehouse.rows(query)
    with (package / "sql" / "10_fold.sql").open("a") as file:
        file.write("\n-- another version\n")
    assert apply(warehouse.url, package) is True
    assert warehouse.rows(query) == before


def test_two_applies_at_once_both_succeed(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(apply, [empty_url] * 2))
    assert sorted(done) == [False, True]


@pytest.mark.parametrize("file", ["sql/56_view_sync_status.sql", "raw/raw_teamwork.sql"])
def test_a_failed_apply_leaves_the_old_version_whole(
    warehouse: Any, package: Path, file: str
) -> None:
    before = catalogue(warehouse)
    with (package / file).open("a") as text:
        text.write("\ncreate view planwerk.half as select 1 as x;\nselect nonsense;\n")
    with pytest.raises(TransformError) as failed:
        apply(warehouse.url, package)
    assert str(failed.value) == f'{file}: column "nonsense" does not exist. Nothing was changed.'
    assert catalogue(warehouse) == before
    assert apply(warehouse.url) is False


def test_a_failed_first_apply_leaves_the_database_empty(empty_url: str, package: Path) -> None:
    (package / "sql" / "99_last.sql").write_text("select nonsense;")
    with pytest.raises(TransformError, match=r"sql/99_last\.sql"):
        apply(empty_url, package)
    with psycopg.connect(empty_url) as connection:
        found = connection.execute(
            "select count(*) from pg_namespace where nspname in ('planwerk', 'raw_teamwork')"
        ).fetchone()
    assert found == (0,)


@pytest.mark.parametrize(
    "damage",
    [
        "drop view planwerk.task cascade",
        "drop trigger labels_of_updated on raw_teamwork.tags",
        "alter table raw_teamwork.tags disable trigger labels_of_inserted",
        "drop function planwerk.check_rule() cascade",
        "drop function planwerk.fold(text) cascade",
        "drop index raw_teamwork.tasks_tag_ids",
        "drop index planwerk.location_spelling",
        "drop view planwerk.conversation cascade",
        "drop trigger conserve_values on raw_missive.conversations",
        "drop trigger follow_merges_of_updated on raw_missive.messages",
        "drop trigger labels_of_updated on raw_missive.conversations",
        "drop table raw_teamwork.timelogs cascade",
        "alter table raw_teamwork.tasks drop column description cascade",
        "comment on view planwerk.task is 'x'",
        (
            "create or replace function planwerk.words(name text) returns text[] language sql"
            " immutable as $$ select null::text[] $$"
        ),
    ],
)
def test_an_apply_restores_what_was_lost_or_changed(warehouse: Any, damage: str) -> None:
    query = r"""
        select format('%s %s', c.oid::regclass, a.attname) from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        left join pg_attribute as a on a.attrelid = c.oid and not a.attisdropped
        where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
        union all
        select pg_get_triggerdef(t.oid) || t.tgenabled::text
        from pg_trigger as t where not tgisinternal
        union all
        select pg_get_functiondef(p.oid) from pg_proc as p
        where p.pronamespace = 'planwerk'::regnamespace
        union all
        select obj_description('planwerk.task'::regclass)
        order by 1
    """
    before = warehouse.rows(query)
    warehouse.run(damage)
    assert apply(warehouse.url) is True
    assert warehouse.rows(query) == before


def test_an_apply_heals_what_triggers_could_not_do(warehouse: Any) -> None:
    warehouse.run("alter table planwerk.label add constraint broken check (name <> 'KG 420')")
    warehouse.load_tags("KG 410", "KG 420")
    warehouse.run("alter table planwerk.label drop constraint broken")
    assert apply(warehouse.url) is True
    assert warehouse.readings()["KG 420"].codes == [420]
    assert warehouse.rows("select 1 from planwerk.trigger_error") == []


def test_an_apply_keeps_views_and_grants_of_users(warehouse: Any, package: Path) -> None:
    warehouse.run("create schema office")
    warehouse.run("create view office.mine as select id, title from planwerk.task")
    warehouse.run("grant usage on schema planwerk to public")
    warehouse.run("grant select on planwerk.task to public")
    with (package / "sql" / "50_view_task.sql").open("a") as file:
        file.write("\n-- another version\n")
    assert apply(warehouse.url, package) is True
    assert warehouse.rows("select * from office.mine") == []
    assert warehouse.value("select has_table_privilege('public', 'planwerk.task', 'select')")


@pytest.mark.parametrize("later", [[], ["0002_missive"]], ids=["first light", "missive"])
def test_an_older_database_is_upgraded_with_the_rules_that_people_wrote(
    empty_url: str, later: list[str]
) -> None:
    first_light, *others = (
        PACKAGE / "migrations" / "versions" / f"{name}.sql" for name in ["0001_core_tables", *later]
    )
    with psycopg.connect(empty_url) as connection:
        connection.execute("create schema planwerk")
        connection.execute(first_light.read_bytes())
        connection.execute("create table planwerk.schema_version (version_num text primary key)")
        connection.cursor().executemany(
            "insert into planwerk.rule (category, pattern, position, default_name)"
            " values ('cost_group', %s, 10, %s)",
            [("^g([0-9]+)", "cost_group_prefix"), ("^h([0-9]+)", None)],
        )
        connection.execute(
            "insert into planwerk.default_rule (name, category, pattern, position)"
            " values ('cost_group_prefix', 'cost_group', 'old', 10)"
        )
        connection.execute(
            "create function planwerk.match_rules(text, text[], text[]) returns integer"
            " language sql as 'select 1'"
        )
        for migration in others:
            connection.execute(migration.read_bytes())
        connection.execute(
            "insert into planwerk.schema_version values (%s)", [f"000{1 + len(others)}"]
        )
    assert apply(empty_url) is True
    with psycopg.connect(empty_url) as connection:
        connection.execute("insert into raw_teamwork.tags (id, name) values (1, 'g410 h420')")
        found = connection.execute(
            "select code::int from planwerk.label_cost_group union all"
            " select count(*)::int from planwerk.rule where pattern like '^_([0-9]+)'"
        ).fetchall()
        assert found == [(410,), (2,)]
        overloaded = connection.execute(
            "select proname from pg_proc where pronamespace = 'planwerk'::regnamespace"
            " group by proname having count(*) > 1"
        ).fetchall()
        assert overloaded == []
        assert connection.execute(
            "select col_description('planwerk.label'::regclass, 1)"
        ).fetchone() == ("teamwork, missive or craft.",)


def test_an_apply_needs_no_superuser(new_database: Callable[..., str], server: str) -> None:
    url = new_database()
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create role owner_of_{name} login")
        connection.execute(f"alter database {name} owner to owner_of_{name}")
    as_owner = psycopg.conninfo.make_conninfo(url, user=f"owner_of_{name}")
    assert apply(as_owner) is True
    assert apply(as_owner) is False


def test_everything_has_a_comment(warehouse: Any) -> None:
    assert (
        warehouse.rows(
            r"""
            select format('%s %s', c.oid::regclass, a.attname)
            from pg_class as c
            join pg_namespace as n on n.oid = c.relnamespace
            join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind in ('r', 'v')
                and c.relname <> 'schema_version'
                and (
                    coalesce(col_description(c.oid, a.attnum), '') = ''
                    or coalesce(obj_description(c.oid, 'pg_class'), '') = ''
                )
            union all
            select p.oid::regprocedure::text from pg_proc as p
            where p.pronamespace = 'planwerk'::regnamespace
                and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
            """
        )
        == []
    )
