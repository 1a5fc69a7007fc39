from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from planwerk_sandbox.control.teamwork.truth import TeamworkTruth
from planwerk_sandbox.office import Office, build_office
from planwerk_sandbox.office.office import ROW_TYPES
from planwerk_sandbox.teamwork.settings import TeamworkSettings


@pytest.fixture(scope="module")
def office() -> Office:
    return build_office()


def truth_text(office: Office) -> str:
    truth = TeamworkTruth(office, TeamworkSettings())
    return json.dumps([truth.rows(kind) for kind in truth.kinds], sort_keys=True)


def test_the_same_seed_and_scale_give_the_same_office_in_every_process() -> None:
    program = (
        "import json; from planwerk_sandbox.office import build_office;"
        "from planwerk_sandbox.control.teamwork.truth import TeamworkTruth;"
        "from planwerk_sandbox.teamwork.settings import TeamworkSettings;"
        "truth = TeamworkTruth(build_office(7, 0.05), TeamworkSettings());"
        "print(json.dumps([truth.rows(kind) for kind in truth.kinds], sort_keys=True))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == truth_text(build_office(7, 0.05))


def test_another_seed_gives_another_office() -> None:
    assert truth_text(build_office(1, 0.05)) != truth_text(build_office(2, 0.05))


def test_the_default_office_has_the_promised_size(office: Office) -> None:
    sizes = {kind: len(office.rows(kind)) for kind in ROW_TYPES}
    assert sizes["tasks"] == 2000
    assert sizes["timelogs"] == 5000
    assert sizes["comments"] == 1000
    assert (sizes["projects"], sizes["people"], sizes["companies"]) == (12, 40, 8)
    assert 145 <= sizes["tags"] <= 160


def test_scale_multiplies_tasks_and_widens_the_rest_gently(office: Office) -> None:
    bigger = build_office(scale=4)
    assert len(bigger.tasks) == 4 * len(office.tasks)
    assert len(bigger.timelogs) == 4 * len(office.timelogs)
    for kind in ("projects", "people", "tags", "tasklists"):
        assert 1.8 < len(bigger.rows(kind)) / len(office.rows(kind)) < 2.2, kind


def test_tag_names_are_unique_site_wide_and_shorter_than_fifty_characters() -> None:
    tags = build_office(scale=10).tags.values()
    assert max(len(tag.name) for tag in tags) < 50
    site_wide = [tag.name for tag in tags if tag.project_id is None]
    assert len(site_wide) == len(set(site_wide))


def test_some_tags_of_a_project_share_a_name_with_a_site_wide_tag(office: Office) -> None:
    site_wide = {tag.name for tag in office.tags.values() if tag.project_id is None}
    scoped = {tag.name for tag in office.tags.values() if tag.project_id is not None}
    assert scoped & site_wide
    assert scoped - site_wide


def test_hundreds_of_tasks_share_the_second_of_a_bulk_edit_and_few_others_do(
    office: Office,
) -> None:
    seconds = Counter(task.updated_at for task in office.tasks.values())
    (_, bulk), (_, next_most) = seconds.most_common(2)
    assert bulk == 600
    assert next_most <= 3


def test_every_kind_of_task_state_occurs(office: Office) -> None:
    tasks = list(office.tasks.values())
    lists, projects = office.tasklists, office.projects
    assert 0.01 < sum(t.deleted_at is not None for t in tasks) / len(tasks) < 0.04
    assert any(t.status == "completed" for t in tasks)
    assert {t.is_private for t in tasks} == {0, 1, 2}
    assert any(t.parent_task_id for t in tasks)
    assert any(lists[t.tasklist_id].status == "completed" for t in tasks)
    assert any(lists[t.tasklist_id].deleted_at for t in tasks)
    assert any(projects[lists[t.tasklist_id].project_id].status == "archived" for t in tasks)
    assert any(projects[lists[t.tasklist_id].project_id].deleted_at for t in tasks)
    for assignees in ("user", "team", "company", "job_role"):
        assert any(getattr(t, f"assignee_{assignees}_ids") for t in tasks), assignees


def test_no_row_is_changed_before_it_is_made_or_after_the_office_opens(office: Office) -> None:
    opening = office.clock.now()
    assert opening == "2026-03-10T08:00:00Z"
    for kind in ("tasks", "timelogs", "projects", "tasklists", "companies", "people"):
        for row in office.rows(kind).values():
            assert row.created_at <= row.updated_at <= opening, (kind, row.id)


def test_a_subtask_is_in_the_list_of_its_parent_and_younger(office: Office) -> None:
    for task in office.tasks.values():
        if task.parent_task_id:
            parent = office.tasks[task.parent_task_id]
            assert parent.tasklist_id == task.tasklist_id
            assert parent.created_at <= task.created_at


def test_all_mail_addresses_end_in_example(office: Office) -> None:
    addresses = [p.email for p in office.people.values()]
    addresses += [c.email_one for c in office.companies.values()]
    assert all(address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == len(addresses)
