"""What clumsy operators do to the database: an apply heals it, or names it and what to do."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from planwerk_transform.apply import PACKAGE, apply
from planwerk_transform.check import compare
from planwerk_transform.errors import TransformError

HEALED = {
    "a dropped view, with those on it": "drop view planwerk.item cascade",
    "a view that says something else": """
        create or replace view planwerk.merged_conversation as
        select ''::text as id, ''::text as survivor_id where false
    """,
    "a dropped trigger": "drop trigger labels_of_inserted on raw_teamwork.tags",
    "a disabled trigger": "alter table raw_teamwork.tags disable trigger labels_of_updated",
    "all triggers disabled": "alter table raw_missive.messages disable trigger all",
    "a dropped function, with its triggers": "drop function planwerk.follow_merges() cascade",
    "a function that does something else": """
        create or replace function planwerk.labels_of_teamwork_tags() returns trigger
        language plpgsql as 'begin return null; end'
    """,
    "a dropped index": "drop index raw_teamwork.tasks_tag_ids",
    "dropped comments": """
        comment on table planwerk.rule is null;
        comment on view planwerk.task is null;
        comment on column raw_teamwork.tasks.name is null;
        comment on function planwerk.fold(text) is null;
        comment on policy own_words on planwerk.assignment is null;
        comment on schema raw_teamwork is null
    """,
    "a dropped policy": "drop policy own_words on planwerk.assignment",
    "row security switched off": "alter table planwerk.assignment disable row level security",
    "rights taken away": """
        revoke select on planwerk.task from planwerk_reader;
        revoke usage on schema planwerk from planwerk_editor;
        revoke insert on raw_teamwork.tags from planwerk_loader
    """,
    "changed reference data": "update planwerk.cost_group set name_de = 'x' where code = 410",
    "emptied reference data": "truncate planwerk.cost_group_2008",
}


def catalogue(warehouse: Any) -> Any:
    return warehouse.value((PACKAGE / "catalogue_fingerprint.sql").read_text("utf-8"))


def test_what_sql_can_make_again_is_healed_by_an_apply(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A")
    right = catalogue(warehouse)
    for what, statements in HEALED.items():
        with warehouse.connection.transaction(force_rollback=True):
            warehouse.run(statements)
            assert catalogue(warehouse) != right, what
    for statements in HEALED.values():
        warehouse.run(statements)
    assert warehouse.apply() is True
    assert catalogue(warehouse) == right
    assert warehouse.apply() is False
    warehouse.load_tags("KG 440", first_id=3)
    assert warehouse.readings()["KG 440"].codes == [440]
    assert list(compare(warehouse.url, keep=False).as_lines()) == []


REFUSED = {
    "alter table raw_teamwork.comments alter is_private type text": (
        "raw_teamwork.comments.is_private is text, should be bigint: (alter table"
        " raw_teamwork.comments alter column is_private type bigint using is_private::bigint;)"
    ),
    "alter table raw_teamwork.comments alter posted_date_time type timestamp": (
        "raw_teamwork.comments.posted_date_time is timestamp without time zone, should be timestamp"
        " with time zone: (alter table .* using posted_date_time at time zone 'UTC';)"
    ),
    "alter table raw_craft.tasks alter markdown set not null": (
        "raw_craft.tasks.markdown is text not null, should be text: (.* drop not null;)"
    ),
    "alter table raw_missive.messages drop constraint messages_pkey": (
        r"constraint messages_pkey is gone, should be PRIMARY KEY \(id\): (.* add constraint .*;)"
    ),
    "alter table planwerk.trigger_error alter source type varchar": (
        "planwerk.trigger_error.source is character varying not null, should be text not null:"
        " (alter table planwerk.trigger_error .*;)"
    ),
    "alter table planwerk.rule drop column note": "planwerk.rule.note is gone: restore it",
    "drop table planwerk.rule cascade": "planwerk.rule is gone: restore it from a backup",
    "drop table planwerk.label cascade": "planwerk.label is gone: restore it from a backup",
}


def test_what_nobody_can_make_again_is_named_with_the_statement_that_puts_it_back(
    warehouse: Any,
) -> None:
    structure = (PACKAGE / "structure.sql").read_text("utf-8")
    right = catalogue(warehouse)
    warehouse.load("comments", id=1, posted_date_time="2026-03-09T15:03:38Z")
    for statement, words in REFUSED.items():
        warehouse.run(statement)
        left_alone = warehouse.value(structure)
        with pytest.raises(TransformError, match="Tables were changed by hand") as refused:
            warehouse.apply()
        assert warehouse.value(structure) == left_alone
        found = re.search(words, str(refused.value))
        assert found, refused.value
        if found.groups():
            warehouse.run(found[1])
            warehouse.apply()
            assert catalogue(warehouse) == right, statement
    moment = "select posted_date_time at time zone 'UTC' from raw_teamwork.comments"
    assert str(warehouse.value(moment)) == "2026-03-09 15:03:38"


def test_tables_that_a_loader_made_before_the_first_apply_are_named(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("create schema raw_teamwork")
        connection.execute("create table raw_teamwork.tags (id bigint, updated_at timestamp)")
    with pytest.raises(TransformError, match=r"raw_teamwork.tags.updated_at is .* at time zone"):
        apply(empty_url)


def test_lost_raw_tables_are_made_again_and_it_is_said_how_to_read_them_again(
    warehouse: Any,
) -> None:
    right = catalogue(warehouse)
    warehouse.run("drop table raw_teamwork.timelogs cascade")
    warehouse.run("drop table raw_missive.messages cascade")
    warehouse.run("alter table raw_teamwork.tasks drop column progress cascade")
    said: list[str] = []
    assert apply(warehouse.url, tell=said.append) is True
    assert catalogue(warehouse) == right
    assert sorted(said) == [
        f"{lost} gone and made again, empty. To read it again from the beginning:"
        f" TAP_{source.upper()}__SELECT='{streams}' meltano run --full-refresh sync-{source}"
        for lost, source, streams in (
            (
                "raw_missive.messages was",
                "missive",
                '["comments.*", "conversations.*", "messages.*"]',
            ),
            (
                "raw_teamwork.tasks.progress, raw_teamwork.timelogs were",
                "teamwork",
                '["tasks.*", "timelogs.*"]',
            ),
        )
    ]
    said.clear()
    assert apply(warehouse.url, tell=said.append) is False
    assert said == []


def test_what_people_add_beside_our_tables_may_go_again(warehouse: Any) -> None:
    warehouse.run("create table planwerk.mine (id int)")
    warehouse.run("alter table raw_teamwork.tags add column own_note text")
    assert warehouse.apply() is True
    warehouse.run("drop table planwerk.mine")
    warehouse.run("alter table raw_teamwork.tags drop column own_note")
    assert warehouse.apply() is True
