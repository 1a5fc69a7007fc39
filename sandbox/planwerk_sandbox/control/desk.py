"""What the control interface holds in its hands for one API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from planwerk_sandbox.control.faults import Faults
from planwerk_sandbox.control.hooks import Hooks
from planwerk_sandbox.control.mutations import Mutations
from planwerk_sandbox.control.request_log import RequestLog

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planwerk_sandbox.api import Api
    from planwerk_sandbox.control.mutations import Editor


class Truth(Protocol):
    """Every row behind an API, for comparison with what a tap brought home."""

    @property
    def kinds(self) -> Collection[str]:
        """The kinds of rows."""

    def rows(self, kind: str, *, reachable: bool) -> list[dict[str, Any]]:
        """Return the rows of a kind in the API's shape.

        Args:
            kind: One of `kinds`.
            reachable: Whether to leave out rows that no request brings.
        """


class Desk(NamedTuple):
    """Everything about one API that can be shown or changed from outside.

    `flavours` holds the truth as each kind of access shows it, for an API that has several.
    """

    api: Api
    truth: Truth
    mutations: Mutations
    faults: Faults
    hooks: Hooks
    log: RequestLog
    flavours: Mapping[str, Truth]


def open_desk(
    api: Api, editor: Editor, truth: Truth, flavours: Mapping[str, Truth] | None = None
) -> Desk:
    """Lay out the control of one API."""
    mutations = Mutations(api.clock, editor)
    return Desk(api, truth, mutations, Faults(), Hooks(mutations), RequestLog(), flavours or {})
