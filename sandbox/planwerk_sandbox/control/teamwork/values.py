"""The `values` of a mutation: API names turned into attributes of rows, each value checked."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.office import ROW_TYPES

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office

_REFERENCES = {
    "project_id": "projects",
    "tasklist_id": "tasklists",
    "milestone_id": "milestones",
    "parent_task_id": "tasks",
    "task_id": "tasks",
    "company_id": "companies",
    "category_id": "project_categories",
    "workflow_id": "workflows",
    "customfield_id": "custom_fields",
    "user_id": "people",
    "project_owner_id": "people",
    "parent_team_id": "teams",
    "tag_ids": "tags",
    "member_ids": "people",
    "workflow_ids": "workflows",
    "responsible_party_ids": "people",
    "assignee_user_ids": "people",
    "assignee_team_ids": "teams",
    "assignee_company_ids": "companies",
    "assignee_job_role_ids": "job_roles",
}
"""The kind of row that an attribute refers to."""

_TIMES = re.compile(r"_(at|on|date|date_time|last_edited|logged)$|^(date_\w+|deadline)$")
_MARKS = ("id", "deleted_at", "deleted_by")
"""What only the actions set."""


def api_name(attribute: str) -> str:
    """Return the name the API reads an attribute with (`due_date` is `dueDate`)."""
    first, *others = attribute.split("_")
    return first + "".join(word.capitalize() for word in others)


def is_time(attribute: str) -> bool:
    """Whether an attribute holds a time."""
    return _TIMES.search(attribute) is not None


def attributes_of(office: Office, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Turn values by API name into attributes of a row.

    Raises:
        MutationError: If rows of the kind have no such value, or it does not fit.
    """
    names = [field.name for field in fields(ROW_TYPES[kind]) if field.name not in _MARKS]
    known = {api_name(name): name for name in names}
    attributes = {}
    for name, value in values.items():
        if name not in known:
            raise MutationError(
                f"Rows of {kind} have no value {name!r}; known are {', '.join(known)}."
            )
        _check(office, name, known[name], value)
        attributes[known[name]] = value
    return attributes


def _check(office: Office, name: str, attribute: str, value: Any) -> None:  # noqa: ANN401  # any JSON
    if value is None:
        return
    if attribute in _REFERENCES:
        if attribute.endswith("_ids") != isinstance(value, list):
            raise MutationError(f"{name} cannot be {value!r}.")
        for row_id in value if isinstance(value, list) else [value]:
            if row_id and row_id not in office.rows(_REFERENCES[attribute]):
                raise MutationError(
                    f"{name}: there is no row {row_id!r} among {_REFERENCES[attribute]}."
                )
    elif is_time(attribute):
        try:
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # Z is UTC
        except (TypeError, ValueError):
            raise MutationError(
                f"{name} is a time like 2026-03-10T08:00:00Z, not {value!r}."
            ) from None
