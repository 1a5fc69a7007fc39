"""Labels follow the raw tables by themselves, in any order, and never stop a load."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg


def carried(warehouse: Any) -> list[Any]:
    return warehouse.rows(
        "select item_id, code::int from planwerk.item_cost_group order by item_id, code"
    )


def test_tasks_before_tags_and_tags_before_tasks_give_the_same(warehouse: Any) -> None:
    warehouse.load("tasks", id=1, tag_ids=[1, 2])
    assert carried(warehouse) == []
    warehouse.load_tags("KG 410", "KG 420/430")
    warehouse.load("tasks", id=2, tag_ids=[2])
    assert carried(warehouse) == [("1", 410), ("1", 420), ("1", 430), ("2", 420), ("2", 430)]


def test_a_renamed_label_changes_the_categories_of_its_items(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A")
    warehouse.load("tasks", id=1, tag_ids=[1, 2])
    warehouse.run("update raw_teamwork.tags set name = 'KG 420' where id = 1")
    assert carried(warehouse) == [("1", 420)]
    assert warehouse.rows("select location_name from planwerk.item_location") == ["Haus A"]


def test_renaming_a_label_touches_no_item(warehouse: Any) -> None:
    warehouse.load_tags("KG 410")
    warehouse.run(
        "insert into raw_teamwork.tasks (id, tag_ids)"
        " select n, '{1}' from generate_series(1, 500) as n"
    )
    before = warehouse.rows("select id, xmin::text, ctid::text from raw_teamwork.tasks")
    warehouse.run("update raw_teamwork.tags set name = 'KG 420' where id = 1")
    assert warehouse.rows("select id, xmin::text, ctid::text from raw_teamwork.tasks") == before
    assert warehouse.value("select count(*) from planwerk.item_cost_group where code = 420") == 500


def test_only_labels_that_changed_are_written(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "KG 420", "foo")
    query = "select source_id, xmin::text from planwerk.label order by 1"
    before = warehouse.rows(query)
    warehouse.run("update raw_teamwork.tags set color = '#fff', _sdc_table_version = 2")
    warehouse.run("select planwerk.parse_labels(), planwerk.refresh_labels()")
    assert warehouse.rows(query) == before
    warehouse.run("update raw_teamwork.tags set name = name || '0' where id = 3")
    assert warehouse.rows(query)[:2] == before[:2]


def test_a_label_deleted_in_the_source_no_longer_counts_until_it_is_back(warehouse: Any) -> None:
    warehouse.load_tags("KG 410")
    warehouse.load("tasks", id=1, tag_ids=[1])
    warehouse.run("update raw_teamwork.tags set _sdc_deleted_at = now()")
    assert carried(warehouse) == []
    assert warehouse.rows("select tags from planwerk.task") == [[]]
    warehouse.run("update raw_teamwork.tags set _sdc_deleted_at = null")
    assert carried(warehouse) == [("1", 410)]


@pytest.mark.parametrize("statement", ["delete from", "truncate"])
def test_labels_go_with_their_rows(warehouse: Any, statement: str) -> None:
    warehouse.load_tags("KG 410", "O-Haus A", "Mangel")
    warehouse.run(f"{statement} raw_teamwork.tags")
    for table in ("label", "label_cost_group", "label_location", "label_task_type"):
        assert warehouse.value(f"select count(*) from planwerk.{table}") == 0


def test_a_label_without_a_name_is_reported(warehouse: Any) -> None:
    warehouse.load("tags", id=1, name=None)
    assert warehouse.rows("select outcome, reason from planwerk.label") == [
        ("unmatched", "The label has no name.")
    ]


def test_what_a_trigger_cannot_do_is_noted_and_the_rows_are_loaded(warehouse: Any) -> None:
    warehouse.run("alter table planwerk.label add constraint broken check (name <> 'KG 420')")
    warehouse.load_tags("KG 410", "KG 420", "KG 430")
    assert warehouse.value("select count(*) from raw_teamwork.tags") == 3
    assert sorted(warehouse.readings()) == ["KG 410", "KG 430"]
    ((source, table, key, message),) = warehouse.rows(
        "select source, table_name, row_key, message from planwerk.trigger_error"
    )
    assert (source, table, key) == ("teamwork", "tags", "2")
    assert "broken" in message


def test_a_load_succeeds_even_when_the_core_tables_are_gone(warehouse: Any) -> None:
    warehouse.run("drop table planwerk.label, planwerk.trigger_error cascade")
    warehouse.load_tags("KG 410")
    warehouse.run("update raw_teamwork.tags set name = 'KG 420'")
    warehouse.run("delete from raw_teamwork.tags")


def test_a_label_loaded_while_a_rule_is_being_added_is_read_by_it(
    warehouse: Any, second_session: psycopg.Connection[Any]
) -> None:
    second_session.execute(
        "insert into planwerk.rule (category, pattern, position, value)"
        " values ('cost_group', '^sanitär$', 1, '410')"
    )
    loading = threading.Thread(target=warehouse.load_tags, args=["Sanitär"])
    loading.start()
    loading.join(0.3)
    second_session.commit()
    loading.join(10)
    assert warehouse.readings()["Sanitär"].codes == [410]
