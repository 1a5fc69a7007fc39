"""Every row in the warehouse equals the truth, whatever happened in Teamwork."""

import datetime as dt

import inflection
import pytest

STREAMS = (
    "companies",
    "people",
    "teams",
    "tags",
    "project_categories",
    "projects",
    "custom_fields",
    "workflows",
    "stages",
    "tasklists",
    "milestones",
    "timelogs",
    "tasks",
    "comments",
)

RENAMED = {
    ("tasks", "start_on"): lambda row: day(row["startDate"]),
    ("tasks", "due_on"): lambda row: day(row["dueDate"]),
    ("projects", "start_on"): lambda row: day(row["startAt"]),
    ("projects", "end_on"): lambda row: day(row["endAt"]),
    ("projects", "owner_id"): lambda row: row["projectOwnerId"] or None,
    ("milestones", "deadline"): lambda row: day(row["deadline"]),
    ("companies", "client_managed_by"): lambda row: (row["clientManagedBy"] or {}).get("id"),
    ("people", "created_by"): lambda row: (row["createdBy"] or {}).get("id"),
    ("people", "updated_by"): lambda row: (row["updatedBy"] or {}).get("id"),
    ("people", "working_hours_id"): lambda row: row["workingHoursId"],
    ("teams", "company_id"): lambda row: int(row["company"]["id"]) if row["company"] else None,
    ("teams", "parent_team_id"): lambda row: (
        int(row["parentTeam"]["id"]) if row["parentTeam"] else None
    ),
    ("teams", "root_team_id"): lambda row: int(row["rootTeam"]["id"]) if row["rootTeam"] else None,
    ("teams", "project_id"): lambda row: int(row["projectId"] or 0) or None,
    ("teams", "member_ids"): lambda row: [int(member["id"]) for member in row["members"]],
    ("teams", "deleted_date"): lambda row: moment(row["deletedDate"] or None),
    ("stages", "workflow_id"): lambda row: row["workflow"]["id"],
    ("workflows", "stage_ids"): lambda row: [stage["id"] for stage in row["stages"]],
    ("comments", "updated_at"): lambda row: moment(
        max(filter(None, (row["postedDateTime"], row["dateLastEdited"], row["dateDeleted"])))
    ),
}
"""What a column holds where it is not simply the attribute of the same name."""


def day(text):
    return dt.date.fromisoformat(text[:10]) if text else None


def moment(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def expected(stream, column, kind, row):
    """Return what a column has to hold, worked out without the tap's code."""
    if (stream, column) in RENAMED:
        return RENAMED[stream, column](row)
    if column == "url":
        return None
    value = row.get(inflection.camelize(column, uppercase_first_letter=False))
    if value is None and column.endswith("_ids"):
        relation = inflection.pluralize(column.removesuffix("_ids"))
        related = row.get(inflection.camelize(relation, uppercase_first_letter=False)) or []
        value = [item["id"] for item in related]
    if kind == "ARRAY":
        return [int(item) for item in value or []]
    if kind.startswith("timestamp"):
        return moment(value)
    if kind == "date":
        return day(value)
    if kind == "bigint" and value is not None:
        return None if column.endswith(("_id", "_by")) and int(value) == 0 else int(value)
    return value


def custom_field_values(control):
    """Return the values per stream and row, as the API sends them, ordered by their ids."""
    values = {}
    for value in sorted(control.truth("custom_field_values"), key=lambda value: value["id"]):
        for stream, owner in (
            ("tasks", "taskId"),
            ("projects", "projectId"),
            ("companies", "companyId"),
        ):
            if owner in value:
                values.setdefault((stream, value[owner]), []).append(value)
    return values


def compare(pipeline):
    """Compare every column of every row, and which rows there are; return the number of rows."""
    compared = 0
    values = custom_field_values(pipeline.control)
    for stream in STREAMS:
        columns = pipeline.rows(
            "select column_name::text, data_type::text from information_schema.columns"
            " where table_schema = 'raw_teamwork' and table_name = %s"
            " and column_name not like %s order by ordinal_position",
            stream,
            "\\_sdc%",
        )
        names = ", ".join(f'"{name}"' for name, _ in columns)
        held = {
            row[0]: row
            for row in pipeline.rows(
                f"select {names} from raw_teamwork.{stream} where _sdc_deleted_at is null"
            )
        }
        truth = {int(row["id"]): row for row in pipeline.control.truth(stream, reachable=True)}
        assert held.keys() == truth.keys(), stream
        for id_, row in truth.items():
            for (column, kind), value in zip(columns, held[id_], strict=True):
                wanted = expected(stream, column, kind, row)
                if column == "url":
                    assert value.endswith(f"/app/{stream}/{id_}")
                    continue
                if column == "custom_field_values":
                    wanted = values.get((stream, id_), [])
                assert value == wanted, f"{stream} {id_}: {column}"
            compared += 1
    return compared


@pytest.fixture
def loaded(pipeline):
    """A pipeline that has run once."""
    assert pipeline.sync(), pipeline.log
    return pipeline


def test_the_first_run_brings_every_row_as_it_is(loaded):
    assert compare(loaded) > 1_000
    assert loaded.value("select count(*) from raw_teamwork.tasks where tag_ids <> '{}'") > 0
    assert loaded.value("select count(*) from raw_teamwork.tasks where deleted_at is not null") > 0


def test_create_edit_delete_restore_rename_and_archive_arrive(loaded):
    control = loaded.control
    tasks = [row for row in control.truth("tasks", reachable=True) if row["status"] == "new"]
    edited, deleted, brought_back, tagged = (row["id"] for row in tasks[:4])
    tag, dropped_tag = (row["id"] for row in control.truth("tags")[:2])
    project = next(row["id"] for row in control.truth("projects") if row["status"] == "active")
    category = control.truth("project_categories")[-1]["id"]
    timelog = next(row["id"] for row in control.truth("timelogs") if not row["deleted"])

    control.edit("tasks", edited, name="Druckprüfung 🔥 'EG' \\ \"OG\"")
    control.delete("tasks", deleted, brought_back)
    control.tag("tasks", tagged, tag_ids=[tag])
    control.edit("tags", tag, name="KG 434 umbenannt")
    control.delete("tags", dropped_tag)
    control.delete("project_categories", category)
    control.delete("timelogs", timelog)
    control.archive(project)
    created = control.create("tasks", name="Neue Aufgabe", tasklistId=tasks[0]["tasklistId"])["id"]
    control.create("tags", name="Nachtrag 7")
    assert loaded.sync(), loaded.log
    compare(loaded)
    assert loaded.rows("select name from raw_teamwork.tasks where id = %s", created) == [
        "Neue Aufgabe"
    ]
    assert loaded.value(
        "select deleted_at is not null from raw_teamwork.tasks where id = %s", brought_back
    )
    assert loaded.value(
        "select _sdc_deleted_at is not null from raw_teamwork.tags where id = %s", dropped_tag
    )

    control.restore("tasks", brought_back)
    control.unarchive(project)
    control.untag("tasks", tagged, tag_ids=[tag])
    assert loaded.sync(), loaded.log
    compare(loaded)
    assert loaded.value("select status from raw_teamwork.tasks where id = %s", brought_back) != (
        "deleted"
    )


def test_a_deletion_arrives_even_if_it_does_not_move_the_update_time(loaded):
    loaded.control.set(deletion_moves_updated_at=False)
    old = min(
        (row for row in loaded.control.truth("tasks", reachable=True) if not row["deletedAt"]),
        key=lambda row: row["updatedAt"],
    )
    loaded.control.advance(86_400)
    loaded.control.delete("tasks", old["id"])
    assert loaded.sync(), loaded.log
    compare(loaded)


def test_rows_edited_and_deleted_between_the_pages_are_not_missed(pipeline):
    tasks = [row["id"] for row in pipeline.control.truth("tasks", reachable=True)]
    tags = [row["id"] for row in pipeline.control.truth("tags")]
    for request, id_ in enumerate(tasks[:8], 1):
        pipeline.control.hook(
            "tasks.json",
            request,
            {"action": "edit", "kind": "tasks", "id": id_, "values": {"progress": 50 + request}},
            {"action": "delete", "kind": "tasks", "id": tasks[20 + request]},
        )
        pipeline.control.hook(
            "tags.json", request, {"action": "delete", "kind": "tags", "id": tags[request]}
        )
    assert pipeline.sync(page_size=20), pipeline.log
    assert not [hook for hook in pipeline.control.hooks() if not hook.get("done", True)]
    assert pipeline.sync(), pipeline.log
    compare(pipeline)
    assert (
        pipeline.value("select count(*) from raw_teamwork.tags where _sdc_deleted_at is not null")
        <= 8
    )


def test_an_inclusive_filter_and_a_bulk_edit_beyond_the_ceiling_lose_nothing(pipeline):
    control = pipeline.control
    control.set(updated_after_inclusive=True, offset_ceiling=170)
    tasks = [row["id"] for row in control.truth("tasks", reachable=True) if not row["deletedAt"]]
    control.mutate(
        *(
            {"action": "edit", "kind": "tasks", "id": id_, "values": {"progress": 7}}
            for id_ in tasks
        ),
        same_second=True,
    )
    assert pipeline.sync(page_size=10), pipeline.log
    compare(pipeline)


def test_a_second_run_without_changes_asks_little_and_writes_nothing(loaded):
    before = loaded.rows("select id, xmin::text from raw_teamwork.tasks order by id")
    loaded.control.clear_requests()
    assert loaded.sync(), loaded.log
    assert loaded.control.requests()["total"] <= 25
    assert loaded.rows("select id, xmin::text from raw_teamwork.tasks order by id") == before


def test_only_known_parameters_are_sent(loaded):
    assert loaded.sync(), loaded.log
    assert loaded.control.requests()["unknown_parameters"] == []


def test_the_first_load_leaves_no_dead_rows(loaded):
    loaded.connection.execute("select pg_stat_force_next_flush()")
    dead = "select sum(n_dead_tup) from pg_stat_user_tables where schemaname = 'raw_teamwork'"
    assert loaded.value(dead) == 0
