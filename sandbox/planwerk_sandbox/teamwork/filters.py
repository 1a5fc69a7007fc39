"""Which rows a list shows: what is hidden by default and the filters of `api/teamwork.md` 4.2.

Every function reads all parameters of its endpoint and returns a predicate on rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office, model
    from planwerk_sandbox.teamwork.parameters import Parameters
    from planwerk_sandbox.teamwork.settings import TeamworkSettings

PROJECT_STATUSES = ("active", "current", "late", "upcoming", "completed", "archived", "deleted")
_MILESTONE_STATUSES = ("all", "completed", "incomplete", "late", "today", "upcoming")
_ENTITIES = ("task", "project", "company", "user", "all")
_OBJECT_TYPES = ("task", "tasks", "milestone", "milestones", "file", "files", "notebook", "link")


class Context(NamedTuple):
    """What filters look at beside the row."""

    office: Office
    settings: TeamworkSettings
    query: Parameters

    def after(self, moment: str | None, bound: str | None) -> bool:
        """Whether a time lies after a bound; without a bound every row passes (4.1)."""
        if bound is None:
            return True
        if moment is None:
            return False
        return moment > bound or (self.settings.updated_after_inclusive and moment == bound)

    def before(self, moment: str | None, bound: str | None) -> bool:
        """Whether a time lies before a bound; without a bound every row passes (4.1)."""
        if bound is None:
            return True
        if moment is None:
            return False
        return moment < bound or (self.settings.updated_after_inclusive and moment == bound)


def _among(value: int | None, wanted: frozenset[int] | None) -> bool:
    return wanted is None or value in wanted


def _any_among(values: list[int] | None, wanted: frozenset[int] | None) -> bool:
    return wanted is None or not wanted.isdisjoint(values or ())


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
            and _among(project.id, projects)
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
            _among(row.id, ids)
            and _among(row.tasklist_id, lists)
            and (
                tags is None
                or (tags <= set(row.tag_ids or ()) if all_tags else _any_among(row.tag_ids, tags))
            )
            and _any_among(row.assignee_user_ids, people)
            and _among(row.parent_task_id, parents)
            and _among(row.created_by, authors)
            and _among(row.updated_by, editors)
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


def _project_shows(at: Context, *, deleted: bool, archived: bool) -> Callable[[int], bool]:
    """Filter children by the state of their project; children of deleted ones need the flag."""
    projects = at.office.projects

    def shows(project_id: int) -> bool:
        project = projects[project_id]
        return (deleted or project.deleted_at is None) and (
            archived or project.status != "archived"
        )

    return shows


def timelogs(at: Context) -> Callable[[model.Timelog], bool]:
    """Filter time logs."""
    query, office = at.query, at.office
    deleted = query.flag("showDeleted")
    shows = _project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
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
        and _among(row.id, ids)
        and _among(row.project_id, projects)
        and _among(row.task_id, tasks)
        and _among(row.user_id, people)
        and _any_among(row.tag_ids, tags)
        and in_list(row)
        and (first is None or row.time_logged[:10] >= first[:10])
        and (last is None or row.time_logged[:10] <= last[:10])
    )


def asks_for_projects_only(at: Context) -> bool:
    """Whether `projectIds` bypasses all other filters on projects (4.3)."""
    asked = at.query.ids("projectIds") is not None
    return asked and not at.query.flag("alwaysIncludeFiltering")


def projects(at: Context) -> Callable[[model.Project], bool]:
    """Filter projects; `projectIds` bypasses all but itself unless told otherwise (4.3)."""
    query = at.query
    statuses = frozenset(query.words("projectStatuses", PROJECT_STATUSES))
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
            return _among(row.id, ids)
        return (
            _among(row.id, ids)
            and status_shows(row)
            and (archived or row.status != "archived" or row.deleted_at is not None)
            and (not only_archived or row.status == "archived")
            and (tentative or row.type != "tentative")
            and _among(row.category_id, categories)
            and _among(row.company_id, companies)
            and _any_among(row.tag_ids, tags)
        )

    return shows


def tasklists(at: Context) -> Callable[[model.Tasklist], bool]:
    """Filter tasklists."""
    query = at.query
    deleted, completed_only = query.flag("showDeleted"), query.flag("completedOnly")
    completed = query.flag("showCompleted") or completed_only
    private = query.flag("showPrivate", default=True)
    shows = _project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
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
        and _among(row.id, ids)
        and _among(row.project_id, projects)
        and (used is None or row.id in used)
    )


def milestones(at: Context) -> Callable[[model.Milestone], bool]:
    """Filter milestones; `status` works on the states computed from the deadline."""
    query = at.query
    deleted, completed = query.flag("showDeleted"), query.flag("includeCompleted")
    private = query.flag("showPrivate", default=True)
    shows = _project_shows(at, deleted=deleted, archived=query.flag("includeArchivedProjects"))
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
        and _among(row.id, ids)
        and _among(row.project_id, projects)
        and at.after(row.deadline, due_after)
        and at.before(row.deadline, due_before)
    )


def companies(at: Context) -> Callable[[model.Company], bool]:
    """Filter companies; deleted ones cannot be listed."""
    query = at.query
    created_after = query.moment("createdAfter")
    ids, tags = query.ids("ids"), query.ids("tagIds")
    return lambda row: (
        row.deleted_at is None
        and _among(row.id, ids)
        and _any_among(row.tag_ids, tags)
        and at.after(row.created_at, created_after)
    )


def people(at: Context) -> Callable[[model.Person], bool]:
    """Filter people."""
    query, office = at.query, at.office
    deleted = query.flag("showDeleted")
    service, placeholder = query.flag("includeServiceAccounts"), query.flag("includePlaceholders")
    collaborators = query.flag("includeCollaborators", default=True)
    clients = query.flag("includeClients", default=True)
    contacts = not query.flag("excludeContacts")
    only_owner = query.flag("onlyOwnerCompany")
    kind = query.word("userType", ("account", "collaborator", "contact"), "")
    seen_after = query.moment("lastLoginAfter")
    ids, companies, teams = query.ids("ids"), query.ids("companyIds"), query.ids("teamIds")
    members: set[int] = set()
    for team in office.teams.values():
        if teams is not None and team.id in teams:
            members.update(team.member_ids)
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (service or not row.is_service_account)
        and (placeholder or not row.is_placeholder_resource)
        and (collaborators or row.type != "collaborator")
        and (contacts or row.type != "contact")
        and (clients or not row.is_client_user)
        and (not only_owner or office.companies[row.company_id].is_owner)
        and kind in ("", row.type)
        and at.after(row.last_login, seen_after)
        and _among(row.id, ids)
        and _among(row.company_id, companies)
        and (teams is None or row.id in members)
    )


def tags(at: Context) -> Callable[[model.Tag], bool]:
    """Filter tags; `updatedAfter` has nothing to compare, so it hides no tag."""
    query = at.query
    query.moment("updatedAfter")
    query.flag("skipSpecial")
    ids, projects, term = query.ids("ids"), query.ids("projectIds"), query.text("searchTerm")
    return lambda row: (
        _among(row.id, ids)
        and _among(row.project_id, projects)
        and (term is None or term.casefold() in row.name.casefold())
    )


def project_categories(at: Context) -> Callable[[model.ProjectCategory], bool]:
    """Filter project categories."""
    ids, term = at.query.ids("ids"), at.query.text("searchTerm")
    return lambda row: (
        _among(row.id, ids) and (term is None or term.casefold() in row.name.casefold())
    )


def comments(at: Context) -> Callable[[model.Comment], bool]:
    """Filter comments; deleted ones are listed with their mark unless a setting says no."""
    query, deleted = at.query, at.settings.comments_list_deleted
    shows = _project_shows(at, deleted=False, archived=query.flag("includeArchivedProjects"))
    first, last = query.moment("publishedStartDate"), query.moment("publishedEndDate")
    types = {word.rstrip("s") for word in query.words("objectTypes", _OBJECT_TYPES)}
    ids, objects = query.ids("ids"), query.ids("objectIds")
    projects, authors = query.ids("projectIds"), query.ids("userIds")
    return lambda row: (
        (deleted or row.deleted_at is None)
        and shows(row.project_id)
        and (not types or row.object_type in types)
        and _among(row.id, ids)
        and _among(row.object_id, objects)
        and _among(row.project_id, projects)
        and _among(row.posted_by, authors)
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
        and _among(row.id, ids)
        and (with_site if row.project_id is None else not site and _among(row.project_id, projects))
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
        and _among(row.id, ids)
        and (projects is None or row.id in used)
    )


def stages(at: Context) -> Callable[[model.Stage], bool]:
    """Filter the stages of a workflow."""
    deleted, ids = at.query.flag("showDeleted"), at.query.ids("ids")
    return lambda row: (deleted or row.deleted_at is None) and _among(row.id, ids)


def teams(at: Context) -> Callable[[model.Team], bool]:
    """Filter teams (v1): project, company and sub-teams hide unless asked for."""
    query = at.query
    deleted = query.flag("showDeleted")
    companies_too = query.flag("includeCompanyTeams")
    projects_too, subteams = query.flag("includeProjectTeams"), query.flag("includeSubteams")
    ids, parents = query.ids("teamIds"), query.ids("parentTeamIds")
    projects, companies = query.ids("projectIds"), query.ids("companyIds")
    people, term = query.ids("userIds"), query.text("searchTerm")
    owner = {company.id for company in at.office.companies.values() if company.is_owner}
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (projects_too or not row.project_id)
        and (companies_too or row.company_id is None or row.company_id in owner)
        and (subteams or row.parent_team_id is None)
        and _among(row.id, ids)
        and _among(row.parent_team_id, parents)
        and _among(row.project_id, projects)
        and _among(row.company_id, companies)
        and _any_among(row.member_ids, people)
        and (term is None or term.casefold() in row.name.casefold())
    )
