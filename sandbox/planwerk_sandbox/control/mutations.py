"""Changes to the office from outside: the JSON of mutations, their order and their seconds.

Each changed row gets its own second, so that every change can be told apart by its time, unless
one mutation or the whole list asks for `same_second` (a bulk edit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from planwerk_sandbox.control.errors import MutationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from planwerk_sandbox.office.clock import OfficeClock

Row = dict[str, Any]
"""A row in its API's shape."""


class Editor(Protocol):
    """Carries out single changes behind one API.

    `tick` moves the office's clock to the second of the change: an editor checks first, then
    ticks, then changes.
    """

    @property
    def actions(self) -> Collection[str]:
        """The words it knows besides `create`."""

    @property
    def kinds(self) -> Collection[str]:
        """The kinds of rows it changes."""

    def has(self, kind: str, row_id: Any) -> bool:  # noqa: ANN401  # any JSON
        """Whether there is such a row."""

    def create(self, kind: str, values: Row, tick: Callable[[], object]) -> Row:
        """Create a row; raises `MutationError` if a value does not fit."""

    def change(
        self,
        action: str,
        kind: str,
        row_id: Any,  # noqa: ANN401  # any JSON
        values: Row,
        tick: Callable[[], object],
    ) -> Row:
        """Change a row; raises `MutationError` if the action does not fit."""


class Mutations:
    """Carries out mutations through an editor."""

    def __init__(self, clock: OfficeClock, editor: Editor) -> None:
        self._clock = clock
        self._editor = editor

    def run(self, mutations: list[dict[str, Any]], *, same_second: bool = False) -> list[Row]:
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
            self._clock.advance(1)
        changed = []
        for position, mutation in enumerate(mutations):
            try:
                changed += self._run_one(mutation, frozen=same_second)
            except MutationError as error:  # noqa: PERF203  # the position belongs in the sentence
                where = f"Mutation {position + 1} of {len(mutations)}: " if position else ""
                raise MutationError(f"{where}{error}") from None
        return changed

    def _run_one(self, mutation: dict[str, Any], *, frozen: bool) -> list[Row]:
        if not isinstance(mutation, dict):
            raise MutationError(f"A mutation is a JSON object, not {mutation!r}.")
        unknown = set(mutation) - {"action", "kind", "id", "ids", "values", "same_second"}
        if unknown:
            raise MutationError(f"A mutation has no member {', '.join(sorted(unknown))}.")
        action, kind = str(mutation.get("action")), str(mutation.get("kind"))
        values = mutation.get("values") or {}
        actions = ("create", *self._editor.actions)
        if action not in actions:
            raise MutationError(f"Unknown action {action!r}; known are {', '.join(actions)}.")
        if kind not in self._editor.kinds:
            known = ", ".join(self._editor.kinds)
            raise MutationError(f"Unknown kind {kind!r}; known are {known}.")
        if not isinstance(values, dict):
            raise MutationError("`values` is a JSON object of API names.")
        if mutation.get("same_second") and not frozen:
            self._clock.advance(1)
            frozen = True
        seconds = 0 if frozen else 1

        def tick() -> str:
            return self._clock.advance(seconds)

        if action == "create":
            return [self._editor.create(kind, values, tick)]
        return [
            self._editor.change(action, kind, row_id, values, tick)
            for row_id in self._ids(kind, mutation)
        ]

    def _ids(self, kind: str, mutation: dict[str, Any]) -> list[Any]:
        ids = mutation.get("ids", [mutation["id"]] if "id" in mutation else None)
        if not isinstance(ids, list) or not ids:
            raise MutationError("Say which rows with `id` or a list `ids`.")
        for row_id in ids:
            if not self._editor.has(kind, row_id):
                raise MutationError(f"There is no row {row_id!r} among {kind}.")
        return ids
