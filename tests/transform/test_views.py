"""Views: names instead of ids, and the truth about what is deleted."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_task_has_names_instead_of_ids(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A-EG", "Mangel")
    warehouse.load("projects", id=7, name="Kita")
    warehouse.load("tasklists", id=8, name="Heizung", project_id=7)
    warehouse.load("people", id=1, first_name="Katrin", last_name="Brandhorst")
    warehouse.load("people", id=2, first_name="Ole", last_name=None, deleted=True)
    warehouse.load("teams", id=1, name="Montage")
    warehouse.load("companies", id=1, name="Beispiel GmbH")
    warehouse.load("tasks", id=10, name="Parent")
    warehouse.load(
        "tasks",
        id=11,
        name="Ventil",
        status="completed",
        project_id=7,
        tasklist_id=8,
        parent_task_id=10,
        tag_ids=[1, 2, 3],
        assignee_user_ids=[1, 2],
        assignee_team_ids=[1],
        assignee_company_ids=[1],
        created_by=1,
    )
    assert warehouse.rows(
        "select project_name, tasklist_name, parent_title, tags, assignees,"
        " cost_group_codes::int[], location_paths, task_type, created_by, is_completed, is_deleted"
        " from planwerk.task where id = 11"
    ) == [
        (
            "Kita",
            "Heizung",
            "Parent",
            ["KG 410", "Mangel", "O-Haus A-EG"],
            ["Beispiel GmbH", "Katrin Brandhorst", "Montage", "Ole"],
            [410],
            ["Haus A / EG"],
            "Mangel",
            "Katrin Brandhorst",
            True,
            False,
        )
    ]


@pytest.mark.parametrize(
    "deletion",
    [
        "update raw_teamwork.tasks set status = 'deleted'",
        "update raw_teamwork.tasks set deleted_at = now()",
        "update raw_teamwork.tasks set _sdc_deleted_at = now()",
        "update raw_teamwork.tasklists set status = 'deleted'",
        "update raw_teamwork.tasklists set _sdc_deleted_at = now()",
        "update raw_teamwork.projects set status = 'deleted'",
        "update raw_teamwork.projects set deleted_at = now()",
        "update raw_teamwork.projects set _sdc_deleted_at = now()",
    ],
)
def test_a_task_is_deleted_with_its_tasklist_or_project(warehouse: Any, deletion: str) -> None:
    warehouse.load_tags("KG 410", "O-Haus A", "x")
    warehouse.load("projects", id=7, name="Kita", status="active")
    warehouse.load("tasklists", id=8, name="Heizung", status="new")
    warehouse.load("tasks", id=1, project_id=7, tasklist_id=8, status="new", tag_ids=[1, 2, 3])
    views = ("task", "item", "item_label", "item_cost_group", "item_location", "item_project")
    for view in views:
        assert not warehouse.value(f"select bool_or(is_deleted) from planwerk.{view}")
    assert warehouse.rows("select name, use_count from planwerk.unmatched_label") == [("x", 1)]
    warehouse.run(deletion)
    for view in views:
        assert warehouse.value(f"select bool_and(is_deleted) from planwerk.{view}")
    assert warehouse.rows("select name from planwerk.unmatched_label") == []


def test_items_and_their_categories(warehouse: Any) -> None:
    warehouse.load_tags("KG 410/420", "O-Haus A")
    warehouse.load("projects", id=7, name="Kita")
    warehouse.load("tasks", id=1, name="Ventil", project_id=7, tag_ids=[1, 2])
    assert warehouse.rows(
        "select kind, id, title, project_id, project_name from planwerk.item"
    ) == [("task", "1", "Ventil", 7, "Kita")]
    assert warehouse.rows(
        "select item_kind, item_id, label_source, label_id from planwerk.item_label order by 4"
    ) == [("task", "1", "teamwork", "1"), ("task", "1", "teamwork", "2")]
    assert warehouse.rows(
        "select code::int, cost_group_name, via, label_name"
        " from planwerk.item_cost_group order by 1"
    ) == [
        (410, "Abwasser-, Wasser-, Gasanlagen", "label", "KG 410/420"),
        (420, "Wärmeversorgungsanlagen", "label", "KG 410/420"),
    ]
    assert warehouse.rows("select location_path, via from planwerk.item_location") == [
        (["Haus A"], "label")
    ]
    assert warehouse.rows("select project_id, project_name, via from planwerk.item_project") == [
        (7, "Kita", "native")
    ]


def test_custom_fields_are_exploded_whatever_their_value(warehouse: Any) -> None:
    warehouse.load("custom_fields", id=1, name='Gewerk 🔧 "x"', type="dropdown")
    warehouse.load(
        "tasks",
        id=1,
        custom_field_values='[{"id": 5, "customfieldId": 1, "value": "Heizung"},'
        ' {"id": 6, "customfieldId": 2, "value": ["a", "b"]}, {"customfieldId": 3, "value": null}]',
    )
    warehouse.load("tasks", id=2, custom_field_values='{"no": "array"}')
    warehouse.load("tasks", id=3)
    assert warehouse.rows(
        "select task_id, custom_field_id, custom_field_name, value_text"
        " from planwerk.task_custom_field order by 2"
    ) == [
        (1, 1, 'Gewerk 🔧 "x"', "Heizung"),
        (1, 2, None, '["a", "b"]'),
        (1, 3, None, None),
    ]


def test_a_time_entry_has_names_and_tells_whether_it_is_deleted(warehouse: Any) -> None:
    warehouse.load("people", id=1, first_name="Katrin", last_name="Brandhorst")
    warehouse.load("projects", id=7, name="Kita")
    warehouse.load("tasks", id=2, name="Ventil")
    warehouse.load("timelogs", id=1, minutes=30, user_id=1, project_id=7, task_id=2, deleted=False)
    warehouse.load("timelogs", id=2, minutes=5, user_id=1, project_id=7, deleted=True)
    assert warehouse.rows(
        "select id, minutes, person_name, project_name, task_title, is_deleted"
        " from planwerk.time_entry order by id"
    ) == [
        (1, 30, "Katrin Brandhorst", "Kita", "Ventil", False),
        (2, 5, "Katrin Brandhorst", "Kita", None, True),
    ]


def test_sync_status_counts_every_stream(warehouse: Any) -> None:
    warehouse.load("tasks", id=1, status="new", updated_at="2026-03-09T07:00:00Z")
    warehouse.load("tasks", id=2, status="deleted", _sdc_extracted_at="2026-03-10T07:00:00Z")
    assert warehouse.rows(
        "select rows, deleted_rows, last_change = '2026-03-09 07:00Z',"
        " last_extracted_at = '2026-03-10 07:00Z' from planwerk.sync_status"
        " where source = 'teamwork' and stream = 'tasks'"
    ) == [(2, 1, True, True)]
    assert warehouse.rows(
        "select 'raw_' || source, stream from planwerk.sync_status order by 1, 2"
    ) == warehouse.rows(
        "select table_schema::text, table_name::text from information_schema.tables"
        r" where table_schema like 'raw\_%' and table_name <> 'rejected_rows' order by 1, 2"
    )


def test_items_of_a_cost_group_are_found_through_the_index(warehouse: Any) -> None:
    warehouse.run(
        "insert into raw_teamwork.tags (id, name)"
        " select n, 'KG ' || 410 + n % 4 from generate_series(1, 300) as n"
    )
    warehouse.run(
        "insert into raw_teamwork.tasks (id, tag_ids, updated_at)"
        " select n, array[n % 300 + 1, n % 7 + 1], now() from generate_series(1, 20000) as n"
    )
    warehouse.run("analyze")
    for query in (
        (
            "select * from planwerk.item_cost_group where code = 412 and not is_deleted"
            " order by updated_at desc limit 50"
        ),
        (
            "select i.* from planwerk.item_label as l join planwerk.item as i"
            " on i.kind = l.item_kind and i.id = l.item_id where l.label_id = '77'"
        ),
    ):
        plan = "\n".join(warehouse.rows(f"explain {query}"))
        assert "tasks_tag_ids" in plan, plan
        assert "Seq Scan on tasks" not in plan, plan
