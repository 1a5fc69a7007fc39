"""How lists can be ordered: exactly the words of `api/teamwork.md`, table 3.3.

A word whose rows hold nothing to compare is accepted and leaves the order by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office, model


def _id(_: Office, row: model.Row) -> int:
    return row.id


def _by(attribute: str) -> Callable[[Office, Any], Any]:
    return lambda _, row: getattr(row, attribute)


def _name_of(kind: str, attribute: str) -> Callable[[Office, Any], Any]:
    def name(office: Office, row: Any) -> str | None:  # noqa: ANN401  # rows of several kinds
        other: Any = office.rows(kind).get(getattr(row, attribute))
        return None if other is None else other.name

    return name


def _task_project(office: Office, row: model.Task) -> str:
    return office.task_project(row).name


def _words(words: str, **sorting: Callable[[Office, Any], Any]) -> dict[str, Any]:
    return {**dict.fromkeys(words.split(), _id), **sorting, "id": _id}


def _full_name(_: Office, row: model.Person) -> str:
    return f"{row.first_name} {row.last_name}"


ORDERINGS: dict[str, dict[str, Callable[[Office, Any], Any]]] = {
    "tasks": _words(
        "priority flattenedtasklist company manual active duestartdate alldates "
        "tasklistdisplayorder assignedto customfield boardcolumn taskgroupid taskgroupname "
        "taskgroup projectmanual stagedisplayorder stage",
        startdate=_by("start_date"),
        createdat=_by("created_at"),
        project=_task_project,
        completedat=_by("completed_at"),
        duedate=_by("due_date"),
        taskduedate=_by("due_date"),
        updatedat=_by("updated_at"),
        taskname=_by("name"),
        createdby=_by("created_by"),
        completedby=_by("completed_by"),
        taskstatus=_by("status"),
        tasklistname=_name_of("tasklists", "tasklist_id"),
        tasklistid=_by("tasklist_id"),
        estimatedtime=_by("estimate_minutes"),
        displayorder=_by("display_order"),
        parenttask=_by("parent_task_id"),
    ),
    "timelogs": _words(
        "company tasklist billed",
        date=_by("time_logged"),
        dateupdated=_by("updated_at"),
        project=_name_of("projects", "project_id"),
        task=_name_of("tasks", "task_id"),
        user=_by("user_id"),
        description=_by("description"),
        billable=_by("billable"),
        timespent=_by("minutes"),
    ),
    "tasklists": _words(
        "",
        displayorder=_by("display_order"),
        name=_by("name"),
        status=_by("status"),
        createdat=_by("created_at"),
        updatedat=_by("updated_at"),
        project=_name_of("projects", "project_id"),
    ),
    "milestones": _words(
        "user",
        date=_by("deadline"),
        dateonly=_by("deadline"),
        name=_by("name"),
        project=_name_of("projects", "project_id"),
        dateCreated=_by("created_on"),
        dateUpdated=_by("last_changed_on"),
    ),
    "custom_fields": _words(
        "",
        name=_by("name"),
        project=_name_of("projects", "project_id"),
        datecreated=_by("created_at"),
        dateupdated=_by("updated_at"),
    ),
    "tags": _words(
        "count datelastupdated projectdatelastused",
        name=_by("name"),
        project=_name_of("projects", "project_id"),
        color=_by("color"),
    ),
    "projects": _words(
        "health lastactivity ownername ownercompany creatorname taskcompletion budgetused "
        "customfield starred starredfirst starredcompanyname mobilespecial",
        name=_by("name"),
        namecaseinsensitive=_by("name"),
        datecreated=_by("created_at"),
        startdate=_by("start_date"),
        duedate=_by("end_date"),
        status=_by("status"),
        lastworkedon=_by("last_worked_on"),
        companyname=_name_of("companies", "company_id"),
        categoryname=_name_of("project_categories", "category_id"),
    ),
    "people": _words(
        "",
        name=_full_name,
        namecaseinsensitive=_full_name,
        company=_name_of("companies", "company_id"),
    ),
    "companies": _words(
        "accounts clients collaborators contacts projects tasks taskscompletion country health "
        "fax industry ownername customfield",
        name=_by("name"),
        website=_by("website"),
        email=_by("email_one"),
        phone=_by("phone"),
        dateadded=_by("created_at"),
        ownercompany=lambda _, row: (not row.is_owner, row.name),
    ),
    "comments": _words(
        "all",
        date=_by("posted_date_time"),
        project=_name_of("projects", "project_id"),
        user=_by("posted_by"),
        type=_by("object_type"),
    ),
    "stages": _words("", name=_by("name"), displayorder=_by("display_order")),
    "teams": {"name": _by("name"), "picker": _by("name"), "dateAdded": _by("date_created")},
    "project_categories": {},
    "workflows": {},
}
"""The accepted words by kind; a kind without words takes no `orderBy`."""

DEFAULT_ORDER = {
    "tasks": "duedate",
    "timelogs": "date",
    "tasklists": "displayorder",
    "milestones": "date",
    "custom_fields": "name",
    "tags": "name",
    "projects": "name",
    "people": "name",
    "companies": "ownercompany",
    "comments": "date",
    "stages": "id",
    "teams": "name",
}
"""The word that counts when none is sent."""

UPDATE_ORDER = {
    "tasks": "updatedat",
    "timelogs": "dateupdated",
    "tasklists": "updatedat",
    "milestones": "dateUpdated",
}
"""The word that orders by the time `updatedAfter` compares, where there is one."""


def update_time(kind: str, row: Any) -> str | None:  # noqa: ANN401  # rows of several kinds
    """Return the time that `updatedAfter` compares (3.4)."""
    match kind:
        case "milestones":
            moment: str | None = row.last_changed_on
        case "comments":
            times = (row.posted_date_time, row.date_last_edited, row.deleted_at)
            moment = max(time for time in times if time is not None)
        case "teams":
            moment = row.date_updated
        case _:
            moment = getattr(row, "updated_at", None)
    return moment


def sort_rows(
    office: Office, kind: str, rows: list[Any], order: str | None, *, descending: bool
) -> None:
    """Sort rows in place; equal ones stay by ascending id, rows without a value come last."""
    rows.sort(key=lambda row: row.id)
    if order is None:
        return
    key = ORDERINGS[kind][order]

    def comparable(row: model.Row) -> tuple[bool, Any]:
        value = key(office, row)
        return value is None, value.casefold() if isinstance(value, str) else value

    rows.sort(key=comparable, reverse=descending)
