"""What lists hide, time filters and deletions: section 9, lines 9 to 11, 15, 19 and 20."""

from __future__ import annotations

import pytest

SHOW_ALL = {
    "includeCompletedTasks": "true",
    "showCompletedLists": "true",
    "includeArchivedProjects": "true",
    "includeTasksFromDeletedLists": "true",
    "includePrivateItems": "true",
    "showDeleted": "true",
}


def world(control):
    lists = {row["id"]: row for row in control.truth("tasklists")}
    projects = {row["id"]: row for row in control.truth("projects")}
    return control.truth("tasks"), lists, projects


def without(flag):
    return {name: value for name, value in SHOW_ALL.items() if name != flag}


def test_all_flags_together_list_every_task(reader, untouched):
    everything = {row["id"] for row in untouched.control.truth("tasks")}
    assert reader.ids("tasks.json", "tasks", **SHOW_ALL) == everything


@pytest.mark.parametrize(
    ("flag", "hides"),
    [
        ("showDeleted", lambda t, _, __: t["status"] == "deleted"),
        ("showCompletedLists", lambda _, its_list, __: its_list["status"] == "completed"),
        ("includeArchivedProjects", lambda _, __, project: project["status"] == "archived"),
        (
            "includeTasksFromDeletedLists",
            lambda _, its_list, project: "deleted" in (its_list["status"], project["status"]),
        ),
        (
            "includeCompletedTasks",
            lambda t, its_list, _: t["status"] == "completed" or its_list["status"] == "completed",
        ),
    ],
)
def test_each_flag_alone_uncovers_exactly_what_it_names(reader, untouched, flag, hides):
    tasks, lists, projects = world(untouched.control)
    hidden = {t["id"] for t in tasks if hides(t, lists[t["tasklistId"]], projects[t["projectId"]])}
    assert hidden
    shown = reader.ids("tasks.json", "tasks", **without(flag))
    assert shown == {t["id"] for t in tasks} - hidden


def test_private_tasks_hide_unless_asked_for(reader):
    hidden = reader.ids("tasks.json", "tasks", **SHOW_ALL) - reader.ids(
        "tasks.json", "tasks", **without("includePrivateItems")
    )
    rows = {row["id"]: row for row in reader.rows("tasks.json", "tasks", **SHOW_ALL)}
    assert {row_id for row_id, row in rows.items() if row["isPrivate"] == 1} <= hidden
    assert not {row_id for row_id in hidden if rows[row_id]["isPrivate"] == 0}


def test_completed_lists_show_only_together_with_completed_tasks(reader):
    plain = reader.ids("tasks.json", "tasks")
    assert reader.ids("tasks.json", "tasks", showCompletedLists="true") == plain


def test_projects_hide_archived_and_deleted_ones(reader, untouched):
    by_status = {}
    for row in untouched.control.truth("projects"):
        by_status.setdefault(row["status"], set()).add(row["id"])
    assert reader.ids("projects.json", "projects") == by_status["active"]
    archived = reader.ids("projects.json", "projects", includeArchivedProjects="true")
    assert archived == by_status["active"] | by_status["archived"]
    only = reader.ids("projects.json", "projects", onlyArchivedProjects="true")
    assert only == by_status["archived"]
    deleted = reader.rows("projects.json", "projects", projectStatuses="deleted")
    assert {row["id"] for row in deleted} == by_status["deleted"]
    assert all(row["deletedAt"] and row["status"] == "deleted" for row in deleted)
    shown = reader.ids("projects.json", "projects", showDeleted="true")
    assert shown == by_status["active"]
    assert reader.get("projects.json", projectStatuses="gone").status_code == 400


def test_project_ids_bypass_the_other_filters_unless_told_otherwise(reader, untouched):
    archived = next(
        row["id"] for row in untouched.control.truth("projects") if row["status"] == "archived"
    )
    late = {"projectIds": archived, "updatedAfter": "2030-01-01T00:00:00Z"}
    assert reader.ids("projects.json", "projects", **late) == {archived}
    always = reader.ids("projects.json", "projects", alwaysIncludeFiltering="true", **late)
    assert always == set()


@pytest.mark.parametrize(
    ("path", "kind", "flags"),
    [
        ("tasklists", "tasklists", ["showDeleted", "showCompleted", "includeArchivedProjects"]),
        (
            "milestones.json",
            "milestones",
            ["showDeleted", "includeCompleted", "includeArchivedProjects"],
        ),
        ("time.json", "timelogs", ["showDeleted", "includeArchivedProjects"]),
        ("people.json", "people", ["showDeleted"]),
        ("customfields.json", "customfields", ["showDeleted"]),
    ],
)
def test_every_flag_uncovers_rows_and_all_together_uncover_every_row(
    reader, untouched, path, kind, flags
):
    shown = reader.ids(path, kind)
    for flag in flags:
        assert reader.ids(path, kind, **{flag: "true"}) > shown, flag
    truth = untouched.control.truth({"customfields": "custom_fields"}.get(kind, kind))
    everything = reader.ids(path, kind, **dict.fromkeys(flags, "true"))
    assert everything == {row["id"] for row in truth}


def test_filters_by_id_narrow_the_list(reader):
    tasks = reader.rows("tasks.json", "tasks")
    one = tasks[0]
    assert reader.ids("tasks.json", "tasks", ids=f"{one['id']},1") == {one["id"]}
    project = one["tasklist"]["meta"]["projectId"]
    in_project = {t["id"] for t in tasks if t["tasklist"]["meta"]["projectId"] == project}
    assert reader.ids("tasks.json", "tasks", projectIds=project) == in_project
    in_list = {t["id"] for t in tasks if t["tasklistId"] == one["tasklistId"]}
    assert reader.ids("tasks.json", "tasks", tasklistIds=one["tasklistId"]) == in_list
    tag = next(t["tagIds"][0] for t in tasks if t["tagIds"])
    tagged = {t["id"] for t in tasks if tag in (t["tagIds"] or ())}
    assert reader.ids("tasks.json", "tasks", tagIds=tag) == tagged
    entities = reader.rows("customfields.json", "customfields", entities="project")
    assert {field["entity"] for field in entities} == {"project"}
    assert reader.get("tasks.json", ids="one").status_code == 400


def test_updated_after_is_exclusive_by_the_second_and_can_be_made_inclusive(teamwork, control):
    rows = teamwork.rows("tasks.json", "tasks", orderBy="updatedat")
    bound = rows[len(rows) // 2]["updatedAt"]
    later = {row["id"] for row in rows if row["updatedAt"] > bound}
    same = {row["id"] for row in rows if row["updatedAt"] == bound}
    for order in ({"orderBy": "updatedat"}, {"orderBy": "updatedat", "orderMode": "desc"}, {}):
        control.set(updated_after_inclusive=False)
        assert teamwork.ids("tasks.json", "tasks", updatedAfter=bound, **order) == later
        control.set(updated_after_inclusive=True)
        assert teamwork.ids("tasks.json", "tasks", updatedAfter=bound, **order) == later | same


def test_updated_after_and_before_understand_an_offset(reader):
    in_utc = reader.ids("tasks.json", "tasks", updatedAfter="2025-06-01T10:00:00Z")
    in_berlin = reader.ids("tasks.json", "tasks", updatedAfter="2025-06-01T12:00:00+02:00")
    assert in_utc == in_berlin
    before = reader.ids("tasks.json", "tasks", updatedBefore="2025-06-01T10:00:01Z")
    assert not before & in_utc
    assert before | in_utc == reader.ids("tasks.json", "tasks")


def test_a_time_nobody_can_read_is_refused(reader):
    for path in ("tasks.json", "projects.json", "time.json", "comments.json"):
        assert reader.get(path, updatedAfter="yesterday").status_code == 400, path


@pytest.mark.parametrize(
    ("path", "envelope", "time"),
    [
        ("projects.json", "projects", lambda r: r["updatedAt"]),
        ("companies.json", "companies", lambda r: r["updatedAt"]),
        ("people.json", "people", lambda r: r["updatedAt"]),
        ("time.json", "timelogs", lambda r: r["updatedAt"]),
        ("tasklists", "tasklists", lambda r: r["updatedAt"]),
        ("milestones.json", "milestones", lambda r: r["lastChangedOn"]),
        (
            "comments.json",
            "comments",
            lambda r: max(
                t for t in (r["postedDateTime"], r["dateLastEdited"], r["dateDeleted"]) if t
            ),
        ),
    ],
)
def test_updated_after_works_on_every_list_that_has_it(reader, path, envelope, time):
    rows = reader.rows(path, envelope)
    bound = sorted(time(row) for row in rows)[len(rows) // 2]
    later = {row["id"] for row in rows if time(row) > bound}
    assert later
    assert reader.ids(path, envelope, updatedAfter=bound) == later


def test_a_deleted_task_is_hidden_unless_show_deleted_is_sent(teamwork, control):
    task = teamwork.rows("tasks.json", "tasks")[0]["id"]
    (deleted,) = control.delete("tasks", task)
    assert (deleted["status"], deleted["deletedBy"]) == ("deleted", 380112)
    assert deleted["deletedAt"] == deleted["updatedAt"] == control.now()
    assert task not in teamwork.ids("tasks.json", "tasks")
    assert task in teamwork.ids("tasks.json", "tasks", showDeleted="true")
    assert teamwork.get(f"tasks/{task}.json").status_code == 404
    only = teamwork.rows("tasks.json", "tasks", deletedOnly="true")
    assert task in {row["id"] for row in only}
    assert {row["status"] for row in only} == {"deleted"}
    recent = teamwork.ids(
        "tasks.json", "tasks", showDeleted="true", deletedAfter="2026-03-10T08:00:00Z"
    )
    assert recent == {task}


def test_a_restored_task_loses_its_mark_and_moves(teamwork, control):
    task = teamwork.rows("tasks.json", "tasks")[0]["id"]
    (deleted,) = control.delete("tasks", task)
    (restored,) = control.restore("tasks", task)
    assert restored["deletedAt"] is None
    assert restored["status"] != "deleted"
    assert restored["updatedAt"] > deleted["updatedAt"]
    assert teamwork.get(f"tasks/{task}.json").status_code == 200


def test_a_deletion_can_leave_the_update_time_alone(teamwork, control):
    control.set(deletion_moves_updated_at=False)
    task = teamwork.rows("tasks.json", "tasks")[0]
    (deleted,) = control.delete("tasks", task["id"])
    assert deleted["updatedAt"] == task["updatedAt"]
    assert deleted["deletedAt"] == control.now()


def test_deleting_a_list_or_project_hides_its_tasks_without_marking_them(teamwork, control):
    task = teamwork.rows("tasks.json", "tasks")[0]
    project = task["tasklist"]["meta"]["projectId"]
    for kind, row_id in (("tasklists", task["tasklistId"]), ("projects", project)):
        control.delete(kind, row_id)
        assert task["id"] not in teamwork.ids("tasks.json", "tasks", showDeleted="true")
        found = teamwork.rows("tasks.json", "tasks", includeTasksFromDeletedLists="true")
        assert task in found
        control.restore(kind, row_id)
        assert task["id"] in teamwork.ids("tasks.json", "tasks")


def test_deleted_comments_are_listed_with_their_mark_unless_switched_off(teamwork, control):
    comment = teamwork.rows("comments.json", "comments", orderMode="desc")[0]["id"]
    control.delete("comments", comment)
    rows = {row["id"]: row for row in teamwork.rows("comments.json", "comments")}
    assert rows[comment]["deleted"] is True
    assert rows[comment]["dateDeleted"] == control.now()
    control.set(comments_list_deleted=False)
    assert comment not in teamwork.ids("comments.json", "comments")


def test_a_deleted_tag_vanishes_and_moves_the_tasks_that_carried_it(teamwork, control):
    carrier = next(t for t in control.truth("tasks") if t["tagIds"] and not t["deletedAt"])
    tag = carrier["tagIds"][0]
    others = {t["id"] for t in control.truth("tasks") if tag not in (t["tagIds"] or ())}
    before = {t["id"]: t["updatedAt"] for t in control.truth("tasks")}
    control.delete("tags", tag)
    assert tag not in teamwork.ids("tags.json", "tags", showDeleted="true")
    assert tag not in {row["id"] for row in control.truth("tags")}
    for task in control.truth("tasks"):
        assert tag not in (task["tagIds"] or ())
        moved = task["updatedAt"] != before[task["id"]]
        assert moved == (task["id"] not in others)


def test_absence_is_written_as_null_zero_or_a_missing_key(reader):
    tasks = reader.rows("tasks.json", "tasks", **SHOW_ALL)
    for task in tasks:
        assert "projectId" not in task
        assert "completed" not in task
        done = task["status"] == "completed"
        if task["status"] != "deleted":
            assert ("completedAt" in task) == ("completedBy" in task) == done
        assert (task["parentTask"] is None) == (task["parentTaskId"] == 0)
        assert task["tags"] is None or task["tags"]
        assert (task["tagIds"] is None) == (task["tags"] is None)
        for who in ("User", "Team", "Company", "JobRole"):
            plural = "Companies" if who == "Company" else f"{who}s"
            ids = [rel["id"] for rel in task[f"assignee{plural}"]]
            assert task[f"assignee{who}Ids"] == (ids or None)
        assert "workflowStages" not in task or task["workflowStages"]
    assert any(task["tags"] is None for task in tasks)
    assert any("workflowStages" in task for task in tasks)
    logs = reader.rows("time.json", "timelogs")
    assert {"tags" in log for log in logs} == {True, False}
    assert all("tags" not in log or log["tags"] for log in logs)
    projects = reader.rows("projects.json", "projects", includeArchivedProjects="true")
    assert any(p["projectOwner"] == {"id": 0, "type": "users"} for p in projects)
    assert any(p["tags"] == [] and p["tagIds"] is None for p in projects)


def test_days_come_as_midnight_utc_and_times_with_whole_seconds(reader):
    for task in reader.rows("tasks.json", "tasks"):
        for day in (task["startDate"], task["dueDate"]):
            assert day is None or day.endswith("T00:00:00Z")
        assert len(task["updatedAt"]) == 20
        assert task["dateUpdated"] <= task["updatedAt"]


def test_a_restricted_key_sees_fewer_projects_and_no_money(teamwork, restricted):
    projects = restricted.ids("projects.json", "projects")
    assert projects < teamwork.ids("projects.json", "projects")
    assert projects
    seen = restricted.rows("tasks.json", "tasks", **SHOW_ALL)
    assert seen
    visible = restricted.ids(
        "projects.json",
        "projects",
        includeArchivedProjects="true",
        projectStatuses="active,archived,deleted",
    )
    assert {task["tasklist"]["meta"]["projectId"] for task in seen} <= visible
    assert 1 not in {task["isPrivate"] for task in seen}
    logs = restricted.rows("time.json", "timelogs")
    assert {(log["billableRate"], log["costRate"]) for log in logs} == {(0, 0)}
    assert any(log["costRate"] for log in teamwork.rows("time.json", "timelogs"))
    assert {p["userRate"] for p in restricted.rows("people.json", "people")} == {0}
    hidden = (teamwork.ids("projects.json", "projects") - projects).pop()
    assert restricted.get(f"projects/{hidden}.json").status_code == 404
    assert restricted.body("me.json")["person"]["isAdmin"] is False


def test_a_restricted_key_is_forbidden_one_endpoint(teamwork, restricted, control):
    control.set(forbidden_path="^workflows")
    refused = restricted.get("workflows.json")
    assert refused.status_code == 403
    assert "permission" in refused.json()["errors"][0]["detail"]
    assert restricted.get("customfields.json").status_code == 200
    assert teamwork.get("workflows.json").status_code == 200


ALL_TEAMS = dict.fromkeys(
    ("includeCompanyTeams", "includeProjectTeams", "includeSubteams", "showDeleted"), "true"
)


@pytest.mark.parametrize("path", ["/teams.json", "/projects/api/v1/teams.json"])
def test_teams_answer_as_v1_does(reader, path):
    response = reader.get(path, **ALL_TEAMS)
    body = response.json()
    assert body["STATUS"] == "OK"
    assert response.headers["X-Records"] == str(len(body["teams"]))
    assert all(isinstance(team["id"], str) for team in body["teams"])
    assert {team["deletedDate"] for team in body["teams"]} == {""}
    assert any(team["parentTeam"] and team["rootTeam"] for team in body["teams"])
    assert any(team["projectId"] != "0" for team in body["teams"])
    assert body["teams"][0]["members"][0].keys() == {"id", "type"}


def test_project_teams_and_subteams_hide_unless_asked_for(reader):
    teams = reader.get("/teams.json").json()["teams"]
    assert teams
    assert all(team["projectId"] == "0" and team["parentTeam"] is None for team in teams)


def test_teams_are_paged_by_headers(reader):
    response = reader.get("/teams.json", page=2, pageSize=2, **ALL_TEAMS)
    records = int(response.headers["X-Records"])
    assert response.headers["X-Page"] == "2"
    assert response.headers["X-Pages"] == str(-(-records // 2))
    assert len(response.json()["teams"]) == 2


def test_a_deleted_team_shows_only_with_its_flag(teamwork, control):
    team = control.truth("teams")[-1]
    control.delete("teams", int(team["id"]))
    flags = {name: value for name, value in ALL_TEAMS.items() if name != "showDeleted"}
    assert team["id"] not in {t["id"] for t in teamwork.get("/teams.json", **flags).json()["teams"]}
    rows = {t["id"]: t for t in teamwork.get("/teams.json", **ALL_TEAMS).json()["teams"]}
    assert rows[team["id"]]["deleted"] is True
    assert rows[team["id"]]["deletedDate"] == control.now()
