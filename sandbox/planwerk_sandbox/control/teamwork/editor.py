"""Changes to the office, as people there would make them in Teamwork."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.control.teamwork.creation import create, draft
from planwerk_sandbox.control.teamwork.values import attributes_of
from planwerk_sandbox.office import model
from planwerk_sandbox.office.office import ROW_TYPES, value_owner
from planwerk_sandbox.office.people import ADMIN_ID
from planwerk_sandbox.teamwork.shapes import Shape, true_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.settings import TeamworkSettings

ACTIONS = (
    *("edit", "tag", "untag", "delete", "restore"),
    *("archive", "unarchive", "complete", "reopen"),
)

_COMPLETABLE = ("tasks", "tasklists", "milestones", "projects")
_WITHOUT_TRACE = ("tags", "project_categories", "custom_field_values")
"""Kinds whose deleted rows are gone; everything else keeps a mark (4.4)."""


class TeamworkEditor:
    """Carries out single changes in Teamwork."""

    actions = ACTIONS
    kinds = tuple(ROW_TYPES)

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self._office = office
        self._settings = settings

    def has(self, kind: str, row_id: Any) -> bool:  # noqa: ANN401  # any JSON
        """Whether there is such a row."""
        return row_id in self._office.rows(kind)

    def _now(self, tick: Callable[[], object]) -> str:
        self._office.version += 1
        tick()
        return self._office.clock.now()

    def create(self, kind: str, values: Shape, tick: Callable[[], object]) -> Shape:
        """Create a row; raises `MutationError` if a value is unknown, missing or does not fit."""
        attributes = draft(self._office, kind, values)
        now = self._now(tick)
        row = create(self._office, kind, attributes, now)
        self._touch_owner(row, now)
        return true_shape(self._office, kind, row)

    def change(
        self,
        action: str,
        kind: str,
        row_id: Any,  # noqa: ANN401  # any JSON
        values: Shape,
        tick: Callable[[], object],
    ) -> Shape:
        """Change a row; raises `MutationError` if the action or a value does not fit."""
        row: Any = self._office.rows(kind)[row_id]
        attributes = attributes_of(self._office, kind, values)
        self._check_action(action, kind, row, attributes)
        now = self._now(tick)
        match action:
            case "delete":
                return self._delete(kind, row, now)
            case "restore":
                row.deleted_at = row.deleted_by = None
            case "tag":
                row.tag_ids = list(dict.fromkeys([*(row.tag_ids or ()), *attributes["tag_ids"]]))
            case "untag":
                left = [tag for tag in row.tag_ids or () if tag not in attributes["tag_ids"]]
                row.tag_ids = left
            case "archive":
                row.status, row.archived_at, row.archived_by = "archived", now, ADMIN_ID
            case "unarchive":
                row.status, row.archived_at, row.archived_by = "active", None, None
            case "complete" | "reopen":
                _complete(row, now if action == "complete" else None)
        self._touch(kind, row, now)
        if action == "edit":
            for attribute, value in attributes.items():
                setattr(row, attribute, value)
        return true_shape(self._office, kind, row)

    def _check_action(
        self,
        action: str,
        kind: str,
        row: Any,  # noqa: ANN401  # rows of several kinds
        attributes: dict[str, Any],
    ) -> None:
        if action in ("tag", "untag") and not attributes.get("tag_ids"):
            raise MutationError(f'To {action}, send {{"values": {{"tagIds": [...]}}}}.')
        if action in ("archive", "unarchive") and kind != "projects":
            raise MutationError(f"Only projects can be archived, not {kind}.")
        if action in ("complete", "reopen") and kind not in _COMPLETABLE:
            raise MutationError(f"Rows of {kind} cannot be completed or reopened.")
        if action == "delete" and row.deleted_at is not None:
            raise MutationError(f"Row {row.id} of {kind} is deleted already.")
        if action == "restore" and row.deleted_at is None:
            raise MutationError(f"Row {row.id} of {kind} is not deleted.")
        if action == "edit" and not attributes:
            raise MutationError("To edit, send `values`.")
        if kind == "custom_field_values" and set(attributes) - {"value"}:
            raise MutationError("A custom field value stays where it is; edit its `value`.")

    def _delete(self, kind: str, row: Any, now: str) -> Shape:  # noqa: ANN401
        if kind in _WITHOUT_TRACE:
            last = true_shape(self._office, kind, row)
            self._office.remove(kind, row)
            self._touch_owner(row, now)
            self._forget(kind, row.id, now)
            return last
        row.deleted_at, row.deleted_by = now, ADMIN_ID
        if self._settings.deletion_moves_updated_at and kind != "comments":
            self._touch(kind, row, now)
        return true_shape(self._office, kind, row)

    def _forget(self, kind: str, row_id: int, now: str) -> None:
        """Take a deleted tag or category from the rows that carried it."""
        if kind == "tags":
            for carrier in ("tasks", "projects", "companies", "milestones", "timelogs"):
                carrying: Any
                for carrying in self._office.rows(carrier).values():
                    if row_id in (carrying.tag_ids or ()):
                        carrying.tag_ids = [tag for tag in carrying.tag_ids if tag != row_id]
                        self._touch(carrier, carrying, now)
        if kind == "project_categories":
            for project in self._office.projects.values():
                if project.category_id == row_id:
                    project.category_id = None
                    self._touch("projects", project, now)

    def _touch(self, kind: str, row: Any, now: str) -> None:  # noqa: ANN401
        times = {
            "tasks": ("updated_at", "date_updated"),
            "milestones": ("last_changed_on",),
            "comments": ("date_last_edited",),
            "teams": ("date_updated",),
        }
        for attribute in times.get(kind, ("updated_at",)):
            if hasattr(row, attribute):
                setattr(row, attribute, now)
        for attribute in ("updated_by", "updated_by_user_id", "last_edited_by"):
            if hasattr(row, attribute):
                setattr(row, attribute, ADMIN_ID)
        self._touch_owner(row, now)

    def _touch_owner(self, row: model.Row, now: str) -> None:
        if isinstance(row, model.CustomFieldValue):
            kind, owner_id = value_owner(row)
            self._touch(kind, self._office.rows(kind)[owner_id], now)


def _complete(row: Any, now: str | None) -> None:  # noqa: ANN401  # rows of several kinds
    """Complete a row, or reopen it when there is no time; tasklists keep neither time nor name."""
    if isinstance(row, model.Project):
        row.sub_status = "current" if now is None else "completed"
    else:
        row.status = "reopened" if now is None else "completed"
    by = None if now is None else ADMIN_ID
    if isinstance(row, model.Milestone):
        row.completed_on, row.completed_by = now, by
    elif not isinstance(row, model.Tasklist):
        row.completed_at, row.completed_by = now, by
    if isinstance(row, model.Task) and now is not None:
        row.progress = 100
