"""One read of blocks through a link: addresses of files, targets in scope, how many were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.craft.view import View
    from planwerk_sandbox.office.documents.model import Block

Shape = dict[str, Any]
"""A row as JSON."""


class Reading:
    """What the shapes of blocks depend on.

    Args:
        view: The space through a link.
        settings: The settings of the API.
        address: Gives out the address of an uploaded file.
        metadata: Whether blocks tell times, authors and comments.
    """

    def __init__(
        self,
        view: View,
        settings: CraftSettings,
        address: Callable[[Block], str],
        *,
        metadata: bool = False,
    ) -> None:
        self.view = view
        self.settings = settings
        self.metadata = metadata
        self.blocks = 0
        self._address = address
        self._given: dict[str, str] = {}

    def url(self, block: Block) -> str:
        """Return the address of a block's file or target, the same throughout one read."""
        if not block.is_media:
            return str(block.fields.get("url", ""))
        if block.id not in self._given:
            self._given[block.id] = self._address(block)
        return self._given[block.id]

    def time(self, moment: str | None) -> str | None:
        """Return a time as the API tells it."""
        if moment is None or not self.settings.millisecond_times or "." in moment:
            return moment
        return moment.replace("Z", ".000Z")


def ordinal_addresses() -> Callable[[Block], str]:
    """Return what names files by their order of first occurrence, as a tap should."""
    given: dict[str, str] = {}
    return lambda block: given.setdefault(block.id, f"craft-media:{len(given) + 1}")


def addresses_by_block(block: Block) -> str:
    """Name a file by its block, as a tap should in JSON."""
    return f"craft-media:{block.id}"
