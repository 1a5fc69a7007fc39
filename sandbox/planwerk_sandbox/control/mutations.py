"""Changes to the office, as people there would make them in Teamwork.

Each changed row gets its own second, so that every change can be told apart by its time, unless
one mutation or the whole list asks for `same_second` (a bulk edit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.creation import create, draft
from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.control.values import attributes_of
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
        attributes = draft(self._office, kind, values)
        now = self._tick(frozen=frozen)
        row = create(self._office, kind, attributes, now)
        self._touch_owner(row, now)
        return true_shape(self._office, kind, row)

    def _change(
        self,
        action: str,
        kind: str,
        row: Any,  # noqa: ANN401  # rows of several kinds
        values: Shape,
        *,
        frozen: bool,
    ) -> Shape:
        attributes = attributes_of(self._office, kind, values)
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
