"""Limits, faults, hooks, mutations: section 9, lines 16 to 18 and 22, and the control interface."""

from __future__ import annotations

import time

import pytest
import requests
from planwerk_sandbox import ControlError
from planwerk_sandbox.teamwork import orderings

SPELLINGS = ("X-Rate-Limit", "X-RateLimit")


def test_the_rate_limit_is_off_and_its_headers_are_sent_in_both_spellings(reader):
    for _ in range(3):
        response = reader.get("me.json")
    for prefix in SPELLINGS:
        assert response.headers[f"{prefix}-Limit"] == "150"
        assert response.headers[f"{prefix}-Remaining"] == "150"
        assert int(response.headers[f"{prefix}-Reset"]) > 0


@pytest.mark.parametrize("retry_after", [True, False])
@pytest.mark.parametrize("reset", ["epoch", "seconds"])
def test_beyond_the_limit_the_answer_is_429_with_the_chosen_headers(
    teamwork, restricted, control, retry_after, reset
):
    control.set(requests_per_minute=2, retry_after=retry_after, rate_limit_reset=reset)
    assert teamwork.get("me.json").headers["X-Rate-Limit-Remaining"] == "1"
    assert restricted.get("me.json").headers["X-RateLimit-Remaining"] == "0"
    refused = teamwork.get("me.json")
    assert refused.status_code == 429
    assert refused.text == (
        "You have exceeded your rate limit. Please try again in a little while."
    )
    assert ("Retry-After" in refused.headers) == retry_after
    waiting = int(refused.headers["X-Rate-Limit-Reset"])
    if reset == "epoch":
        waiting -= int(time.time())
    assert 50 <= waiting <= 61


def test_a_status_fault_strikes_after_the_skipped_requests_as_often_as_told(teamwork, control):
    control.fault("^tasks", "status", skip=1, times=2, status=503, html=True)
    assert teamwork.get("tags.json").status_code == 200
    answers = [teamwork.get("tasks.json") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["Content-Type"].startswith("text/html")
    (fault,) = control.faults()
    assert (fault["matched"], fault["fired"]) == (4, 2)


def test_a_status_fault_sends_the_headers_it_was_given(teamwork, control):
    control.fault("^tasks", "status", status=429, headers={"Retry-After": "7"})
    answer = teamwork.get("tasks.json")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["errors"]


def test_an_html_fault_is_a_200_that_holds_no_json(teamwork, control):
    control.fault("^tasks", "html")
    answer = teamwork.get("tasks.json")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_timeout_fault_answers_late(teamwork, control):
    control.fault("^tasks", "timeout", seconds=0.6)
    url = f"{teamwork.sandbox.teamwork_url}/projects/api/v3/tasks.json"
    with pytest.raises(requests.ReadTimeout):
        teamwork.session.get(url, timeout=0.2)
    assert teamwork.get("tasks.json").status_code == 200


def test_a_reset_fault_drops_the_connection_before_the_answer(teamwork, control):
    control.fault("^tasks", "reset")
    with pytest.raises(requests.ConnectionError):
        teamwork.get("tasks.json")
    assert teamwork.get("tasks.json").status_code == 200
    assert [entry["status"] for entry in control.requests()["log"]] == [None, 200]


def test_a_truncate_fault_ends_the_body_before_its_length(teamwork, control):
    control.fault("^tasks", "truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        teamwork.get("tasks.json")


def test_a_malformed_fault_is_a_complete_answer_with_half_a_json(teamwork, control):
    control.fault("^tasks", "malformed")
    answer = teamwork.get("tasks.json")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(ValueError, match="line 1"):
        answer.json()


def test_a_missing_envelope_and_an_empty_list_are_told_apart(teamwork, control):
    control.fault("^tasks", "missing_envelope")
    assert "tasks" not in teamwork.body("tasks.json")
    control.fault("^tasks", "empty_list")
    body = teamwork.body("tasks.json")
    assert body["tasks"] == []
    assert body["meta"]["page"]["hasMore"] is False
    assert teamwork.body("tasks.json")["tasks"]


def test_cleared_faults_strike_no_more(teamwork, control):
    control.fault("^tasks", "status", times=None)
    assert teamwork.get("tasks.json").status_code == 500
    control.clear_faults()
    assert teamwork.get("tasks.json").status_code == 200
    assert control.faults() == []


def test_a_row_edited_between_two_pages_makes_offset_paging_miss_another(teamwork, control):
    query = {"orderBy": "updatedat", "pageSize": 20}
    everything = [row["id"] for row in teamwork.rows("tasks.json", "tasks", orderBy="updatedat")]
    edit = {"action": "edit", "kind": "tasks", "id": everything[5], "values": {"progress": 7}}
    control.hook("^tasks", 1, edit)
    first = [row["id"] for row in teamwork.body("tasks.json", page=1, **query)["tasks"]]
    second = [row["id"] for row in teamwork.body("tasks.json", page=2, **query)["tasks"]]
    assert first == everything[:20]
    assert everything[20] not in first + second
    assert second[0] == everything[21]
    assert control.hooks()[0]["fired"] is True


def test_a_hook_waits_for_its_request_and_says_when_it_fails(teamwork, control):
    control.hook("^tags", 2, {"action": "delete", "kind": "tasks", "id": 1})
    teamwork.get("tasks.json")
    teamwork.get("tags.json")
    assert control.hooks()[0]["fired"] is False
    teamwork.get("tags.json")
    assert control.hooks()[0]["error"] == "There is no row 1 among tasks."
    control.clear_hooks()
    assert control.hooks() == []


def test_every_change_has_its_own_second_and_a_bulk_edit_one(control):
    ids = [row["id"] for row in control.truth("tasks")[:4]]
    rows = control.edit("tasks", *ids, priority="high")
    assert [row["updatedAt"][-3:] for row in rows] == ["01Z", "02Z", "03Z", "04Z"]
    edit = {"action": "edit", "kind": "tasks", "ids": ids, "values": {"priority": "low"}}
    rows = control.mutate(edit, edit, same_second=True)
    assert {row["updatedAt"] for row in rows} == {"2026-03-10T08:00:05Z"}
    assert {row["dateUpdated"] for row in rows} == {"2026-03-10T08:00:05Z"}


def test_the_clock_stands_still_until_it_is_advanced(reader, teamwork, control):
    assert reader.sandbox.control.now() == "2026-03-10T08:00:00Z"
    assert control.advance(3600) == "2026-03-10T09:00:00Z"
    assert teamwork.get("me.json").headers["Date"] == "Tue, 10 Mar 2026 09:00:00 GMT"
    with pytest.raises(ControlError, match="only goes forward"):
        control.advance(-1)


def test_created_rows_of_every_stream_are_listed(teamwork, control):
    project = control.create("projects", name="2440 Neubau Stadtarchiv")
    tasklist = control.create("tasklists", name="LPH 5", projectId=project["id"])
    tag = control.create("tags", name='KG 4\x0010 "Ü" 🔥' + "x" * 10_000)
    task = control.create(
        "tasks", name="Neu", tasklistId=tasklist["id"], tagIds=[tag["id"]], assigneeTeamIds=[5501]
    )
    field = control.truth("custom_fields")[0]["id"]
    control.create("custom_field_values", customfieldId=field, taskId=task["id"], value="Heizung")
    log = control.create("timelogs", minutes=15, taskId=task["id"])
    comment = control.create("comments", body="Gut", objectId=task["id"])
    milestone = control.create("milestones", name="Abnahme", projectId=project["id"])
    person = control.create("people", firstName="Eva", lastName="Neu")
    company = control.create("companies", name="Neu GmbH")
    category = control.create("project_categories", name="Archive")

    assert log["projectId"] == comment["projectId"] == project["id"]
    assert next(t for t in teamwork.body("tags.json")["tags"] if t["id"] == tag["id"]) == tag
    body = teamwork.body("tasks.json", ids=task["id"], includeCustomFields="true")
    (value,) = body["included"]["customfieldTasks"].values()
    assert (value["taskId"], value["value"]) == (task["id"], "Heizung")
    assert body["tasks"][0]["updatedAt"] > task["updatedAt"]
    for path, envelope, row in (
        ("projects.json", "projects", project),
        ("tasklists", "tasklists", tasklist),
        ("time.json", "timelogs", log),
        ("comments.json", "comments", comment),
        ("milestones.json", "milestones", milestone),
        ("people.json", "people", person),
        ("companies.json", "companies", company),
        ("projectcategories.json", "projectCategories", category),
    ):
        assert row["id"] in teamwork.ids(path, envelope), path


def test_half_an_emoji_comes_back_as_it_was_sent(teamwork, control):
    name = "KG 410 \ud83d"
    tag = control.create("tags", name=name)
    assert tag in control.truth("tags")
    assert [row["name"] for row in teamwork.body("tags.json", ids=tag["id"])["tags"]] == [name]


def test_renaming_a_tag_touches_no_task(control):
    tasks = control.truth("tasks")
    tag = next(t["tagIds"][0] for t in tasks if t["tagIds"])
    (renamed,) = control.edit("tags", tag, name="KG 420 umbenannt")
    assert renamed["name"] == "KG 420 umbenannt"
    assert control.truth("tasks") == tasks


def test_tagging_and_untagging_move_the_task(control):
    task = next(t for t in control.truth("tasks") if t["tagIds"] is None)
    tag = control.truth("tags")[0]["id"]
    (tagged,) = control.tag("tasks", task["id"], tag_ids=[tag])
    assert tagged["tagIds"] == [tag]
    assert tagged["updatedAt"] > task["updatedAt"]
    (untagged,) = control.untag("tasks", task["id"], tag_ids=[tag])
    assert untagged["tags"] is None
    assert untagged["tagIds"] is None
    assert untagged["updatedAt"] > tagged["updatedAt"]


def test_completing_and_reopening_a_task_sets_and_removes_the_keys(control):
    task = next(t for t in control.truth("tasks") if t["status"] == "new")
    (done,) = control.complete("tasks", task["id"])
    assert (done["status"], done["completedAt"]) == ("completed", control.now())
    (reopened,) = control.reopen("tasks", task["id"])
    assert reopened["status"] == "reopened"
    assert "completedAt" not in reopened


def test_archiving_a_project_hides_it_and_its_tasks_until_it_is_unarchived(teamwork, control):
    task = teamwork.rows("tasks.json", "tasks")[0]
    project = task["tasklist"]["meta"]["projectId"]
    (archived,) = control.archive(project)
    assert (archived["status"], archived["archivedAt"]) == ("archived", control.now())
    assert project not in teamwork.ids("projects.json", "projects")
    assert task["id"] not in teamwork.ids("tasks.json", "tasks")
    control.unarchive(project)
    assert project in teamwork.ids("projects.json", "projects")
    assert task["id"] in teamwork.ids("tasks.json", "tasks")


def test_clearing_a_custom_field_value_moves_its_task(control):
    value = next(v for v in control.truth("custom_field_values") if v.get("taskId"))
    control.delete("custom_field_values", value["id"])
    task = next(t for t in control.truth("tasks") if t["id"] == value["taskId"])
    assert value["id"] not in [v["id"] for v in task["customFieldValues"]]
    assert task["updatedAt"] == control.now()


@pytest.mark.parametrize(
    ("mutation", "sentence"),
    [
        ({"action": "burn", "kind": "tasks"}, "Unknown action 'burn'"),
        ({"action": "edit", "kind": "task"}, "Unknown kind 'task'"),
        ({"action": "edit", "kind": "tasks", "id": 1}, "There is no row 1 among tasks"),
        ({"action": "edit", "kind": "tasks"}, "Say which rows"),
        ({"action": "create", "kind": "tasks"}, "send name, tasklistId too"),
        ({"action": "create", "kind": "tags", "values": {"nam": 1}}, "no value 'nam'"),
        (
            {"action": "create", "kind": "tasks", "values": {"name": "x", "tasklistId": 1}},
            "tasklistId: there is no row 1 among tasklists",
        ),
        ({"action": "create", "kind": "comments", "values": {"objectId": 1}}, "no row 1"),
        ({"action": "create", "kind": "people", "values": {"createdAt": "now"}}, "is a time"),
        (
            {"action": "create", "kind": "custom_field_values", "values": {"customfieldId": 6101}},
            "send one of taskId",
        ),
    ],
)
def test_a_mutation_that_cannot_be_done_is_refused_with_a_sentence(untouched, mutation, sentence):
    with pytest.raises(ControlError, match=sentence):
        untouched.control.mutate(mutation)
    assert untouched.control.now() == "2026-03-10T08:00:00Z"


def test_actions_that_do_not_fit_the_row_are_refused(untouched):
    control = untouched.control
    person = control.truth("people")[0]["id"]
    task = next(t["id"] for t in control.truth("tasks") if t["deletedAt"])
    for mutation, sentence in (
        ({"action": "archive", "kind": "tasks", "id": task}, "Only projects can be archived"),
        ({"action": "delete", "kind": "tasks", "id": task}, "deleted already"),
        ({"action": "complete", "kind": "people", "id": person}, "cannot be completed"),
        ({"action": "restore", "kind": "people", "id": person}, "is not deleted"),
    ):
        with pytest.raises(ControlError, match=sentence):
            control.mutate(mutation)


def test_unknown_settings_faults_and_hooks_are_refused_with_a_sentence(untouched):
    control = untouched.control
    with pytest.raises(ControlError, match="Unknown setting 'speed'"):
        control.set(speed=9)
    with pytest.raises(ControlError, match="'requests_per_minute' cannot be 0"):
        control.set(requests_per_minute=0)
    with pytest.raises(ControlError, match="needs a path"):
        control.fault("^tasks", "meteor")
    with pytest.raises(ControlError, match="no regular expression"):
        control.fault("(", "reset")
    with pytest.raises(ControlError, match="counts from 1"):
        control.hook("^tasks", 0, {})


def test_settings_can_be_restored(control):
    before = control.settings()
    control.set(offset_ceiling=10, retry_after=False)
    assert control.settings() != before
    control.reset_settings()
    assert control.settings() == before


def test_served_fields_are_put_over_rows_but_not_into_the_truth(teamwork, control):
    control.set(served_fields={"tasks": {"priority": None, "brandNew": {"x": 1}}})
    for task in teamwork.body("tasks.json")["tasks"]:
        assert task["priority"] is None
        assert task["brandNew"] == {"x": 1}
    assert not any("brandNew" in task for task in control.truth("tasks"))


def test_the_request_log_counts_by_path_and_keeps_who_asked(teamwork, control):
    control.clear_requests()
    task = teamwork.rows("tasks.json", "tasks")[0]["id"]
    teamwork.get(f"tasks/{task}.json")
    teamwork.get("/teams.json")
    teamwork.session.headers["User-Agent"] = "planwerk-test"
    teamwork.get("/projects/api/v1/teams.json", page=1)
    log = control.requests()
    assert log["total"] == 4
    assert log["by_path"] == {"tasks.json": 1, "tasks/{id}.json": 1, "teams.json": 2}
    assert log["log"][-1] == {
        "path": "teams.json",
        "query": {"page": "1"},
        "status": 200,
        "user_agent": "planwerk-test",
        "at": "2026-03-10T08:00:00Z",
    }
    control.clear_requests()
    assert control.requests()["total"] == 0


def test_the_truth_holds_every_row_with_project_and_custom_values_of_tasks(untouched):
    truth = untouched.control.all_truth()
    lists = {row["id"]: row["projectId"] for row in truth["tasklists"]}
    assert len(truth["tasks"]) == 200
    for task in truth["tasks"]:
        assert task["projectId"] == lists[task["tasklistId"]]
    values = [value for task in truth["tasks"] for value in task["customFieldValues"]]
    assert values
    of_tasks = [value for value in truth["custom_field_values"] if "taskId" in value]
    assert sorted(values, key=lambda value: value["id"]) == of_tasks
    assert [row["id"] for row in truth["tasks"]] == sorted(row["id"] for row in truth["tasks"])
    with pytest.raises(ControlError, match="Unknown kind 'nothing'"):
        untouched.control.truth("nothing")


def test_the_reachable_truth_leaves_out_comments_of_deleted_projects(reader, untouched):
    truth = untouched.control.truth("comments", reachable=True)
    listed = reader.ids("comments.json", "comments", includeArchivedProjects="true")
    assert {row["id"] for row in truth} == listed
    assert len(truth) < len(untouched.control.truth("comments"))


def test_paging_by_update_time_sorts_once_until_a_row_changes(teamwork, control, monkeypatch):
    sorted_kinds = []
    sort_rows = orderings.sort_rows

    def counted(office, kind, rows, order, *, descending):
        sorted_kinds.append(kind)
        sort_rows(office, kind, rows, order, descending=descending)

    monkeypatch.setattr(orderings, "sort_rows", counted)
    query = {"orderBy": "updatedat", "pageSize": 3}
    after = "2023-01-01T00:00:00Z"
    for _ in range(5):
        rows = teamwork.body("tasks.json", updatedAfter=after, **query)["tasks"]
        after = rows[-1]["updatedAt"]
    teamwork.body("tasks.json", page=2, **query)
    assert sorted_kinds == ["tasks"]
    control.edit("tasks", rows[0]["id"], progress=3)
    teamwork.body("tasks.json", updatedAfter=after, **query)
    assert sorted_kinds == ["tasks", "tasks"]
