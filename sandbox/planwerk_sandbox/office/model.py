"""The rows of the office, as compact objects.

Attribute names are the snake_case form of the names the Teamwork v3 API reads with
(`api/teamwork.md`, section 5); derived twins (`tasklist` beside `tasklistId`) are not stored.
Date-times are stored as the API writes them, `YYYY-MM-DDTHH:MM:SSZ` in UTC, so that their
alphabetical order is their order in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Row:
    """What every row has: an id and the mark of a (soft) deletion."""

    id: int
    deleted_at: str | None = None
    deleted_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Company(Row):
    """A company the office works with, or the office itself (`is_owner`)."""

    name: str
    address_one: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    website: str = ""
    email_one: str = ""
    is_owner: bool = False
    client_managed_by: int | None = None
    tag_ids: list[int] = field(default_factory=list)
    created_at: str
    updated_at: str


@dataclass(slots=True, kw_only=True)
class Person(Row):
    """Somebody with or without a login: `account`, `collaborator` or `contact`."""

    first_name: str
    last_name: str
    email: str = ""
    title: str | None = None
    type: str = "account"
    company_id: int
    is_admin: bool = False
    is_client_user: bool = False
    is_service_account: bool = False
    is_placeholder_resource: bool = False
    site_owner: bool = False
    user_rate: int = 0
    user_cost: int = 0
    last_login: str | None = None
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Team(Row):
    """A team of the whole office, of a project or below another team (v1 only)."""

    name: str
    description: str = ""
    handle: str = ""
    logo_icon: str = "users"
    logo_color: str = "#2f8de4"
    project_id: int | None = None
    company_id: int | None = None
    parent_team_id: int | None = None
    member_ids: list[int] = field(default_factory=list)
    created_by_user_id: int | None = None
    updated_by_user_id: int | None = None
    date_created: str
    date_updated: str


@dataclass(slots=True, kw_only=True)
class JobRole(Row):
    """A role that tasks can be assigned to; seen only as an assignee and a side-load."""

    name: str


@dataclass(slots=True, kw_only=True)
class Tag(Row):
    """A tag, site-wide or of one project. Teamwork keeps no time and no trace of a deleted one."""

    name: str
    color: str = "#2f8de4"
    project_id: int | None = None


@dataclass(slots=True, kw_only=True)
class ProjectCategory(Row):
    """A node of the tree of project categories."""

    name: str
    color: str = "#4ecd97"
    parent_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Project(Row):
    """A building project; `status` is its life before a deletion."""

    name: str
    description: str = ""
    status: str = "active"
    sub_status: str = "current"
    type: str = "normal"
    company_id: int
    category_id: int | None = None
    project_owner_id: int = 0
    start_date: str | None = None
    end_date: str | None = None
    tag_ids: list[int] = field(default_factory=list)
    workflow_ids: list[int] = field(default_factory=list)
    is_billable: bool = True
    privacy_enabled: bool = False
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None
    completed_at: str | None = None
    completed_by: int | None = None
    archived_at: str | None = None
    archived_by: int | None = None
    last_worked_on: str | None = None


@dataclass(slots=True, kw_only=True)
class Tasklist(Row):
    """A list of tasks of one project, usually one HOAI phase (LPH) of a trade."""

    name: str
    description: str = ""
    status: str = "reopened"
    project_id: int
    milestone_id: int | None = None
    display_order: int = 2000
    is_private: bool = False
    is_pinned: bool = False
    is_billable: bool | None = None
    icon: str | None = None
    created_at: str
    updated_at: str


@dataclass(slots=True, kw_only=True)
class Milestone(Row):
    """A date that a project has to keep."""

    name: str
    description: str = ""
    deadline: str
    status: str = "new"
    completed_on: str | None = None
    completed_by: int | None = None
    project_id: int
    tag_ids: list[int] = field(default_factory=list)
    responsible_party_ids: list[int] = field(default_factory=list)
    created_on: str
    created_by: int | None = None
    last_changed_on: str
    updated_by: int | None = None
    private: bool = False
    reminder: bool = False


@dataclass(slots=True, kw_only=True)
class Task(Row):
    """A task or subtask; `status` is its life before a deletion."""

    name: str
    description: str | None = ""
    description_content_type: str = "TEXT"
    status: str = "new"
    priority: str | None = None
    progress: int = 0
    start_date: str | None = None
    due_date: str | None = None
    estimate_minutes: int = 0
    tasklist_id: int
    parent_task_id: int = 0
    assignee_user_ids: list[int] | None = None
    assignee_team_ids: list[int] | None = None
    assignee_company_ids: list[int] | None = None
    assignee_job_role_ids: list[int] | None = None
    tag_ids: list[int] | None = None
    workflow_stages: list[dict[str, Any]] | None = None
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None
    date_updated: str | None = None
    completed_at: str | None = None
    completed_by: int | None = None
    display_order: int = 2000
    is_private: int = 0


@dataclass(slots=True, kw_only=True)
class Timelog(Row):
    """Time somebody worked on a task or, without `task_id`, on a project."""

    minutes: int
    description: str = ""
    time_logged: str
    has_start_time: bool = True
    billable: bool = True
    billable_rate: int = 0
    cost_rate: int = 0
    user_id: int
    logged_by: int | None = None
    task_id: int | None = None
    task_id_pre_move: int | None = None
    project_id: int
    tag_ids: list[int] | None = None
    project_billing_invoice_id: int | None = None
    created_at: str
    updated_at: str
    updated_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Comment(Row):
    """A comment on a task or a milestone; `object_type` is singular (`task`)."""

    body: str
    content_type: str = "TEXT"
    object_type: str = "task"
    object_id: int
    project_id: int
    posted_by: int | None = None
    posted_date_time: str
    last_edited_by: int | None = None
    date_last_edited: str | None = None
    is_private: int = 0


@dataclass(slots=True, kw_only=True)
class CustomField(Row):
    """The definition of a custom field; `entity` says which rows carry its values."""

    name: str
    description: str | None = ""
    type: str = "text-short"
    entity: str = "task"
    required: bool = False
    options: dict[str, Any] | None = None
    currency_code: str | None = None
    unit_id: int | None = None
    project_id: int | None = None
    created_at: str
    created_by: int | None = None
    updated_at: str | None = None
    updated_by: int | None = None


@dataclass(slots=True, kw_only=True)
class CustomFieldValue(Row):
    """The value of a custom field on exactly one task, project or company."""

    customfield_id: int
    task_id: int | None = None
    project_id: int | None = None
    company_id: int | None = None
    value: Any = None
    currency_symbol: str = ""
    created_at: str
    created_by: int | None = None
    updated_at: str | None = None
    updated_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Workflow(Row):
    """A sequence of stages that tasks pass through."""

    name: str
    default_workflow: bool = False
    project_specific: bool = False
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Stage(Row):
    """One column of a workflow."""

    name: str
    workflow_id: int
    color: str = "#c3c8d1"
    display_order: int = 1
    show_completed_tasks: bool = False
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None
