"""Side-loads: what `include` adds under `included` (`api/teamwork.md`, section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from planwerk_sandbox.teamwork import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.shapes import Shape


class Include(NamedTuple):
    """A map under `included`: its key, the kind of its objects, and whom a row refers to."""

    key: str
    kind: str
    ids: Callable[[Office, Any], Iterable[int | None]]


def _attributes(*names: str) -> Callable[[Office, Any], list[int | None]]:
    def ids(_: Office, row: Any) -> list[int | None]:  # noqa: ANN401  # rows of several kinds
        found: list[int | None] = []
        for name in names:
            value = getattr(row, name)
            found += value if isinstance(value, list) else [value]
        return found

    return ids


def _company_of_project(office: Office, row: Any) -> list[int]:  # noqa: ANN401
    return [office.projects[row.project_id].company_id]


def _of_task_project(attribute: str) -> Callable[[Office, Any], list[int | None]]:
    return lambda office, row: [getattr(office.task_project(row), attribute)]


def _milestone_of_task(office: Office, row: Any) -> list[int | None]:  # noqa: ANN401
    return [office.tasklists[row.tasklist_id].milestone_id]


def _of_timelog_task(attribute: str) -> Callable[[Office, Any], list[int | None]]:
    def ids(office: Office, row: Any) -> list[int | None]:  # noqa: ANN401
        task = office.tasks.get(row.task_id)
        value = None if task is None else getattr(task, attribute)
        return list(value) if isinstance(value, list) else [value]

    return ids


def _values(kind: str) -> Callable[[Office, Any], list[int]]:
    return lambda office, row: [value.id for value in office.custom_values(kind, row.id)]


def _definitions(kind: str) -> Callable[[Office, Any], list[int]]:
    return lambda office, row: [v.customfield_id for v in office.custom_values(kind, row.id)]


def _workflow_stages(office: Office, row: Any) -> list[int]:  # noqa: ANN401
    workflows = getattr(row, "workflow_ids", None) or [row.id]
    return [s.id for s in office.stages.values() if s.workflow_id in workflows and not s.deleted_at]


def _milestone_lists(office: Office, row: Any) -> list[int]:  # noqa: ANN401
    return [t.id for t in office.tasklists.values() if t.milestone_id == row.id]


def _workflow_projects(office: Office, row: Any) -> list[int]:  # noqa: ANN401
    return [p.id for p in office.projects.values() if row.id in p.workflow_ids]


def _commented_task(_: Office, row: Any) -> list[int]:  # noqa: ANN401
    return [row.object_id] if row.object_type == "task" else []


def _not_simulated(words: str) -> dict[str, Include | None]:
    return dict.fromkeys(words.split())


_PROJECT = Include("projects", "projects", _attributes("project_id"))
_COMPANY_OF_PROJECT = Include("companies", "companies", _company_of_project)
_TAGS = Include("tags", "tags", _attributes("tag_ids"))


def _users(*names: str) -> Include:
    return Include("users", "people", _attributes(*names))


INCLUDES: dict[str, dict[str, Include | None]] = {
    "tasks": {
        **_not_simulated(
            "projects.permissions comments comments.users cards cards.columns timeTotals "
            "accumulatedTimeTotals taskSequences commentFollowers changeFollowers "
            "completeFollowers lockdowns attachments attachments.users subtaskStats timers "
            "predecessors permissions"
        ),
        "projects": Include(
            "projects", "projects", lambda office, row: [office.task_project(row).id]
        ),
        "projects.companies": Include("companies", "companies", _of_task_project("company_id")),
        "projects.categories": Include(
            "projectCategories", "project_categories", _of_task_project("category_id")
        ),
        "tasklists": Include("tasklists", "tasklists", _attributes("tasklist_id")),
        "parentTasks": Include("tasks", "tasks", _attributes("parent_task_id")),
        "companies": Include("companies", "companies", _attributes("assignee_company_ids")),
        "teams": Include("teams", "teams", _attributes("assignee_team_ids")),
        "users": _users(
            "assignee_user_ids", "created_by", "updated_by", "completed_by", "deleted_by"
        ),
        "jobRoles": Include("jobRoles", "job_roles", _attributes("assignee_job_role_ids")),
        "milestones": Include("milestones", "milestones", _milestone_of_task),
        "tags": _TAGS,
        "customfields": Include("customfields", "custom_fields", _definitions("tasks")),
        "customfieldtasks": Include("customfieldTasks", "custom_field_values", _values("tasks")),
    },
    "timelogs": {
        **_not_simulated(
            "projects.categories projects.permissions project.billing project.billing.currencies"
        ),
        "projects": _PROJECT,
        "projects.companies": _COMPANY_OF_PROJECT,
        "tags": _TAGS,
        "tasks": Include("tasks", "tasks", _attributes("task_id")),
        "tasks.parentTasks": Include("tasks", "tasks", _of_timelog_task("parent_task_id")),
        "tasks.tasklists": Include("tasklists", "tasklists", _of_timelog_task("tasklist_id")),
        "tasks.users": Include("users", "people", _of_timelog_task("assignee_user_ids")),
        "users": _users("user_id", "logged_by", "updated_by", "deleted_by"),
    },
    "projects": {
        **_not_simulated(
            "projectUpdates companies.countries companies.industries portfolioCards "
            "portfolioBoards portfolioColumns projectBudgets activities.latest projectTaskStats"
        ),
        "projectOwners": _users("project_owner_id"),
        "users": _users("project_owner_id", "created_by", "updated_by"),
        "createdBy": _users("created_by"),
        "updatedBy": _users("updated_by"),
        "completedBy": _users("completed_by"),
        "archivedBy": _users("archived_by"),
        "deletedBy": _users("deleted_by"),
        "companies": Include("companies", "companies", _attributes("company_id")),
        "projectCategories": Include(
            "projectCategories", "project_categories", _attributes("category_id")
        ),
        "tags": _TAGS,
        "customfields": Include("customfields", "custom_fields", _definitions("projects")),
        "customfieldProjects": Include(
            "customfieldProjects", "custom_field_values", _values("projects")
        ),
        "workflows": Include("workflows", "workflows", _attributes("workflow_ids")),
        "workflows.stages": Include("stages", "stages", _workflow_stages),
    },
    "milestones": {
        "projects": _PROJECT,
        "users": _users("responsible_party_ids", "created_by", "updated_by"),
        "createdBy": _users("created_by"),
        "updatedBy": _users("updated_by"),
        "completedBy": _users("completed_by"),
        "deletedBy": _users("deleted_by"),
        "tags": _TAGS,
        "tasklists": Include("tasklists", "tasklists", _milestone_lists),
    },
    "tasklists": {
        **_not_simulated("createdBy updatedBy defaultTasks lockdowns"),
        "projects": _PROJECT,
        "companies": _COMPANY_OF_PROJECT,
        "milestones": Include("milestones", "milestones", _attributes("milestone_id")),
    },
    "companies": {
        **_not_simulated("countries industries companyupdates currencies"),
        "tags": _TAGS,
        "clientmanagedby": _users("client_managed_by"),
        "customfields": Include("customfields", "custom_fields", _definitions("companies")),
        "customfieldcompanies": Include(
            "customfieldCompanies", "custom_field_values", _values("companies")
        ),
    },
    "people": {
        **_not_simulated("workingHours"),
        "companies": Include("companies", "companies", _attributes("company_id")),
    },
    "tags": {"projects": _PROJECT},
    "comments": {
        **_not_simulated("reactions files"),
        "users": _users("posted_by", "last_edited_by", "deleted_by"),
        "projects": _PROJECT,
        "projects.companies": _COMPANY_OF_PROJECT,
        "tasks": Include("tasks", "tasks", _commented_task),
    },
    "workflows": {
        "stages": Include("stages", "stages", _workflow_stages),
        "projects": Include("projects", "projects", _workflow_projects),
    },
}
"""The accepted words by kind; None is accepted and adds nothing."""

CUSTOM_FIELD_WORDS = {
    "tasks": ("customfields", "customfieldtasks"),
    "projects": ("customfields", "customfieldProjects"),
    "companies": ("customfields", "customfieldcompanies"),
}
"""What `includeCustomFields=true` stands for."""


def included(
    office: Office, kind: str, words: list[str], rows: list[Any]
) -> dict[str, dict[str, Shape]]:
    """Side-load what the rows of a page refer to, each object once, deleted people included."""
    maps: dict[str, dict[str, Shape]] = {}
    for word in words:
        include = INCLUDES[kind][word]
        if include is None:
            continue
        table = office.rows(include.kind)
        wanted = {row_id for row in rows for row_id in include.ids(office, row)}
        objects = maps.setdefault(include.key, {})
        for row_id in sorted(row_id for row_id in wanted if row_id in table):
            if include.kind == "teams":
                objects[str(row_id)] = shapes.people.included_team(office, office.teams[row_id])
            else:
                objects[str(row_id)] = shapes.shape_of(office, include.kind, table[row_id])
    return maps
