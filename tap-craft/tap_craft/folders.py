"""The folders of a space, which Craft shows as a tree (fact sheet 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tap_kit.columns import Row

BUILT_IN = ("unsorted", "trash", "templates", "daily_notes")
"""What stands among the folders and is none."""


@dataclass(frozen=True)
class Folder:
    """A folder and its place in the tree.

    Attributes:
        ids: From the top folder to its own.
        path: The names, in the same order.
        documents_count: Documents in it; whether those below count is not known (3.2).
    """

    ids: tuple[str, ...]
    path: tuple[str, ...]
    documents_count: int

    @property
    def id(self) -> str:
        """Its own id."""
        return self.ids[-1]

    @property
    def is_built_in(self) -> bool:
        """Whether it is a location rather than a folder."""
        return self.id.lower() in BUILT_IN


def walk(
    tree: list[Row], branches_in: Callable[[Any], list[Row]], above: Folder | None = None
) -> Iterator[Folder]:
    """Yield the folders of a tree, each before those within it.

    Args:
        tree: The topmost folders.
        branches_in: Returns the usable ones of the folders within a folder, and records others.
        above: The folder that these are in.
    """
    ids, path = (above.ids, above.path) if above else ((), ())
    for branch in tree:
        count = branch.get("documentCount")
        folder = Folder(
            (*ids, branch["id"]),
            (*path, str(branch.get("name") or "")),
            count if isinstance(count, int) else 0,
        )
        yield folder
        yield from walk(branches_in(branch.get("folders") or []), branches_in, folder)
