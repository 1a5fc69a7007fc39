"""How documents are sorted: folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th
from singer_sdk.exceptions import FatalAPIError
from tap_kit.schema import key, schema, text, texts
from tap_kit.unfit import Rejection

from tap_craft.client import SPACE, ListStream
from tap_craft.folders import Folder, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context
    from tap_kit.columns import Row


class Folders(ListStream):
    """Folders; only a space has them (fact sheet 3.2)."""

    name = "folders"
    path = "folders"
    offered_by = (SPACE,)
    schema = schema(
        key("id", "Id of the folder.", th.StringType()),
        text("name", "Name; may hold slashes."),
        text("parent_id", "Folder above; null at the top."),
        texts("path", "Names from the top folder to this one."),
    )

    def tree(self) -> list[Folder]:
        """Return all folders and built-in locations, from the top down.

        Raises:
            FatalAPIError: If there are none at all: every space has its built-in ones. Or if no
                folder's own folders are understood.
        """
        self._understood = self._odd = 0
        folders = list(walk(self.items(self.path), self._branches_in))
        if self._odd > 1 and not self._understood:
            raise FatalAPIError(
                "Craft sent folders in a form that is not known. The run stops, because folders "
                "that are not understood would look deleted. Look for a newer version of tap-craft."
            )
        if folders:
            return folders
        raise FatalAPIError(
            "Craft lists no folders, not even the built-in ones that every space has. The run "
            "stops and marks nothing as deleted; the next one asks again."
        )

    def _branches_in(self, rows: Any) -> list[Row]:  # noqa: ANN401
        try:
            branches = self.with_ids(rows)
        except TypeError:
            self._odd += 1
            self.reject(Rejection(None, None, "is no list of the folders within a folder", rows))
            return []
        self._understood += bool(branches)
        return branches

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every folder."""
        for folder in self._tap.folder_tree:
            if not folder.is_built_in:
                yield {
                    "id": folder.id,
                    "name": folder.path[-1],
                    "parentId": folder.ids[-2] if len(folder.ids) > 1 else None,
                    "path": list(folder.path),
                }
