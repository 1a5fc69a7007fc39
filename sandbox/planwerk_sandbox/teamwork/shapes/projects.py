"""Projects and what orders them, in the shape of `api/teamwork.md` 5.4 to 5.7, 5.10 and 5.13."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.shapes.relations import Shape, rel, rels

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office, model


_PAGES = [
    *("billing", "board", "comments", "files", "finance", "forms", "gantt", "links", "list"),
    *("messages", "milestones", "notebooks", "proofs", "riskRegister", "schedule", "table"),
    *("tasks", "tickets", "time", "timeline"),
]
_SHOWN_PAGES = {"board", "comments", "files", "gantt", "list", "milestones", "tasks", "time"}


def tag(_: Office, row: model.Tag) -> Shape:
    """Write a tag; it has no time and no mark of deletion (5.4)."""
    return {
        "id": row.id,
        "name": row.name,
        "color": row.color,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
    }


def project_category(office: Office, row: model.ProjectCategory) -> Shape:
    """Write a project category with the count of its projects (5.5)."""
    used = sum(p.category_id == row.id and p.deleted_at is None for p in office.projects.values())
    return {
        "id": row.id,
        "name": row.name,
        "color": row.color,
        "parent": rel(row.parent_id, "projectCategories"),
        "parentId": row.parent_id,
        "count": used,
    }


def project(office: Office, row: model.Project) -> Shape:
    """Write a project; without owner its id is 0, `tags` is never null (5.6)."""
    values = [value.id for value in office.custom_values("projects", row.id)]
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "status": "deleted" if row.deleted_at else row.status,
        "subStatus": row.sub_status,
        "type": row.type,
        "company": rel(row.company_id, "companies"),
        "companyId": row.company_id,
        "category": rel(row.category_id, "projectCategories"),
        "categoryId": row.category_id,
        "projectOwner": rel(row.project_owner_id, "users"),
        "projectOwnerId": row.project_owner_id,
        "ownerId": row.project_owner_id,
        "ownedBy": row.project_owner_id,
        "startAt": row.start_date,
        "endAt": row.end_date,
        "startDate": row.start_date,
        "endDate": row.end_date,
        "tags": rels(row.tag_ids, "tags"),
        "tagIds": row.tag_ids or None,
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
        "completedAt": row.completed_at,
        "completedBy": row.completed_by,
        "archivedAt": row.archived_at,
        "archivedBy": row.archived_by,
        "deletedAt": row.deleted_at,
        "deletedBy": row.deleted_by,
        "lastWorkedOn": row.last_worked_on,
        "isBillable": row.is_billable,
        "isStarred": False,
        "isProjectAdmin": False,
        "isSampleProject": False,
        "isOnBoardingProject": False,
        "privacyEnabled": row.privacy_enabled,
        "skipWeekends": False,
        "timelogRequiresTask": False,
        "harvestTimersEnabled": False,
        "replyByEmailEnabled": True,
        "showAnnouncement": False,
        "allowNotifyAnyone": True,
        "notifyEveryone": False,
        "notifyTaskAssignee": True,
        "notifyCommentIncludeCreator": False,
        "directFileUploadsEnabled": True,
        "activePages": {page: page in _SHOWN_PAGES for page in _PAGES},
        "integrations": {},
        "defaultPrivacy": "open",
        "startPage": "projectoverview",
        "overviewStartPage": "default",
        "tasksStartPage": "default",
        "announcement": "",
        "logo": "",
        "logoColor": None,
        "logoIcon": None,
        "projectNumber": None,
        "timeBudget": None,
        "timeBudgetId": None,
        "financialBudget": None,
        "financialBudgetId": None,
        "budgetCount": 0,
        "customFieldValueIds": values or None,
        "customFieldValues": rels(values, "customfieldProjects"),
        "customfieldValues": rels(values, "customfieldProjects"),
        "update": None,
        "updateId": None,
        "workflowIds": row.workflow_ids or None,
        "workflows": rels(row.workflow_ids, "workflows"),
    }


def tasklist(_: Office, row: model.Tasklist) -> Shape:
    """Write a tasklist; it has no creator and no time of deletion (5.7)."""
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "status": "deleted" if row.deleted_at else row.status,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
        "milestone": rel(row.milestone_id, "milestones"),
        "milestoneId": row.milestone_id,
        "displayOrder": row.display_order,
        "isPrivate": row.is_private,
        "isPinned": row.is_pinned,
        "isBillable": row.is_billable,
        "icon": row.icon,
        "defaultTask": None,
        "defaultTaskId": None,
        "lockdown": None,
        "lockdownId": None,
        "tasklistBudget": None,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def milestone(office: Office, row: model.Milestone) -> Shape:
    """Write a milestone; its update time is `lastChangedOn` (5.10)."""
    lists = [t.id for t in office.tasklists.values() if t.milestone_id == row.id]
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "deadline": row.deadline,
        "status": "deleted" if row.deleted_at else row.status,
        "completed": row.status == "completed",
        "completedOn": row.completed_on,
        "completedBy": row.completed_by,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
        "tasklists": rels(lists, "tasklists"),
        "tasklistIds": lists or None,
        "tags": rels(row.tag_ids, "tags"),
        "tagIds": row.tag_ids or None,
        "responsibleParties": rels(row.responsible_party_ids, "users"),
        "responsiblePartyIds": row.responsible_party_ids or None,
        "createdOn": row.created_on,
        "createdBy": row.created_by,
        "lastChangedOn": row.last_changed_on,
        "updatedBy": row.updated_by,
        "deletedOn": row.deleted_at,
        "isDeleted": row.deleted_at is not None,
        "private": row.private,
        "reminder": row.reminder,
    }


def workflow(office: Office, row: model.Workflow) -> Shape:
    """Write a workflow with its stages, in no useful order (5.13)."""
    stages = [s.id for s in office.stages.values() if s.workflow_id == row.id and not s.deleted_at]
    projects = [p.id for p in office.projects.values() if row.id in p.workflow_ids]
    return {
        "id": row.id,
        "name": row.name,
        "status": "deleted" if row.deleted_at else "active",
        "defaultWorkflow": row.default_workflow,
        "projectSpecific": row.project_specific,
        "projectIds": projects or None,
        "stages": rels(stages, "stages"),
        "lockdown": None,
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
    }


def stage(_: Office, row: model.Stage) -> Shape:
    """Write a stage of a workflow (5.13)."""
    return {
        "id": row.id,
        "name": row.name,
        "color": row.color,
        "displayOrder": row.display_order,
        "showCompletedTasks": row.show_completed_tasks,
        "workflow": rel(row.workflow_id, "workflows"),
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
        "deletedAt": row.deleted_at,
        "deletedBy": row.deleted_by,
    }
