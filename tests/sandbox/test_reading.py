"""Paths, keys, pages, order, side-loads and fields: `api/teamwork.md`, section 9, lines 1 to 8."""

from __future__ import annotations

import pytest
import requests
from planwerk_sandbox.teamwork.includes import INCLUDES
from planwerk_sandbox.teamwork.orderings import ORDERINGS
from planwerk_sandbox.teamwork.resources import RESOURCES

LISTS = {
    resource.path: resource.envelope for resource in RESOURCES.values() if resource.kind != "stages"
}


@pytest.mark.parametrize(("path", "envelope"), LISTS.items())
def test_every_list_answers_with_its_envelope_an_included_object_and_a_page(reader, path, envelope):
    body = reader.body(f"{path}.json")
    assert body[envelope]
    assert body["included"] == {}
    assert set(body["meta"]["page"]) == {"pageOffset", "pageSize", "count", "hasMore"}


@pytest.mark.parametrize("path", LISTS)
def test_a_single_row_answers_as_the_list_shows_it_with_an_empty_meta(reader, path):
    rows = reader.body(f"{path}.json")[LISTS[path]]
    row = next(row for row in rows if not row.get("deleted"))
    resource = next(r for r in RESOURCES.values() if r.path == path)
    body = reader.body(f"{path}/{row['id']}.json")
    assert body[resource.single] == row
    assert body["meta"] == {}
    assert body["included"] == {}


def test_tasklists_answer_with_and_without_json(reader):
    assert reader.body("tasklists") == reader.body("tasklists.json")
    project = reader.body("projects.json")["projects"][0]["id"]
    own = reader.body(f"projects/{project}/tasklists")["tasklists"]
    assert {row["projectId"] for row in own} == {project}


def test_a_path_nobody_serves_is_not_found(reader):
    for path in ("tasks", "nothing.json", "projects/1.json", "/tasks.json"):
        assert reader.get(path).status_code == 404, path


def test_another_verb_is_refused(reader, untouched):
    url = f"{untouched.teamwork_url}/projects/api/v3/time.json"
    assert reader.session.post(url, timeout=9).status_code == 405


def test_stages_are_listed_below_their_workflow(reader):
    for workflow in reader.body("workflows.json")["workflows"]:
        stages = reader.body(f"workflows/{workflow['id']}/stages.json")["stages"]
        assert [{"id": s["id"], "type": "stages"} for s in stages] == workflow["stages"]
        assert {s["workflow"]["id"] for s in stages} == {workflow["id"]}


def test_tasks_comments_and_times_are_listed_below_their_parents(reader):
    task = reader.rows("time.json", "timelogs")[0]["taskId"]
    logs = reader.body(f"tasks/{task}/time.json", includeArchivedProjects="true")["timelogs"]
    assert {log["taskId"] for log in logs} == {task}
    comment = reader.rows("comments.json", "comments", objectTypes="task")[0]
    below = reader.ids(f"tasks/{comment['objectId']}/comments.json", "comments")
    assert comment["id"] in below
    parent = next(r for r in reader.rows("tasks.json", "tasks") if r["parentTaskId"])
    subtasks = reader.rows(f"tasks/{parent['parentTaskId']}/subtasks.json", "tasks")
    assert {row["parentTaskId"] for row in subtasks} == {parent["parentTaskId"]}


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic !!!",
        "Basic d3Jvbmc6eA==",
        "Bearer twp_sandbox",
        "Digest x",
    ],
)
def test_without_a_right_key_the_answer_is_401_without_rate_headers(untouched, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    url = f"{untouched.teamwork_url}/projects/api/v3/me.json"
    response = requests.get(url, headers=headers, timeout=9)
    assert response.status_code == 401
    assert response.json() == {
        "errors": [{"title": "unexpected error", "detail": "401: Not authorized"}]
    }
    assert not [name for name in response.headers if "rate" in name.lower()]


@pytest.mark.parametrize("password", ["", "x", "anything"])
def test_any_basic_password_is_accepted(untouched, password):
    url = f"{untouched.teamwork_url}/projects/api/v3/me.json"
    response = requests.get(url, auth=("twp_sandbox", password), timeout=9)
    assert response.json()["person"]["isAdmin"] is True


def test_the_bearer_token_of_the_app_login_is_accepted(untouched):
    url = f"{untouched.teamwork_url}/projects/api/v3/me.json"
    headers = {"Authorization": "Bearer sandbox-oauth-token"}
    assert requests.get(url, headers=headers, timeout=9).status_code == 200


def test_a_page_has_fifty_rows_unless_asked_otherwise_and_tags_five_hundred(reader):
    assert len(reader.body("tasks.json", includeCompletedTasks="true")["tasks"]) == 50
    assert reader.body("tags.json")["meta"]["page"]["pageSize"] == 500
    assert len(reader.body("tasks.json", pageSize=3)["tasks"]) == 3


def test_a_page_of_more_than_five_hundred_rows_is_refused(reader):
    assert reader.get("tasks.json", pageSize=500).status_code == 200
    assert reader.get("tasks.json", pageSize=501).status_code == 400
    assert reader.get("tasks.json", pageSize=0).status_code == 400
    assert reader.get("tasks.json", page="x").status_code == 400


def test_pages_join_to_the_whole_list_and_the_last_says_so(reader):
    whole = [row["id"] for row in reader.rows("tags.json", "tags")]
    joined, page = [], 0
    while True:
        page += 1
        body = reader.body("tags.json", page=page, pageSize=40)
        joined += [row["id"] for row in body["tags"]]
        meta = body["meta"]["page"]
        assert (meta["pageOffset"], meta["pageSize"], meta["count"]) == (page - 1, 40, len(whole))
        if not meta["hasMore"]:
            break
    assert joined == whole


def test_a_page_past_the_end_is_empty(reader):
    body = reader.body("tags.json", page=50)
    assert body["tags"] == []
    assert body["meta"]["page"]["hasMore"] is False


def test_skip_counts_turns_the_count_into_a_lower_bound_while_more_exist(reader):
    first = reader.body("tags.json", page=2, pageSize=10, skipCounts="true")["meta"]["page"]
    assert first == {"pageOffset": 1, "pageSize": 10, "count": 21, "hasMore": True}
    whole = reader.body("tags.json", skipCounts="true")
    assert whole["meta"]["page"]["count"] == len(whole["tags"])


def test_a_setting_makes_every_count_a_lower_bound(teamwork, control):
    control.set(count_is_lower_bound=True)
    assert teamwork.body("tags.json", pageSize=10)["meta"]["page"]["count"] == 11


def test_an_offset_at_the_ceiling_is_refused(teamwork, control):
    control.set(offset_ceiling=100)
    assert teamwork.get("tasks.json", page=9, pageSize=11).status_code == 200
    refused = teamwork.get("tasks.json", page=10, pageSize=10)
    assert refused.status_code == 400
    detail = refused.json()["errors"][0]["detail"]
    assert detail.startswith("You have exceeded our maximum offset request limit")


def test_the_default_ceiling_lets_page_99_of_500_pass_and_refuses_page_100(reader):
    assert reader.get("tasks.json", page=99, pageSize=500).status_code == 200
    assert reader.get("tasks.json", page=100, pageSize=500).status_code == 400


@pytest.mark.parametrize(
    ("path", "envelope", "order", "field"),
    [
        ("tasks.json", "tasks", "updatedat", "updatedAt"),
        ("tasks.json", "tasks", "createdat", "createdAt"),
        ("time.json", "timelogs", "dateupdated", "updatedAt"),
        ("time.json", "timelogs", "date", "timeLogged"),
        ("tasklists", "tasklists", "updatedat", "updatedAt"),
        ("milestones.json", "milestones", "dateUpdated", "lastChangedOn"),
        ("projects.json", "projects", "datecreated", "createdAt"),
        ("comments.json", "comments", "date", "postedDateTime"),
        ("people.json", "people", "id", "id"),
    ],
)
def test_rows_come_in_the_order_asked_for(reader, path, envelope, order, field):
    ascending = reader.rows(path, envelope, orderBy=order)
    assert [r[field] for r in ascending] == sorted(r[field] for r in ascending)
    descending = reader.rows(path, envelope, orderBy=order, orderMode="desc")
    assert [r[field] for r in descending] == sorted((r[field] for r in descending), reverse=True)
    assert {r["id"] for r in ascending} == {r["id"] for r in descending}


def test_rows_that_compare_equal_come_by_ascending_id(reader):
    rows = reader.rows("tasks.json", "tasks", orderBy="updatedat", includeCompletedTasks="true")
    keys = [(row["updatedAt"], row["id"]) for row in rows]
    assert len({second for second, _ in keys}) < len(keys)
    assert keys == sorted(keys)


def test_each_list_has_its_own_default_order(reader):
    dues = [row["dueDate"] for row in reader.rows("tasks.json", "tasks") if row["dueDate"]]
    assert dues == sorted(dues)
    names = [row["name"].casefold() for row in reader.rows("tags.json", "tags")]
    assert names == sorted(names)
    assert reader.body("companies.json")["companies"][0]["isOwner"] is True


@pytest.mark.parametrize("kind", [kind for kind in ORDERINGS if kind not in ("teams", "stages")])
def test_every_documented_order_is_accepted_and_an_unknown_one_refused(reader, kind):
    path = f"{RESOURCES[kind].path}.json"
    for word in ORDERINGS[kind]:
        assert reader.get(path, orderBy=word).status_code == 200, word
    if ORDERINGS[kind]:
        assert reader.get(path, orderBy="updatedAtt").status_code == 400
        assert reader.get(path, orderMode="up").status_code == 400


@pytest.mark.parametrize("kind", INCLUDES)
def test_every_documented_include_is_accepted_and_an_unknown_one_refused(reader, kind):
    path = f"{RESOURCES[kind].path}.json"
    for word in INCLUDES[kind]:
        assert reader.get(path, include=word, pageSize=5).status_code == 200, word
    assert reader.get(path, include="everything").status_code == 400


def test_unknown_parameters_are_ignored_and_logged(teamwork, control):
    plain = teamwork.body("tasks.json")
    control.clear_requests()
    odd = teamwork.body("tasks.json", includeCompleted="true", **{"page[size]": "3"})
    assert odd == plain
    assert control.requests()["unknown_parameters"] == [
        {"path": "tasks.json", "name": "includeCompleted"},
        {"path": "tasks.json", "name": "page[size]"},
    ]


def test_parameters_a_full_extract_needs_are_all_known(teamwork, control):
    teamwork.body(
        "tasks.json",
        **{"fields[tasks]": "id", "include": "customfields,customfieldtasks"},
        includeCompletedTasks="true",
        showCompletedLists="true",
        includeArchivedProjects="true",
        includeTasksFromDeletedLists="true",
        includeTentativeProjects="true",
        includePrivateItems="true",
        includeTasksWithoutDueDates="true",
        getSubTasks="true",
        showDeleted="true",
        deletedAfter="2026-01-01T00:00:00Z",
        updatedAfter="2026-01-01T00:00:00Z",
        orderBy="updatedat",
        orderMode="asc",
        page=1,
        pageSize=500,
        skipCounts="false",
    )
    assert control.requests()["unknown_parameters"] == []


def test_side_loads_hold_each_referenced_object_once_by_its_id_as_text(reader):
    body = reader.body(
        "tasks.json", include="users,tasklists,projects,tags,parentTasks,teams,companies"
    )
    tasks, included = body["tasks"], body["included"]
    tags = {str(tag) for task in tasks for tag in task["tagIds"] or ()}
    assert set(included["tags"]) == tags
    assert set(included["tasklists"]) == {str(task["tasklistId"]) for task in tasks}
    assert set(included["tasks"]) == {
        str(task["parentTaskId"]) for task in tasks if task["parentTaskId"]
    }
    assert all(int(key) == row["id"] for rows in included.values() for key, row in rows.items())
    project = included["projects"][str(tasks[0]["tasklist"]["meta"]["projectId"])]
    assert project["type"] == "normal"


def test_side_loaded_people_include_deleted_ones(reader):
    users = {}
    for page in range(1, 9):
        body = reader.body("time.json", include="users", page=page, pageSize=50)
        users |= body["included"]["users"]
    assert any(user["deleted"] for user in users.values())


def test_custom_fields_come_with_the_page_only_when_asked_for(reader):
    body = reader.body("tasks.json", includeCustomFields="true", pageSize=100)
    values, fields = body["included"]["customfieldTasks"], body["included"]["customfields"]
    tasks = {task["id"] for task in body["tasks"]}
    assert values
    assert {value["taskId"] for value in values.values()} <= tasks
    assert {str(value["customfieldId"]) for value in values.values()} == set(fields)
    assert reader.body("tasks.json", include="customfields,customfieldtasks", pageSize=100) == body
    projects = reader.body("projects.json", includeCustomFields="true")["included"]
    assert projects["customfieldProjects"]
    companies = reader.body("companies.json", includeCustomFields="true")["included"]
    assert companies["customfieldCompanies"]


def test_custom_field_values_of_one_task_have_their_own_list(reader):
    body = reader.body("tasks.json", includeCustomFields="true", pageSize=100)
    value = next(iter(body["included"]["customfieldTasks"].values()))
    own = reader.body(f"tasks/{value['taskId']}/customfields.json")
    assert value in own["customfieldTasks"]


def test_dropdown_values_are_label_texts(reader):
    included = reader.body("tasks.json", includeCustomFields="true", pageSize=500)["included"]
    seen = 0
    for value in included["customfieldTasks"].values():
        field = included["customfields"][str(value["customfieldId"])]
        if field["type"] == "dropdown":
            seen += 1
            assert value["value"] in [c["value"] for c in field["options"]["choices"]]
    assert seen


def test_sparse_fields_drop_everything_not_listed(reader):
    body = reader.body(
        "tasks.json",
        include="users,tags",
        **{"fields[tasks]": "id,updatedAt,nothing", "fields[users]": "firstName"},
    )
    assert {tuple(task) for task in body["tasks"]} == {("id", "updatedAt")}
    assert {tuple(user) for user in body["included"]["users"].values()} == {("firstName",)}
    assert all(len(tag) > 2 for tag in body["included"]["tags"].values())


def test_sparse_fields_of_a_single_person_use_the_singular_and_tags_ignore_them(reader):
    person = reader.body("people.json")["people"][0]["id"]
    single = reader.body(f"people/{person}.json", **{"fields[person]": "id"})
    assert single["person"] == {"id": person}
    tag = reader.body("tags.json")["tags"][0]
    assert reader.body(f"tags/{tag['id']}.json", **{"fields[tags]": "id"})["tag"] == tag


def test_every_authenticated_answer_tells_the_office_time(reader):
    for path in ("tasks.json", "nothing.json"):
        assert reader.get(path).headers["Date"] == "Tue, 10 Mar 2026 08:00:00 GMT"
