"""Which conversations are read once more, though nothing changed, because somebody wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_missive.spool import ListedRow
    from tap_missive.visits import Visit


class Again:
    """The conversations to be read once more in this run.

    Args:
        begin: Those with activity since this moment, in Unix seconds; None for those named alone.
    """

    def __init__(self, begin: float | None) -> None:
        self._begin = begin
        self._named: set[str] = set()
        self._read: set[str] = set()

    def add(self, conversation: str) -> None:
        """Add a conversation that somebody has named."""
        self._named.add(conversation)

    def wants(self, listed: ListedRow) -> bool:
        """Tell whether a conversation is to be read once more, and was not in this run."""
        conversation = listed.row["id"]
        is_recent = self._begin is not None and listed.activity >= self._begin
        return (is_recent or conversation in self._named) and conversation not in self._read

    def note(self, visits: Iterable[Visit]) -> None:
        """Note which conversations were read."""
        self._read.update(visit.id for visit in visits)
