"""Every row in the warehouse equals the truth, whatever happened in Teamwork."""

import pytest
from task_truth import compare


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
