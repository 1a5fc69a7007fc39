"""Which tasks, and which of what hangs on them, a list shows (`api/teamwork.md` 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.filters.context import among, any_among, project_shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office, model
    from planwerk_sandbox.teamwork.filters.context import Context


_ENTITIES = ("task", "project", "company", "user", "all")
_OBJECT_TYPES = ("task", "tasks", "milestone", "milestones", "file", "files", "notebook", "link")


def tasks(at: Context) -> Callable[[model.Task], bool]:
    """Filter tasks: completed, listed in completed lists, archived, private, deleted hide (4.3)."""
    query, office = at.query, at.office
    completed_only = query.flag("completedOnly")
    completed = query.flag("includeCompletedTasks") or completed_only
    completed_lists = query.flag("showCompletedLists") and completed
    archived = query.flag("includeArchivedProjects")
    deleted_lists = query.flag("includeTasksFromDeletedLists")
    tentative = query.flag("includeTentativeProjects")
    private = query.flag("includePrivateItems")
    deleted_only = query.flag("deletedOnly")
    deleted = query.flag("showDeleted") or deleted_only
    without_due = query.flag("includeTasksWithoutDueDates", default=True)
    subtasks = query.flag("getSubTasks", default=True)
    created_after, created_before = query.moment("createdAfter"), query.moment("createdBefore")
    done_after, done_before = query.moment("completedAfter"), query.moment("completedBefore")
    deleted_after, updated_before = query.moment("deletedAfter"), query.moment("updatedBefore")
    due_after, due_before = query.day("dueAfter"), query.day("dueBefore")
    first_day, last_day = query.day("startDate"), query.day("endDate")
    ids, projects = query.ids("ids"), query.ids("projectIds")
    lists, tags = query.ids("tasklistIds"), query.ids("tagIds")
    all_tags = query.flag("matchAllTags")
    people, parents = query.ids("responsiblePartyIds"), query.ids("parentTaskId")
    authors, editors = query.ids("createdByUserIds"), query.ids("updatedByUserId")

    def parent_shows(row: model.Task) -> bool:
        its_list = office.tasklists[row.tasklist_id]
        project = office.projects[its_list.project_id]
        return (
            (deleted_lists or (its_list.deleted_at is None and project.deleted_at is None))
            and (completed_lists or its_list.status != "completed")
            and (archived or project.status != "archived")
            and (tentative or project.type != "tentative")
            and among(project.id, projects)
        )

    def row_shows(row: model.Task) -> bool:
        if row.deleted_at is not None:
            return deleted and not completed_only
        if deleted_only:
            return False
        if row.status == "completed":
            return completed
        return not completed_only

    def wanted(row: model.Task) -> bool:
        return (
            among(row.id, ids)
            and among(row.tasklist_id, lists)
            and (
                tags is None
                or (tags <= set(row.tag_ids or ()) if all_tags else any_among(row.tag_ids, tags))
            )
            and any_among(row.assignee_user_ids, people)
            and among(row.parent_task_id, parents)
            and among(row.created_by, authors)
            and among(row.updated_by, editors)
            and (subtasks or not row.parent_task_id)
            and (without_due or row.due_date is not None)
        )

    def in_time(row: model.Task) -> bool:
        return (
            at.after(row.created_at, created_after)
            and at.before(row.created_at, created_before)
            and at.after(row.completed_at, done_after)
            and at.before(row.completed_at, done_before)
            and at.before(row.updated_at, updated_before)
            and at.after(row.due_date, due_after)
            and at.before(row.due_date, due_before)
            and (first_day is None or (row.due_date or "") >= first_day)
            and (last_day is None or (row.due_date or "9") <= last_day)
        )

    timed = any(
        (
            *(created_after, created_before, done_after, done_before, updated_before),
            *(due_after, due_before, first_day, last_day),
        )
    )
    narrowed = (
        any(part is not None for part in (ids, lists, tags, people, parents, authors, editors))
        or not subtasks
        or not without_due
    )
    return lambda row: (
        at.after(row.deleted_at, deleted_after)
        and row_shows(row)
        and (private or not is_private(office, row))
        and (not narrowed or wanted(row))
        and (not timed or in_time(row))
        and parent_shows(row)
    )


def is_private(office: Office, row: model.Task) -> bool:
    """Whether a task is private: by itself (1), or by its parent or list (2) (5.8)."""
    match row.is_private:
        case 0:
            return False
        case 2:
            parent = office.tasks.get(row.parent_task_id)
            return (parent is not None and is_private(office, parent)) or office.tasklists[
                row.tasklist_id
            ].is_private
        case _:
            return True


def timelogs(at: Context) -> Callable[[model.Timelog], bool]:
    """Filter time logs."""
    query, office = at.query, at.office
    deleted = query.flag("showDeleted")
    shows = project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
    first, last = query.day("startDate"), query.day("endDate")
    ids, projects, tasks = query.ids("ids"), query.ids("projectIds"), query.ids("taskIds")
    lists, people, tags = (
        query.ids("tasklistId"),
        query.ids("assignedToUserIds"),
        query.ids("tagIds"),
    )

    def in_list(row: model.Timelog) -> bool:
        return lists is None or (
            row.task_id is not None and office.tasks[row.task_id].tasklist_id in lists
        )

    return lambda row: (
        (deleted or row.deleted_at is None)
        and shows(row.project_id)
        and among(row.id, ids)
        and among(row.project_id, projects)
        and among(row.task_id, tasks)
        and among(row.user_id, people)
        and any_among(row.tag_ids, tags)
        and in_list(row)
        and (first is None or row.time_logged[:10] >= first[:10])
        and (last is None or row.time_logged[:10] <= last[:10])
    )


def comments(at: Context) -> Callable[[model.Comment], bool]:
    """Filter comments; deleted ones are listed with their mark unless a setting says no."""
    query, deleted = at.query, at.settings.comments_list_deleted
    shows = project_shows(at, deleted=False, archived=query.flag("includeArchivedProjects"))
    first, last = query.moment("publishedStartDate"), query.moment("publishedEndDate")
    types = {word.rstrip("s") for word in query.words("objectTypes", _OBJECT_TYPES)}
    ids, objects = query.ids("ids"), query.ids("objectIds")
    projects, authors = query.ids("projectIds"), query.ids("userIds")
    return lambda row: (
        (deleted or row.deleted_at is None)
        and shows(row.project_id)
        and (not types or row.object_type in types)
        and among(row.id, ids)
        and among(row.object_id, objects)
        and among(row.project_id, projects)
        and among(row.posted_by, authors)
        and (first is None or row.posted_date_time >= first)
        and (last is None or row.posted_date_time <= last)
    )


def custom_fields(at: Context) -> Callable[[model.CustomField], bool]:
    """Filter definitions of custom fields."""
    query = at.query
    deleted = query.flag("showDeleted")
    entities = query.words("entities", _ENTITIES)
    site, project_level = query.flag("onlySiteLevel"), query.flag("onlyProjectLevel")
    with_site = query.flag("includeSiteLevel", default=True) and not project_level
    ids, projects = query.ids("ids"), query.ids("projectIds")
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (not entities or row.entity in entities)
        and among(row.id, ids)
        and (with_site if row.project_id is None else not site and among(row.project_id, projects))
    )
