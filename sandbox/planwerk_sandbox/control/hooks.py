"""Changes between two requests of a run."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.control.faults import check_pattern

if TYPE_CHECKING:
    from planwerk_sandbox.control.mutations import Mutations


@dataclass
class Hook:
    """Mutations that run once, right after the n-th matching request.

    Attributes:
        path: Regular expression, searched in the path below the API's root.
        on_request: Which matching request since the hook was added; 1 is the next.
        mutations: What then happens in the office.
        matched: Matching requests so far.
        fired: Whether the mutations ran.
        error: Why they could not run, if so.
    """

    path: str
    on_request: int
    mutations: list[dict[str, Any]]
    matched: int = 0
    fired: bool = False
    error: str | None = None


class Hooks:
    """The hooks in wait."""

    def __init__(self, mutations: Mutations) -> None:
        self._mutations = mutations
        self._hooks: list[Hook] = []

    def add(self, values: dict[str, Any]) -> None:
        """Add a hook from its JSON.

        Raises:
            ValueError: If a member is unknown, missing or does not fit.
        """
        if set(values) - {"path", "on_request", "mutations"} or "path" not in values:
            raise ValueError("A hook has the members path, on_request and mutations.")
        check_pattern(values["path"])
        number, mutations = values.get("on_request", 1), values.get("mutations")
        if type(number) is not int or number < 1:
            raise ValueError(f"on_request counts from 1; it is {number!r}.")
        if not isinstance(mutations, list) or not mutations:
            raise ValueError("A hook needs a list of mutations.")
        self._hooks.append(Hook(values["path"], number, mutations))

    def after(self, path: str) -> None:
        """Count a request and run the mutations that wait for it."""
        for hook in self._hooks:
            if hook.fired or not re.search(hook.path, path):
                continue
            hook.matched += 1
            if hook.matched == hook.on_request:
                hook.fired = True
                try:
                    self._mutations.run(hook.mutations)
                except MutationError as error:
                    hook.error = str(error)

    def clear(self) -> None:
        """Remove all hooks."""
        self._hooks.clear()

    def shown(self) -> list[dict[str, Any]]:
        """Return all hooks with their counts."""
        return [asdict(hook) for hook in self._hooks]
