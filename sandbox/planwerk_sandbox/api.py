"""What the sandbox asks of each API it serves, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from planwerk_sandbox.http import Answer, Request
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.settings import Settings


class Api(Protocol):
    """One API over the office; it answers and changes nothing."""

    @property
    def clock(self) -> OfficeClock:
        """The office's clock."""

    @property
    def settings(self) -> Settings:
        """The switches of this API."""

    @property
    def without_envelope(self) -> dict[str, Any]:
        """The body of a list answer in which the expected key is missing."""

    def below_root(self, path: str) -> str:
        """Return a path as the API's documentation writes it."""

    def link_of(self, path: str) -> str | None:
        """Return the share link that a path goes through, None for an API without such."""

    def general_path(self, below: str) -> str:
        """Return a path below the root with placeholders for ids, to count by."""

    def answer(self, request: Request) -> tuple[Answer, list[str]]:
        """Answer a request, and name the parameters that the endpoint does not know."""

    def error_body(self, sentence: str) -> dict[str, Any]:
        """Return a sentence in the form of the API's errors."""

    def restart_rate_limit(self) -> None:
        """Open new windows, so that a changed limit counts from now."""
