"""The office: all its rows by kind, and the look-ups several parts need."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from planwerk_sandbox.office import model
from planwerk_sandbox.office.clock import OfficeClock

if TYPE_CHECKING:
    from collections.abc import Iterable

R = TypeVar("R", bound=model.Row)

ROW_TYPES: dict[str, type[model.Row]] = {
    "companies": model.Company,
    "people": model.Person,
    "teams": model.Team,
    "job_roles": model.JobRole,
    "tags": model.Tag,
    "project_categories": model.ProjectCategory,
    "custom_fields": model.CustomField,
    "workflows": model.Workflow,
    "stages": model.Stage,
    "projects": model.Project,
    "milestones": model.Milestone,
    "tasklists": model.Tasklist,
    "tasks": model.Task,
    "timelogs": model.Timelog,
    "comments": model.Comment,
    "custom_field_values": model.CustomFieldValue,
}
"""Every kind of row, parents before children."""


@dataclass
class Office:
    """The state of one generated office.

    `version` counts changes: whoever caches something derived from rows compares it.
    """

    clock: OfficeClock = field(default_factory=OfficeClock)
    version: int = 0
    companies: dict[int, model.Company] = field(default_factory=dict)
    people: dict[int, model.Person] = field(default_factory=dict)
    teams: dict[int, model.Team] = field(default_factory=dict)
    job_roles: dict[int, model.JobRole] = field(default_factory=dict)
    tags: dict[int, model.Tag] = field(default_factory=dict)
    project_categories: dict[int, model.ProjectCategory] = field(default_factory=dict)
    custom_fields: dict[int, model.CustomField] = field(default_factory=dict)
    workflows: dict[int, model.Workflow] = field(default_factory=dict)
    stages: dict[int, model.Stage] = field(default_factory=dict)
    projects: dict[int, model.Project] = field(default_factory=dict)
    milestones: dict[int, model.Milestone] = field(default_factory=dict)
    tasklists: dict[int, model.Tasklist] = field(default_factory=dict)
    tasks: dict[int, model.Task] = field(default_factory=dict)
    timelogs: dict[int, model.Timelog] = field(default_factory=dict)
    comments: dict[int, model.Comment] = field(default_factory=dict)
    custom_field_values: dict[int, model.CustomFieldValue] = field(default_factory=dict)
    values_of: defaultdict[tuple[str, int], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Custom field value ids by (`tasks`, `projects` or `companies`, id of the row)."""

    def rows(self, kind: str) -> dict[int, model.Row]:
        """Return all rows of a kind by id; raises `KeyError` for an unknown kind."""
        if kind not in ROW_TYPES:
            raise KeyError(kind)
        table: dict[int, model.Row] = getattr(self, kind)
        return table

    def add(self, kind: str, row: R) -> R:
        """Add a row (replacing one of the same id) and return it."""
        self.rows(kind)[row.id] = row
        if isinstance(row, model.CustomFieldValue):
            self.values_of[value_owner(row)].append(row.id)
        return row

    def remove(self, kind: str, row: model.Row) -> None:
        """Remove a row that the API keeps no trace of."""
        del self.rows(kind)[row.id]
        if isinstance(row, model.CustomFieldValue):
            self.values_of[value_owner(row)].remove(row.id)

    def task_project(self, task: model.Task) -> model.Project:
        """Return the project a task belongs to, through its list."""
        return self.projects[self.tasklists[task.tasklist_id].project_id]

    def custom_values(self, kind: str, row_id: int) -> list[model.CustomFieldValue]:
        """Return the custom field values of a task, project or company."""
        return [self.custom_field_values[i] for i in self.values_of.get((kind, row_id), ())]

    def people_by_type(self) -> Counter[tuple[int, str]]:
        """Count living people by (company id, type)."""
        return Counter((p.company_id, p.type) for p in living(self.people.values()))


def value_owner(value: model.CustomFieldValue) -> tuple[str, int]:
    """Return the kind and id of the row a custom field value belongs to."""
    if value.task_id is not None:
        return "tasks", value.task_id
    if value.project_id is not None:
        return "projects", value.project_id
    if value.company_id is not None:
        return "companies", value.company_id
    raise ValueError(f"Custom field value {value.id} belongs to no task, project or company.")


def living(rows: Iterable[R]) -> list[R]:
    """Return the rows that are not deleted."""
    return [row for row in rows if row.deleted_at is None]
