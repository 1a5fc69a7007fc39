"""Rows in the API's own shape, with its null, 0 and absent rules (`api/teamwork.md`, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from planwerk_sandbox.teamwork.shapes import people, projects, tasks
from planwerk_sandbox.teamwork.shapes.relations import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office, model

__all__ = ["Shape", "people", "projects", "shape_of", "tasks", "true_shape"]

_SHAPES: dict[str, Callable[[Office, Any], Shape]] = {
    "companies": people.company,
    "people": people.person,
    "teams": people.team,
    "job_roles": people.job_role,
    "tags": projects.tag,
    "project_categories": projects.project_category,
    "projects": projects.project,
    "tasklists": projects.tasklist,
    "tasks": tasks.task,
    "timelogs": tasks.timelog,
    "milestones": projects.milestone,
    "comments": tasks.comment,
    "custom_fields": tasks.custom_field,
    "custom_field_values": tasks.custom_field_value,
    "workflows": projects.workflow,
    "stages": projects.stage,
}


def shape_of(office: Office, kind: str, row: model.Row) -> Shape:
    """Write a row of a kind as the API lists it."""
    return _SHAPES[kind](office, row)


def true_shape(office: Office, kind: str, row: model.Row) -> Shape:
    """Write a row for the truth: as the API lists it, tasks with project and custom values."""
    shape = shape_of(office, kind, row)
    if kind == "tasks":
        its_task = cast("model.Task", row)
        shape["projectId"] = office.tasklists[its_task.tasklist_id].project_id
        shape["customFieldValues"] = [
            tasks.custom_field_value(office, value)
            for value in office.custom_values("tasks", row.id)
        ]
    return shape
