"""What state and versions promise."""

import datetime as dt

import pytest
import time_machine
from tap_kit.stream import KitStream


def bookmark(run, stream):
    return run.state["bookmarks"][stream]["replication_key_value"]


def test_the_version_is_sent_once_after_the_last_record(run):
    done = run("tags")
    kinds = [message["type"] for message in done.messages if message.get("stream") == "tags"]
    assert kinds.count("ACTIVATE_VERSION") == 1
    assert kinds[-1] == "ACTIVATE_VERSION"
    versions = {message["version"] for message in done.messages if message["type"] == "RECORD"}
    assert versions == {
        message["version"] for message in done.messages if message["type"] == "ACTIVATE_VERSION"
    }


def test_a_listing_that_breaks_off_marks_nothing(run, sandbox, waits):
    sandbox.control.fault("tags.json", "status", status=500, skip=1, times=None)
    done = run("tags", page_size=20)
    assert done.exit_code == 1
    assert done.records("tags")
    assert "ACTIVATE_VERSION" not in {message["type"] for message in done.messages}


@pytest.mark.parametrize(
    "settings", [{"include_archived_projects": False}, {"project_ids": [412204]}]
)
def test_projects_that_the_settings_leave_out_are_not_marked_deleted(run, settings):
    first = run("projects")
    second = run("projects", state=first.state, **settings)
    assert second.exit_code == 0
    assert first.streams("ACTIVATE_VERSION") == ["projects"]
    assert not second.streams("ACTIVATE_VERSION")


def test_a_listing_that_lost_more_than_half_its_rows_fails_and_marks_nothing(run, sandbox):
    first = run("tags")
    rows = len(first.records("tags"))
    sandbox.control.fault("tags.json", "empty_list", times=None)
    second = run("tags", state=first.state)
    assert second.exit_code == 1
    assert f"only 0 rows of 'tags' where it listed {rows}" in second.log
    assert "allow_mass_delete" in second.log
    assert not second.streams("ACTIVATE_VERSION")
    assert second.state["bookmarks"]["tags"]["row_count"] == rows


@pytest.mark.parametrize("stream", ["tags", "teams", "workflows", "comments", "projects"])
@pytest.mark.parametrize("page", [0, 1, 2])
def test_an_answer_that_is_empty_by_mistake_is_asked_for_again(run, sandbox, stream, page):
    first = run(stream, page_size=20)
    sandbox.control.fault(rf"^{stream}\.json", "empty_list", skip=page)
    again = run(stream, state=first.state if stream != "comments" else None, page_size=20)
    assert again.exit_code == 0
    ids = {row["id"] for row in again.records(stream)}
    assert ids == {row["id"] for row in first.records(stream)}


def test_deletions_are_not_missed_for_an_answer_that_is_empty_by_mistake(run, sandbox):
    control = sandbox.control
    control.set(deletion_moves_updated_at=False)
    first = run("tasks")
    living = [row for row in first.records("tasks") if not row["deleted_at"]]
    deleted = max(living, key=lambda row: row["id"])
    control.advance(86_400)
    control.delete("tasks", deleted["id"])
    control.fault(r"^tasks\.json", "empty_list", skip=1)
    second = run("tasks", state=first.state)
    assert deleted["id"] in {row["id"] for row in second.records("tasks")}


def test_comments_of_a_project_that_was_deleted_for_a_while_arrive_within_a_day(run, sandbox):
    control = sandbox.control
    task = control.truth("tasks", reachable=True)[0]
    project = next(
        row["projectId"] for row in control.truth("tasklists") if row["id"] == task["tasklistId"]
    )
    control.delete("projects", project)
    hidden = control.create("comments", body="neu", objectId=task["id"])["id"]
    elsewhere = next(row for row in control.truth("comments", reachable=True))
    control.advance(3_600)
    control.edit("comments", elsewhere["id"], body="später")
    first = run("comments")
    control.restore("projects", project)
    control.advance(86_400)
    second = run("comments", state=first.state)
    assert hidden not in {row["id"] for row in first.records("comments")}
    assert hidden in {row["id"] for row in second.records("comments")}
    third = run("comments", state=second.state)
    assert len(third.records("comments")) < len(second.records("comments"))


def test_mass_deletion_can_be_allowed(run, sandbox):
    first = run("tags")
    sandbox.control.fault("tags.json", "empty_list", times=None)
    second = run("tags", state=first.state, allow_mass_delete=True)
    assert second.exit_code == 0
    assert second.streams("ACTIVATE_VERSION") == ["tags"]


def test_a_small_table_may_shrink_without_a_question(run, sandbox):
    first = run("workflows")
    sandbox.control.fault("workflows.json", "empty_list", times=None)
    assert run("workflows", state=first.state).exit_code == 0


def test_a_refused_full_table_does_not_hold_up_the_incremental_streams(run, sandbox):
    first = run("tags", "tasks")
    sandbox.control.edit(
        "tasks", sandbox.control.truth("tasks", reachable=True)[0]["id"], progress=3
    )
    sandbox.control.fault("tags.json", "empty_list", times=None)
    second = run("tags", "tasks", state=first.state)
    assert second.exit_code == 1
    assert second.records("tasks")


def test_versions_do_not_follow_a_machine_that_is_ahead(run, sandbox):
    with time_machine.travel(dt.datetime.now(dt.timezone.utc) + dt.timedelta(minutes=10)):
        stopped = run("tags")
    sandbox.control.delete("tags", stopped.records("tags")[0]["id"])
    # Its state is lost, its rows are not.
    versions = {m["type"]: m["version"] for m in run("tags").messages if "version" in m}
    assert versions["ACTIVATE_VERSION"] > max(m.get("version", 0) for m in stopped.messages)


def test_versions_grow_even_if_this_machines_clock_goes_back(run):
    first = run("tags")
    first.state["bookmarks"]["tags"]["table_version"] += 10**9
    second = run("tags", state=first.state)
    versions = [m["version"] for m in second.messages if m["type"] == "ACTIVATE_VERSION"]
    assert versions == [first.state["bookmarks"]["tags"]["table_version"] + 1]


@pytest.mark.parametrize("stream", ["tasks", "comments"])
def test_a_row_dated_in_the_future_does_not_move_the_bookmark_beyond_the_servers_clock(
    run, sandbox, stream
):
    control = sandbox.control
    id_ = control.truth(stream, reachable=True)[-1]["id"]
    field = {"tasks": "updatedAt", "comments": "dateLastEdited"}[stream]
    now = control.now()
    control.set(served_fields={stream: {field: "2099-01-01T00:00:00Z"}})
    done = run(stream)
    assert any(record["id"] == id_ for record in done.records(stream))
    assert bookmark(done, stream).replace("+00:00", "Z") == now


@pytest.mark.parametrize("stream", ["tasks", "timelogs", "comments", "tasklists"])
def test_the_bookmark_is_the_latest_change_and_the_next_run_overlaps(run, stream):
    first = run(stream)
    latest = max(row["updated_at"] for row in first.records(stream))
    assert bookmark(first, stream) == latest
    second = run(stream, state=first.state, lookback_seconds=60)
    assert 1 <= len(second.records(stream)) < 20
    assert bookmark(second, stream) == latest


def test_a_state_is_sent_with_every_page_so_that_a_killed_run_goes_on_there(run):
    done = run("timelogs")
    states = [m["value"]["bookmarks"] for m in done.messages if m["type"] == "STATE"]
    reached = [state.get("timelogs", {}).get("replication_key_value") for state in states]
    assert sorted(filter(None, reached)) == list(filter(None, reached))
    emitted = ""
    for message in done.messages:
        if message["type"] == "RECORD":
            emitted = max(emitted, message["record"]["updated_at"])
        elif message["type"] == "STATE":
            state = message["value"].get("bookmarks", {}).get("timelogs", {})
            assert state.get("replication_key_value", "") <= emitted


def test_deletions_are_asked_for_even_if_the_first_run_was_cut_off(
    run, sandbox, waits, monkeypatch
):
    monkeypatch.setattr(KitStream, "STATE_MSG_FREQUENCY", 20)
    control = sandbox.control
    control.set(deletion_moves_updated_at=False)
    control.fault("tasks.json", "status", status=500, skip=4, times=None)
    first = run("tasks", page_size=20)
    assert first.exit_code == 1
    assert bookmark(first, "tasks")
    seen = first.records("tasks")[0]["id"]
    control.clear_faults()
    control.advance(3_600)
    control.delete("tasks", seen)
    control.advance(3_600)
    second = run("tasks", state=first.state)
    third = run("tasks", state=second.state)
    gone = [
        row["id"] for row in (second.records("tasks") + third.records("tasks")) if row["deleted_at"]
    ]
    assert seen in gone


def test_nothing_older_than_the_start_date_is_read_on_the_first_run(run):
    done = run("tasks", start_date="2026-01-01T00:00:00Z")
    assert done.records("tasks")
    assert min(row["updated_at"] for row in done.records("tasks")) >= "2026-01-01T00:00:00Z"


def test_a_later_start_date_does_not_skip_what_lies_behind_the_bookmark(run, sandbox):
    first = run("tasks", start_date="2025-01-01T00:00:00Z")
    task = sandbox.control.truth("tasks", reachable=True)[5]["id"]
    sandbox.control.edit("tasks", task, progress=99)
    second = run("tasks", state=first.state, start_date="2099-01-01T00:00:00Z")
    assert task in {row["id"] for row in second.records("tasks")}


def test_null_and_unknown_fields_never_break_a_run(run, sandbox):
    fields = ["name", "description", "priority", "tagIds", "tags", "assignees", "createdAt"]
    sandbox.control.set(
        served_fields={"tasks": dict.fromkeys(fields) | {"brandNew": {"deep": [1]}}}
    )
    done = run("tasks")
    assert done.exit_code == 0
    assert {row["name"] for row in done.records("tasks")} == {None}
    assert all("brand_new" not in row for row in done.records("tasks"))


def test_no_secret_is_logged_or_written(run):
    done = run("tasks", "people")
    assert "twp_sandbox" not in done.log
    assert "twp_sandbox" not in str(done.messages)


def test_settings_leave_out_what_they_name(run, sandbox):
    projects = [row["id"] for row in sandbox.control.truth("projects") if row["status"] == "active"]
    done = run("tasks", "projects", "tasklists", "timelogs", project_ids=projects[:2])
    for stream in ("tasks", "tasklists", "timelogs"):
        assert {row["project_id"] for row in done.records(stream)} == set(projects[:2]), stream
    assert {row["id"] for row in done.records("projects")} == set(projects[:2])
    assert sandbox.control.requests()["unknown_parameters"] == []

    open_only = run("tasks", include_completed=False)
    assert "completed" not in {row["status"] for row in open_only.records("tasks")}

    archived = {row["id"] for row in sandbox.control.truth("projects") if row["archivedAt"]}
    current = run("tasks", "projects", include_archived_projects=False)
    assert archived
    assert not archived & {row["id"] for row in current.records("projects")}
    assert not archived & {row["project_id"] for row in current.records("tasks")}
