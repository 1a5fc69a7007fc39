"""The history of items: one row per field and real change."""

from __future__ import annotations

from typing import Any

CHANGES = (
    "select item_id, field, old_value, new_value from planwerk.item_change"
    " order by item_id, custom_field_id nulls first, field"
)
TASK = {
    "id": 1,
    "name": "Prüfen",
    "status": "new",
    "project_id": 4,
    "tag_ids": [2, 1],
    "assignee_user_ids": [7],
    "updated_at": "2026-03-01T00:00:00Z",
}


def load_task(warehouse: Any, *rows: dict[str, Any]) -> None:
    warehouse.load_as_loader("raw_teamwork.tasks", *rows)


def custom(**values: Any) -> list[dict[str, Any]]:
    """Return custom field values as Teamwork sends them: `_9="x"` is field 9."""
    return [
        {"id": n, "customfieldId": int(key[1:]), "value": value, "createdBy": n}
        for n, (key, value) in enumerate(values.items())
    ]


def taken(warehouse: Any) -> list[Any]:
    """Return the changes that were noted, and forget them."""
    found = warehouse.rows(CHANGES)
    warehouse.run("delete from planwerk.item_change")
    assert warehouse.rows("select message from planwerk.trigger_error") == []
    return found


def test_every_change_of_a_task_is_noted_once(warehouse: Any) -> None:
    def changes(**columns: Any) -> Any:
        for _ in range(2):
            load_task(warehouse, TASK | columns)
        return [(field, old, new) for _, field, old, new in taken(warehouse)]

    assert changes() == []
    assert changes(name="Anders", description="x", updated_at="2026-03-02T00:00:00Z") == []
    assert changes(tag_ids=[1, 2], assignee_team_ids=[], custom_field_values=[]) == []
    assert changes(status="completed", start_on="2026-03-03", due_on="2026-03-04") == [
        ("due_on", None, "2026-03-04"),
        ("start_on", None, "2026-03-03"),
        ("status", "new", "completed"),
    ]
    assert changes(start_on="2026-03-05", tag_ids=[3, 1], assignee_user_ids=None) == [
        ("assignee_user_ids", [7], []),
        ("due_on", "2026-03-04", None),
        ("label_ids", [1, 2], [1, 3]),
        ("start_on", "2026-03-03", "2026-03-05"),
        ("status", "completed", "new"),
    ]
    assert changes(start_on="2026-03-05", assignee_team_ids=[2], assignee_company_ids=[3]) == [
        ("assignee_company_ids", [], [3]),
        ("assignee_team_ids", [], [2]),
        ("assignee_user_ids", [], [7]),
        ("label_ids", [1, 3], [1, 2]),
    ]
    only = {"start_on": "2026-03-05", "assignee_team_ids": [2], "assignee_company_ids": [3]}
    assert changes(**only, project_id=5) == [("project_id", 4, 5)]
    assert changes(**only, project_id=None) == []
    assert changes(**only, project_id=5, deleted_at="2026-03-09T00:00:00Z") == [
        ("status", "new", "deleted")
    ]
    assert changes(**only, project_id=5) == [("status", "deleted", "new")]


def test_custom_fields_go_by_name_whatever_their_name_is(warehouse: Any) -> None:
    names = {9: "🏗️ 100 % \"_fertig'; drop", 8: "status", 7: " "}
    warehouse.load_as_loader(
        "raw_teamwork.custom_fields", *({"id": key, "name": name} for key, name in names.items())
    )
    load_task(warehouse, TASK | {"custom_field_values": custom(_9="a", _8=1, _6="gone")})
    load_task(warehouse, TASK | {"custom_field_values": custom(_9=["ä", "b"], _8=1, _7=2, _5=3)})
    load_task(warehouse, TASK | {"custom_field_values": custom(_5=3, _7=2, _8=1, _9=["ä", "b"])})
    load_task(
        warehouse,
        TASK | {"custom_field_values": [*custom(_8=1, _7=2, _5=3, _9=["ä", "b"]), {"odd": 1}, "x"]},
    )
    assert warehouse.rows(CHANGES) == [
        ("1", "Custom field 5", None, 3),
        ("1", "Custom field 6", "gone", None),
        ("1", "Custom field 7", None, 2),
        ("1", names[9], "a", ["ä", "b"]),
    ]
    assert warehouse.rows(
        "select field, old_text, new_text from planwerk.item_history where is_custom_field"
        " and field = %s",
        [names[9]],
    ) == [(names[9], "a", "ä, b")]
    load_task(warehouse, TASK | {"custom_field_values": custom(_8=2), "status": "completed"})
    assert warehouse.rows(
        "select is_custom_field, old_text, new_text from planwerk.item_history"
        " where field = 'status' order by 1"
    ) == [(False, "new", "completed"), (True, "1", "2")]

    warehouse.load_as_loader(
        "raw_teamwork.custom_fields", {"id": 9, "name": "Gewerk"}, {"id": 5, "name": "Late"}
    )
    assert set(warehouse.rows("select custom_field_id, field from planwerk.item_change")) == {
        (9, "Gewerk"),
        (8, "status"),
        (7, "Custom field 7"),
        (6, "Custom field 6"),
        (5, "Late"),
        (None, "status"),
    }


def test_what_was_not_known_of_a_conversation_is_no_change(warehouse: Any) -> None:
    def changes(**columns: Any) -> Any:
        for _ in range(2):
            warehouse.load_missive("conversations", {"id": "c"} | columns)
        return [(field, old, new) for _, field, old, new in taken(warehouse)]

    guest = {"is_guest": True, "is_deleted": False}
    full = {
        "is_guest": False,
        "is_deleted": False,
        "is_trashed": False,
        "is_junked": False,
        "users": [{"id": "u", "closed": False}],
        "shared_label_ids": ["b", "a"],
        "assignee_ids": [],
        "team_id": "t",
    }
    assert changes(**guest) == []
    assert changes(**full) == []
    assert changes(**full, subject="new", last_activity_at="2026-03-01T00:00:00Z") == []
    assert changes(**full | {"shared_label_ids": ["a", "b"]}) == []
    assert changes(**guest) == []
    partial = {"is_guest": False, "is_deleted": False, "team_id": "t"}
    assert changes(**partial) == []
    closed = full | {"users": [{"id": "u", "closed": True}], "assignee_ids": ["v", "u"]}
    assert changes(**closed) == [
        ("assignee_ids", [], ["u", "v"]),
        ("status", "open", "closed"),
    ]
    assert changes(**closed | {"team_id": None, "shared_label_ids": ["c"]}) == [
        ("label_ids", ["a", "b"], ["c"]),
        ("team_id", "t", None),
    ]
    assert changes(is_deleted=True) == [("status", "closed", "deleted")]
    assert changes(**full | {"is_trashed": True}) == [
        ("assignee_ids", ["u", "v"], []),
        ("label_ids", ["c"], ["a", "b"]),
        ("status", "deleted", "trashed"),
        ("team_id", None, "t"),
    ]
    assert changes(is_deleted=False, merged_into_id="d") == [("status", "trashed", "merged")]


def test_documents_move_between_folders_and_into_the_trash(warehouse: Any) -> None:
    warehouse.load_folders(a="KG 410", b="KG 410 / Nachträge")
    warehouse.load_document("d", "a")
    warehouse.load_document("d", "a", title="Anders")
    warehouse.load_document("d", "a", "b", title="Anders")
    assert warehouse.rows(
        "select field, title, old_text, new_text from planwerk.item_history order by field"
    ) == [
        ("folder_id", "Anders", "KG 410", "Nachträge"),
        ("label_ids", "Anders", "KG 410", "KG 410 / Nachträge"),
    ]
    assert taken(warehouse) == [
        ("d", "folder_id", "a", "b"),
        ("d", "label_ids", ["a"], ["a", "b"]),
    ]
    warehouse.load_craft("documents", {"id": "d", "title": "Anders", "is_deleted": False})
    assert taken(warehouse) == []
    warehouse.load_document("d", location="trash", is_deleted=True)
    warehouse.run("update raw_craft.documents set _sdc_deleted_at = '2027-01-01T00:00:00Z'")
    assert warehouse.rows(
        "select old_value, new_value, changed_at = '2027-01-01T00:00:00Z'"
        " from planwerk.item_change order by id"
    ) == [("active", "trashed", False), ("trashed", "deleted", True)]


def test_a_change_is_dated_by_the_item_if_it_says_when_else_by_the_reading(warehouse: Any) -> None:
    for columns in (
        {"_sdc_extracted_at": "2026-04-01T00:00:00Z"},
        {"_sdc_extracted_at": "2026-04-02T00:00:00Z", "status": "completed"},
        {
            "_sdc_extracted_at": "2026-04-03T00:00:00Z",
            "updated_at": "2026-03-15T00:00:00Z",
            "status": "reopened",
        },
    ):
        load_task(warehouse, TASK | columns)
    assert warehouse.rows(
        "select new_value, (changed_at at time zone 'UTC')::date::text"
        " from planwerk.item_change order by id"
    ) == [("completed", "2026-04-02"), ("reopened", "2026-03-15")]


def test_the_history_reads_with_names(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "KG 420")
    warehouse.load("people", id=7, first_name="Jana", last_name="Brandt")
    warehouse.load("teams", id=2, name="Bauleitung")
    warehouse.load("companies", id=3, name="Firma")
    warehouse.load("projects", id=5, name="Kita")
    warehouse.load_missive("users", {"id": "u", "name": "Jana B."})
    warehouse.load_missive("teams", {"id": "t", "name": "Büro"})
    warehouse.load_labels(x="Wichtig")
    load_task(warehouse, TASK)
    load_task(
        warehouse,
        TASK
        | {"project_id": 5, "tag_ids": [1, 99], "assignee_user_ids": [], "assignee_team_ids": [2]}
        | {"assignee_company_ids": [3]},
    )
    warehouse.load_conversation("c", subject="Ventil", assignee_ids=[])
    warehouse.load_conversation("c", "x", subject="Ventil", assignee_ids=["u", "v"], team_id="t")
    assert warehouse.rows(
        "select title, field, old_text, new_text from planwerk.item_history order by 1, 2"
    ) == [
        ("Prüfen", "assignee_company_ids", None, "Firma"),
        ("Prüfen", "assignee_team_ids", None, "Bauleitung"),
        ("Prüfen", "assignee_user_ids", "Jana Brandt", None),
        ("Prüfen", "label_ids", "KG 410, KG 420", "KG 410, 99"),
        ("Prüfen", "project_id", "4", "Kita"),
        ("Ventil", "assignee_ids", None, "Jana B., v"),
        ("Ventil", "label_ids", None, "Wichtig"),
        ("Ventil", "team_id", None, "Büro"),
    ]


def test_a_touch_of_10_000_tasks_writes_no_derived_row(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A")
    warehouse.run(
        "insert into raw_teamwork.tasks (id, status, tag_ids, custom_field_values, updated_at)"
        """ select n, 'new', '{1,2}', '[{"customfieldId": 1, "value": 1}]', now()"""
        " from generate_series(1, 10000) as n"
    )
    derived = warehouse.rows(
        "select relname::text from pg_class where relnamespace = 'planwerk'::regnamespace"
        " and relkind = 'r'"
    )
    versions = " union all ".join(
        f"select '{name}', xmin::text, ctid::text from planwerk.{name}" for name in derived
    )
    before = set(warehouse.rows(versions))
    warehouse.run("update raw_teamwork.tasks set updated_at = now() + interval '1 minute'")
    assert set(warehouse.rows(versions)) == before
    warehouse.run("update raw_teamwork.tasks set status = 'completed' where id <= 3")
    assert len(set(warehouse.rows(versions)) - before) == 3


def test_a_failure_stops_no_load_and_says_that_history_is_missing(warehouse: Any) -> None:
    load_task(warehouse, TASK)
    warehouse.load_conversation("c")
    warehouse.load_document("d")
    warehouse.run("alter table planwerk.item_change add constraint broken check (id < 0)")
    load_task(warehouse, TASK | {"status": "completed"})
    warehouse.load_conversation("c", "x")
    warehouse.load_document("d", "a")
    assert warehouse.rows(
        "select status from raw_teamwork.tasks union all"
        " select shared_label_ids[1] from raw_missive.conversations union all"
        " select folder_id from raw_craft.documents"
    ) == ["completed", "x", "a"]
    assert warehouse.rows(
        "select table_name from planwerk.trigger_error"
        " where message ~ '^The changes of a batch .* are not in item_change: .*broken' order by id"
    ) == ["tasks", "conversations", "documents"]
