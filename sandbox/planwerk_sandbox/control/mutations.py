"""Changes to the office, as people there would make them in Teamwork.

Each changed row gets its own second, so that every change can be told apart by its time, unless
one mutation or the whole list asks for `same_second` (a bulk edit).
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office import model
from planwerk_sandbox.office.office import ROW_TYPES, value_owner
from planwerk_sandbox.office.people import ADMIN_ID
from planwerk_sandbox.teamwork.shapes import Shape, true_shape

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.settings import TeamworkSettings

ACTIONS = (
    *("create", "edit", "tag", "untag", "delete", "restore"),
    *("archive", "unarchive", "complete", "reopen"),
)

_COMPLETABLE = ("tasks", "tasklists", "milestones", "projects")
_WITHOUT_TRACE = ("tags", "project_categories", "custom_field_values")
"""Kinds whose deleted rows are gone; everything else keeps a mark (4.4)."""

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
_TIMES = re.compile(r"_(at|on|date|date_time|last_edited|logged)$|^(date_\w+|deadline)$")
_AUTHORS = (
    *("created_by", "updated_by", "created_by_user_id", "updated_by_user_id"),
    *("posted_by", "logged_by", "user_id"),
)


class MutationError(ValueError):
    """A mutation that cannot be carried out, with one sentence that says why."""


class Mutations:
    """Carries out mutations on an office."""

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self._office = office
        self._settings = settings

    def run(self, mutations: list[dict[str, Any]], *, same_second: bool = False) -> list[Shape]:
        """Carry out mutations in order.

        Args:
            mutations: `{"action", "kind", "id" or "ids", "values", "same_second"}` each.
            same_second: Whether all rows of all mutations change in one second.

        Returns:
            The changed rows as the truth shows them; a row that left no trace as it was last.

        Raises:
            MutationError: If a mutation is malformed; the ones before it stay done.
        """
        if same_second:
            self._office.clock.advance(1)
        changed = []
        for position, mutation in enumerate(mutations):
            try:
                changed += self._run_one(mutation, frozen=same_second)
            except MutationError as error:  # noqa: PERF203  # the position belongs in the sentence
                where = f"Mutation {position + 1} of {len(mutations)}: " if position else ""
                raise MutationError(f"{where}{error}") from None
        return changed

    def _run_one(self, mutation: dict[str, Any], *, frozen: bool) -> list[Shape]:
        if not isinstance(mutation, dict):
            raise MutationError(f"A mutation is a JSON object, not {mutation!r}.")
        unknown = set(mutation) - {"action", "kind", "id", "ids", "values", "same_second"}
        if unknown:
            raise MutationError(f"A mutation has no member {', '.join(sorted(unknown))}.")
        action, kind = mutation.get("action"), mutation.get("kind")
        values = mutation.get("values") or {}
        if action not in ACTIONS:
            raise MutationError(f"Unknown action {action!r}; known are {', '.join(ACTIONS)}.")
        if kind not in ROW_TYPES:
            raise MutationError(f"Unknown kind {kind!r}; known are {', '.join(ROW_TYPES)}.")
        if not isinstance(values, dict):
            raise MutationError("`values` is a JSON object of API names.")
        if mutation.get("same_second") and not frozen:
            self._office.clock.advance(1)
            frozen = True
        if action == "create":
            return [self._create(kind, values, frozen=frozen)]
        return [
            self._change(action, kind, row, values, frozen=frozen)
            for row in self._rows(kind, mutation)
        ]

    def _rows(self, kind: str, mutation: dict[str, Any]) -> list[Any]:
        ids = mutation.get("ids", [mutation["id"]] if "id" in mutation else None)
        if not isinstance(ids, list) or not ids:
            raise MutationError("Say which rows with `id` or a list `ids`.")
        table = self._office.rows(kind)
        for row_id in ids:
            if row_id not in table:
                raise MutationError(f"There is no row {row_id!r} among {kind}.")
        return [table[row_id] for row_id in ids]

    def _tick(self, *, frozen: bool) -> str:
        self._office.version += 1
        return self._office.clock.now() if frozen else self._office.clock.advance(1)

    def _create(self, kind: str, values: Shape, *, frozen: bool) -> Shape:
        row_type = ROW_TYPES[kind]
        attributes = self._attributes(kind, values)
        attributes = self._derived(attributes) | attributes
        given = self._defaults(row_type, self._office.clock.now()) | attributes
        missing = [
            _api_name(field.name)
            for field in fields(row_type)
            if field.default is MISSING
            and field.default_factory is MISSING
            and field.name not in given
            and field.name != "id"
        ]
        if missing:
            raise MutationError(f"To create a row of {kind}, send {', '.join(missing)} too.")
        new_id = max(self._office.rows(kind), default=0) + 1
        owners = {"task_id", "project_id", "company_id"}
        if row_type is model.CustomFieldValue and len(owners & set(attributes)) != 1:
            raise MutationError(
                "To create a custom field value, send one of taskId, projectId and companyId."
            )
        now = self._tick(frozen=frozen)
        row = row_type(id=new_id, **(self._defaults(row_type, now) | attributes))
        self._office.add(kind, row)
        self._touch_owner(row, now)
        return true_shape(self._office, kind, row)

    def _defaults(self, row_type: type[model.Row], now: str) -> dict[str, Any]:
        defaults: dict[str, Any] = {}
        for field in fields(row_type):
            if field.name in _AUTHORS:
                defaults[field.name] = ADMIN_ID
            elif _TIMES.search(field.name) and field.default is MISSING:
                defaults[field.name] = now
            elif field.name == "company_id" and field.default is MISSING:
                owner = next(c.id for c in self._office.companies.values() if c.is_owner)
                defaults[field.name] = owner
        if row_type is model.Task:
            defaults["date_updated"] = now
        return defaults

    def _derived(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Find the project of a comment or time log through what it hangs on."""
        office = self._office
        object_id = attributes.get("object_id")
        task = office.tasks.get(attributes.get("task_id") or object_id or 0)
        if attributes.get("object_type") == "milestone":
            if object_id not in office.milestones:
                raise MutationError(f"There is no row {object_id!r} among milestones.")
            return {"project_id": office.milestones[object_id].project_id}
        if object_id is not None and task is None:
            raise MutationError(f"There is no row {object_id!r} among tasks.")
        if task is None or "customfield_id" in attributes:
            return {}
        return {"project_id": office.task_project(task).id}

    def _attributes(self, kind: str, values: Shape) -> dict[str, Any]:
        known = {
            _api_name(field.name): field.name
            for field in fields(ROW_TYPES[kind])
            if field.name not in ("id", "deleted_at", "deleted_by")
        }
        attributes = {}
        for name, value in values.items():
            if name not in known:
                raise MutationError(
                    f"Rows of {kind} have no value {name!r}; known are {', '.join(known)}."
                )
            attribute = known[name]
            self._check_value(name, attribute, value)
            attributes[attribute] = value
        return attributes

    def _check_value(self, name: str, attribute: str, value: Any) -> None:  # noqa: ANN401
        if value is None:
            return
        if attribute in _REFERENCES:
            if attribute.endswith("_ids") != isinstance(value, list):
                raise MutationError(f"{name} cannot be {value!r}.")
            for row_id in value if isinstance(value, list) else [value]:
                if row_id and row_id not in self._office.rows(_REFERENCES[attribute]):
                    raise MutationError(
                        f"{name}: there is no row {row_id!r} among {_REFERENCES[attribute]}."
                    )
        elif _TIMES.search(attribute):
            try:
                datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # Z is UTC
            except (TypeError, ValueError):
                raise MutationError(
                    f"{name} is a time like 2026-03-10T08:00:00Z, not {value!r}."
                ) from None

    def _change(
        self,
        action: str,
        kind: str,
        row: Any,  # noqa: ANN401  # rows of several kinds
        values: Shape,
        *,
        frozen: bool,
    ) -> Shape:
        attributes = self._attributes(kind, values)
        self._check_action(action, kind, row, attributes)
        now = self._tick(frozen=frozen)
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
    if isinstance(row, model.Project):
        row.sub_status = "current" if now is None else "completed"
    else:
        row.status = "reopened" if now is None else "completed"
    done, by = ("completed_on", "completed_by")
    if not isinstance(row, model.Milestone):
        done = "completed_at"
    if hasattr(row, done):
        setattr(row, done, now)
        setattr(row, by, None if now is None else ADMIN_ID)
    if isinstance(row, model.Task) and now is not None:
        row.progress = 100


def _api_name(attribute: str) -> str:
    first, *others = attribute.split("_")
    return first + "".join(word.capitalize() for word in others)
