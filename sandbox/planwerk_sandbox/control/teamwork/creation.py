"""New rows: what a mutation says of them, and what Teamwork would fill in."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.control.teamwork.values import api_name, attributes_of, is_time
from planwerk_sandbox.office.office import ROW_TYPES
from planwerk_sandbox.office.people import ADMIN_ID

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office, model

_AUTHORS = (
    *("created_by", "updated_by", "created_by_user_id", "updated_by_user_id"),
    *("posted_by", "logged_by", "user_id"),
)
_OWNERS_OF_VALUES = {"task_id", "project_id", "company_id"}


def draft(office: Office, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a row to be created, without what depends on its second.

    Args:
        office: The office that the row refers to.
        kind: The kind of the row.
        values: Its values by API name.

    Raises:
        MutationError: If a value is unknown, missing or does not fit.
    """
    attributes = attributes_of(office, kind, values)
    attributes = _project(office, attributes) | attributes
    given = _defaults(office, kind, office.clock.now()) | attributes
    missing = [
        api_name(field.name)
        for field in fields(ROW_TYPES[kind])
        if field.default is MISSING
        and field.default_factory is MISSING
        and field.name not in given
        and field.name != "id"
    ]
    if missing:
        raise MutationError(f"To create a row of {kind}, send {', '.join(missing)} too.")
    if kind == "custom_field_values" and len(_OWNERS_OF_VALUES & set(attributes)) != 1:
        raise MutationError(
            "To create a custom field value, send one of taskId, projectId and companyId."
        )
    return attributes


def create(office: Office, kind: str, attributes: dict[str, Any], now: str) -> model.Row:
    """Add a row made of a draft."""
    new_id = max(office.rows(kind), default=0) + 1
    row = ROW_TYPES[kind](id=new_id, **(_defaults(office, kind, now) | attributes))
    return office.add(kind, row)


def _defaults(office: Office, kind: str, now: str) -> dict[str, Any]:
    """Return who and when, and the office itself where a company is asked for."""
    defaults: dict[str, Any] = {}
    for field in fields(ROW_TYPES[kind]):
        if field.name in _AUTHORS:
            defaults[field.name] = ADMIN_ID
        elif is_time(field.name) and field.default is MISSING:
            defaults[field.name] = now
        elif field.name == "company_id" and field.default is MISSING:
            defaults[field.name] = next(c.id for c in office.companies.values() if c.is_owner)
    if kind == "tasks":
        defaults["date_updated"] = now
    return defaults


def _project(office: Office, attributes: dict[str, Any]) -> dict[str, Any]:
    """Find the project of a comment or time log through what it hangs on."""
    object_id = attributes.get("object_id")
    if attributes.get("object_type") == "milestone":
        if object_id not in office.milestones:
            raise MutationError(f"There is no row {object_id!r} among milestones.")
        return {"project_id": office.milestones[object_id].project_id}
    task = office.tasks.get(attributes.get("task_id") or object_id or 0)
    if object_id is not None and task is None:
        raise MutationError(f"There is no row {object_id!r} among tasks.")
    if task is None or "customfield_id" in attributes:
        return {}
    return {"project_id": office.task_project(task).id}
