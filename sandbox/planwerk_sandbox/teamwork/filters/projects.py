"""Which projects, and which of what orders them, a list shows (`api/teamwork.md` 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.filters.context import among, any_among, project_shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import model
    from planwerk_sandbox.teamwork.filters.context import Context


_PROJECT_STATUSES = ("active", "current", "late", "upcoming", "completed", "archived", "deleted")
_MILESTONE_STATUSES = ("all", "completed", "incomplete", "late", "today", "upcoming")


def tags(at: Context) -> Callable[[model.Tag], bool]:
    """Filter tags; `updatedAfter` has nothing to compare, so it hides no tag."""
    query = at.query
    query.moment("updatedAfter")
    query.flag("skipSpecial")
    ids, projects, term = query.ids("ids"), query.ids("projectIds"), query.text("searchTerm")
    return lambda row: (
        among(row.id, ids)
        and among(row.project_id, projects)
        and (term is None or term.casefold() in row.name.casefold())
    )


def project_categories(at: Context) -> Callable[[model.ProjectCategory], bool]:
    """Filter project categories."""
    ids, term = at.query.ids("ids"), at.query.text("searchTerm")
    return lambda row: (
        among(row.id, ids) and (term is None or term.casefold() in row.name.casefold())
    )


def asks_for_projects_only(at: Context) -> bool:
    """Whether `projectIds` bypasses all other filters on projects (4.3)."""
    asked = at.query.ids("projectIds") is not None
    return asked and not at.query.flag("alwaysIncludeFiltering")


def projects(at: Context) -> Callable[[model.Project], bool]:
    """Filter projects; `projectIds` bypasses all but itself unless told otherwise (4.3)."""
    query = at.query
    statuses = frozenset(query.words("projectStatuses", _PROJECT_STATUSES))
    only_archived = query.flag("onlyArchivedProjects")
    archived = query.flag("includeArchivedProjects") or only_archived or "archived" in statuses
    tentative = query.flag("includeTentativeProjects")
    ids, only_ids = query.ids("projectIds"), asks_for_projects_only(at)
    categories, companies = query.ids("projectCategoryIds"), query.ids("projectCompanyIds")
    tags = query.ids("projectTagIds")

    def status_shows(row: model.Project) -> bool:
        if row.deleted_at is not None:
            return "deleted" in statuses
        return (
            not statuses
            or "active" in statuses
            or row.sub_status in statuses
            or (row.status == "archived" and "archived" in statuses)
        )

    def shows(row: model.Project) -> bool:
        if only_ids:
            return among(row.id, ids)
        return (
            among(row.id, ids)
            and status_shows(row)
            and (archived or row.status != "archived" or row.deleted_at is not None)
            and (not only_archived or row.status == "archived")
            and (tentative or row.type != "tentative")
            and among(row.category_id, categories)
            and among(row.company_id, companies)
            and any_among(row.tag_ids, tags)
        )

    return shows


def tasklists(at: Context) -> Callable[[model.Tasklist], bool]:
    """Filter tasklists."""
    query = at.query
    deleted, completed_only = query.flag("showDeleted"), query.flag("completedOnly")
    completed = query.flag("showCompleted") or completed_only
    private = query.flag("showPrivate", default=True)
    shows = project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
    ids, projects = query.ids("ids"), query.ids("projectIds")
    used: set[int] | None = None
    if not query.flag("getEmptyLists", default=True):
        used = {task.tasklist_id for task in at.office.tasks.values() if task.deleted_at is None}
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (completed or row.deleted_at is not None or row.status != "completed")
        and (not completed_only or row.status == "completed")
        and (private or not row.is_private)
        and shows(row.project_id)
        and among(row.id, ids)
        and among(row.project_id, projects)
        and (used is None or row.id in used)
    )


def milestones(at: Context) -> Callable[[model.Milestone], bool]:
    """Filter milestones; `status` works on the states computed from the deadline."""
    query = at.query
    deleted, completed = query.flag("showDeleted"), query.flag("includeCompleted")
    private = query.flag("showPrivate", default=True)
    shows = project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
    due_after, due_before = query.day("dueAfter"), query.day("dueBefore")
    ids, projects = query.ids("ids"), query.ids("projectIds")
    status = query.word("status", _MILESTONE_STATUSES, "all")
    today = at.office.clock.now()[:10]

    def has_status(row: model.Milestone) -> bool:
        done, due = row.status == "completed", row.deadline[:10]
        match status:
            case "all":
                return completed or row.deleted_at is not None or not done
            case "completed":
                return done
            case "late":
                return not done and due < today
            case "today":
                return not done and due == today
            case "upcoming":
                return not done and due > today
            case _:
                return not done

    return lambda row: (
        (deleted or row.deleted_at is None)
        and has_status(row)
        and (private or not row.private)
        and shows(row.project_id)
        and among(row.id, ids)
        and among(row.project_id, projects)
        and at.after(row.deadline, due_after)
        and at.before(row.deadline, due_before)
    )


def workflows(at: Context) -> Callable[[model.Workflow], bool]:
    """Filter workflows."""
    query, office = at.query, at.office
    deleted = query.flag("showDeleted")
    query.flag("includeArchived")
    ids, projects = query.ids("ids"), query.ids("projectIds")
    used: set[int] = set()
    for project in office.projects.values():
        if projects is not None and project.id in projects:
            used.update(project.workflow_ids)
    return lambda row: (
        (deleted or row.deleted_at is None)
        and among(row.id, ids)
        and (projects is None or row.id in used)
    )


def stages(at: Context) -> Callable[[model.Stage], bool]:
    """Filter the stages of a workflow."""
    deleted, ids = at.query.flag("showDeleted"), at.query.ids("ids")
    return lambda row: (deleted or row.deleted_at is None) and among(row.id, ids)
