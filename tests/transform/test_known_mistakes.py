"""What comparable systems get wrong; what they get wrong about projects: test_project_labels."""

from __future__ import annotations

from typing import Any

from planwerk_transform.derived import DERIVED_TABLES

TASKS = 10_000


def derived_rows(warehouse: Any) -> list[Any]:
    """Return every derived row and every change noted, with the transaction that wrote it."""
    return warehouse.rows(
        " union all ".join(
            f"select '{table}', xmin::text, {table}::text from planwerk.{table}"
            for table in [*(table.name for table in DERIVED_TABLES), "item_change"]
        )
    )


def categories(warehouse: Any) -> list[Any]:
    return warehouse.rows(
        "select item_id, code::text from planwerk.item_cost_group union all"
        " select item_id, array_to_string(location_path, ' / ') from planwerk.item_location"
        " union all select id::text, task_type from planwerk.task order by 1, 2"
    )


def test_removing_one_label_of_an_item_keeps_its_other_categories(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "KG 420", "O-Haus A", "Mangel")
    warehouse.load("tasks", id=1, tag_ids=[1, 2, 3, 4])
    warehouse.run("update raw_teamwork.tasks set tag_ids = '{2,3,4}'")
    assert categories(warehouse) == [("1", "420"), ("1", "Haus A"), ("1", "Mangel")]


def test_a_code_that_does_not_exist_aborts_nothing_and_a_fourth_level_is_folded(
    warehouse: Any,
) -> None:
    warehouse.load_tags("KGR 099", "KGR 4123", "KG 410")
    warehouse.load("tasks", id=1, tag_ids=[1, 2, 3])
    assert warehouse.value("select count(*) from raw_teamwork.tags") == 3
    assert warehouse.rows("select code::int from planwerk.item_cost_group order by code") == [
        410,
        412,
    ]
    assert warehouse.readings()["KGR 099"].outcome == "unknown_code"


def test_neither_a_touch_of_all_tasks_nor_a_full_run_writes_a_derived_row(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A-EG", "Mangel", "2417 Kita")
    warehouse.load("projects", id=1, name="2417 Kita")
    warehouse.load("people", id=1, first_name="Anna", email="a@office.de")
    warehouse.load_labels(a="KG 440", b=("2417 Kita", "a"))
    warehouse.load_conversation("c", "b", "hidden")
    warehouse.load_missive(
        "messages", {"id": "m", "conversation_id": "c", "from_field": {"address": "b@other.de"}}
    )
    warehouse.load_folders(f="Projekte", g="Projekte / 2417 Kita")
    warehouse.load_document("d", "f", "g")
    warehouse.run(
        "insert into raw_teamwork.tasks (id, tag_ids, project_id, status)"
        f" select n, '{{1,2,3}}', 1, 'new' from generate_series(1, {TASKS}) as n"
    )
    before = derived_rows(warehouse)
    touched = warehouse.run("update raw_teamwork.tasks set updated_at = now()").rowcount
    assert touched == TASKS
    assert derived_rows(warehouse) == before

    for table in ("tags", "projects", "people", "tasks"):
        again(warehouse, f"raw_teamwork.{table}")
    for table in ("shared_labels", "conversations", "messages"):
        again(warehouse, f"raw_missive.{table}")
    for table in ("folders", "documents"):
        again(warehouse, f"raw_craft.{table}")
    assert derived_rows(warehouse) == before


def again(warehouse: Any, table: str) -> None:
    """Load all rows of a table once more under a new version, as a full run does."""
    warehouse.run(
        f"update {table} set id = id, _sdc_table_version = 2, _sdc_extracted_at = now(),"
        " _sdc_sequence = 2"
    )
    # what a complete listing lacks: nothing
    warehouse.run(f"update {table} set _sdc_deleted_at = now() where _sdc_table_version < 2")
