"""How documents are sorted: folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from singer_sdk import typing as th
from singer_sdk.exceptions import FatalAPIError
from tap_kit.schema import key, schema, text, texts

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
            FatalAPIError: If there are none at all: every space has its built-in ones.
        """
        folders = list(walk(self.items(self.path)))
        if folders:
            return folders
        raise FatalAPIError(
            "Craft lists no folders, not even the built-in ones that every space has. The run "
            "stops and marks nothing as deleted; the next one asks again."
        )

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
