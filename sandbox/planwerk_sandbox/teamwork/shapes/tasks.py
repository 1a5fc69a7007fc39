"""Tasks and what hangs on them, in the shape of `api/teamwork.md` 5.8, 5.9, 5.11 and 5.12."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.shapes.relations import Shape, rel, rels

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office, model


def task(office: Office, row: model.Task) -> Shape:
    """Write a task: no `projectId`, `parentTaskId` 0, null tags, absent completion (5.8)."""
    its_list = office.tasklists[row.tasklist_id]
    users = rels(row.assignee_user_ids, "users")
    teams = rels(row.assignee_team_ids, "teams")
    companies = rels(row.assignee_company_ids, "companies")
    job_roles = rels(row.assignee_job_role_ids, "jobRoles")
    shape = {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "descriptionContentType": row.description_content_type,
        "status": "deleted" if row.deleted_at else row.status,
        "priority": row.priority,
        "progress": row.progress,
        "startDate": row.start_date,
        "dueDate": row.due_date,
        "startDateOffset": None,
        "dueDateOffset": None,
        "dueDateBase": None,
        "dueDateFromMilestone": False,
        "estimateMinutes": row.estimate_minutes,
        "accumulatedEstimatedMinutes": row.estimate_minutes,
        "tasklist": {
            "id": its_list.id,
            "type": "tasklists",
            "meta": {"name": its_list.name, "projectId": its_list.project_id},
        },
        "tasklistId": row.tasklist_id,
        "parentTask": rel(row.parent_task_id or None, "tasks"),
        "parentTaskId": row.parent_task_id,
        "assignees": users + teams + companies + job_roles,
        "assigneeUsers": users,
        "assigneeUserIds": row.assignee_user_ids or None,
        "assigneeTeams": teams,
        "assigneeTeamIds": row.assignee_team_ids or None,
        "assigneeCompanies": companies,
        "assigneeCompanyIds": row.assignee_company_ids or None,
        "assigneeJobRoles": job_roles,
        "assigneeJobRoleIds": row.assignee_job_role_ids or None,
        "tags": rels(row.tag_ids, "tags") or None,
        "tagIds": row.tag_ids or None,
        "attachments": [],
        "changeFollowers": [],
        "commentFollowers": [],
        "completeFollowers": [],
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "createdByUserId": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
        "dateUpdated": row.date_updated,
        "deletedAt": row.deleted_at,
        "deletedBy": row.deleted_by,
        "displayOrder": row.display_order,
        "decimalDisplayOrder": row.display_order,
        "isPrivate": row.is_private,
        "isArchived": office.projects[its_list.project_id].status == "archived",
        "hasDeskTickets": False,
        "notify": False,
        "lockdown": None,
        "sequence": None,
        "sequenceId": None,
        "crmDealIds": None,
        "capacities": None,
        "proofs": None,
        "userPermissions": {
            "canAddSubtasks": True,
            "canComplete": True,
            "canEdit": True,
            "canLogTime": True,
            "canViewEstTime": True,
        },
    }
    if row.workflow_stages:
        shape["workflowStages"] = row.workflow_stages
    if row.completed_at is not None:
        shape["completedAt"] = shape["completedOn"] = row.completed_at
        shape["completedBy"] = row.completed_by
    return shape


def timelog(_: Office, row: model.Timelog) -> Shape:
    """Write a time log; its tag keys are missing when it has none (5.9)."""
    shape = {
        "id": row.id,
        "minutes": row.minutes,
        "description": row.description,
        "timeLogged": row.time_logged,
        "hasStartTime": row.has_start_time,
        "billable": row.billable,
        "isBillable": row.billable,
        "billableRate": row.billable_rate,
        "costRate": row.cost_rate,
        "user": rel(row.user_id, "users"),
        "userId": row.user_id,
        "loggedBy": row.logged_by,
        "loggedByUserId": row.logged_by,
        "task": rel(row.task_id, "tasks"),
        "taskId": row.task_id,
        "taskPreMove": rel(row.task_id_pre_move, "tasks"),
        "taskIdPreMove": row.task_id_pre_move,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
        "projectBillingInvoice": rel(row.project_billing_invoice_id, "invoices"),
        "projectBillingInvoiceId": row.project_billing_invoice_id,
        "deskTicketId": None,
        "createdAt": row.created_at,
        "dateCreated": row.created_at,
        "updatedAt": row.updated_at,
        "dateEdited": row.updated_at,
        "updatedBy": row.updated_by,
        "editedByUserId": row.updated_by,
        "deleted": row.deleted_at is not None,
        "deletedAt": row.deleted_at,
        "dateDeleted": row.deleted_at,
        "deletedBy": row.deleted_by,
        "deletedByUserId": row.deleted_by,
        "isLocked": False,
        "verified": False,
    }
    if row.tag_ids:
        shape["tags"], shape["tagIds"] = rels(row.tag_ids, "tags"), row.tag_ids
    return shape


def comment(_: Office, row: model.Comment) -> Shape:
    """Write a comment: the relation is plural, `objectType` singular (5.11)."""
    return {
        "id": row.id,
        "body": row.body,
        "htmlBody": f"<p>{row.body}</p>",
        "contentType": row.content_type,
        "object": rel(row.object_id, f"{row.object_type}s"),
        "objectId": row.object_id,
        "objectType": row.object_type,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
        "postedBy": row.posted_by,
        "postedByUserId": row.posted_by,
        "postedDateTime": row.posted_date_time,
        "lastEditedBy": row.last_edited_by,
        "lastEditedByUserId": row.last_edited_by,
        "dateLastEdited": row.date_last_edited,
        "deleted": row.deleted_at is not None,
        "deletedBy": row.deleted_by,
        "deletedByUserId": row.deleted_by,
        "dateDeleted": row.deleted_at,
        "isPrivate": row.is_private,
        "fileCount": 0,
        "fileIds": [],
    }


def custom_field(_: Office, row: model.CustomField) -> Shape:
    """Write the definition of a custom field (5.12)."""
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "type": row.type,
        "entity": row.entity,
        "required": row.required,
        "isPrivate": False,
        "options": row.options,
        "formula": None,
        "currencyCode": row.currency_code,
        "unitId": row.unit_id,
        "groupId": None,
        "visibilities": None,
        "project": rel(row.project_id, "projects"),
        "projectId": row.project_id,
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
        "deleted": row.deleted_at is not None,
        "deletedAt": row.deleted_at,
        "deletedBy": row.deleted_by,
    }


def custom_field_value(_: Office, row: model.CustomFieldValue) -> Shape:
    """Write the value of a custom field with exactly one owner (5.12)."""
    shape = {
        "id": row.id,
        "customfieldId": row.customfield_id,
        "customfield": rel(row.customfield_id, "customfields"),
    }
    if row.task_id is not None:
        shape |= {"taskId": row.task_id, "task": rel(row.task_id, "tasks")}
    elif row.project_id is not None:
        shape |= {"projectId": row.project_id, "project": rel(row.project_id, "projects")}
    else:
        shape |= {"companyId": row.company_id, "company": rel(row.company_id, "companies")}
    return shape | {
        "value": row.value,
        "currencySymbol": row.currency_symbol,
        "countryCode": "",
        "urlTextToDisplay": "",
        "createdAt": row.created_at,
        "createdBy": row.created_by,
        "updatedAt": row.updated_at,
        "updatedBy": row.updated_by,
    }
