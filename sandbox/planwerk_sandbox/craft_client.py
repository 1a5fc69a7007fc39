"""A typed client of the control interface of the Craft half."""

from __future__ import annotations

from typing import Any, Literal

from planwerk_sandbox.client import ApiControl, Row

Flavour = Literal["space", "documents", "daily", "key"]
"""Which of the links that exist from the start."""


class CraftControl(ApiControl[str]):
    """The control interface of the Craft half."""

    _api = "craft"

    def truth(self, kind: str, *, reachable: bool = False, flavour: Flavour = "space") -> list[Row]:
        """Return all rows of a kind as a link shows them, trashed and purged ones included.

        Args:
            kind: A stream name.
            reachable: Whether to leave out rows that no request through the link brings.
            flavour: Which link.
        """
        query = f"reachable={str(reachable).lower()}&flavour={flavour}"
        rows: list[Row] = self._call("GET", f"/truth/craft/{kind}?{query}")[kind]
        return rows

    def all_truth(
        self, *, reachable: bool = False, flavour: Flavour = "space"
    ) -> dict[str, list[Row]]:
        """Return all rows of all kinds as a link shows them."""
        query = f"reachable={str(reachable).lower()}&flavour={flavour}"
        return self._call("GET", f"/truth/craft?{query}")

    def create_document(self, title: str, *texts: str, **values: Any) -> Row:  # noqa: ANN401
        """Create a document of paragraphs; unsorted unless `folder` or `location` is given.

        Args:
            title: Its title.
            texts: A paragraph each.
            values: `folder`, `location`, `dailyNoteDate`, `links` (ids of links that select it),
                `blocks` (instead of texts), `createdAt`, `lastModifiedAt`, `broken`.
        """
        blocks = values.pop("blocks", [{"text": text} for text in texts])
        return self.create("documents", title=title, blocks=blocks, **values)

    def rename(self, document: str, title: str) -> Row:
        """Change the title of a document."""
        return self.edit("documents", document, title=title)[0]

    def append(self, document: str, text: str) -> Row:
        """Write a paragraph at the end of a document."""
        return self._act("append", "documents", [document], text=text)[0]

    def move(
        self, *documents: str, folder: str | None = None, location: str | None = None
    ) -> list[Row]:
        """Move documents to a folder or to a location."""
        place = {"location": location} if folder is None else {"folder": folder}
        return self._act("move", "documents", documents, **place)

    def trash(self, *documents: str) -> list[Row]:
        """Move documents to the trash."""
        return self._act("trash", "documents", documents)

    def restore(self, *documents: str) -> list[Row]:
        """Take documents out of the trash, back to where they were."""
        return self._act("restore", "documents", documents)

    def purge(self, *documents: str) -> list[Row]:
        """Delete documents for good, in the trash or not."""
        return self._act("purge", "documents", documents)

    def add_to_scope(self, *documents: str, link: str = "sandbox-documents") -> list[Row]:
        """Select documents for a link."""
        return self._act("add_to_scope", "documents", documents, link=link)

    def remove_from_scope(self, *documents: str, link: str = "sandbox-documents") -> list[Row]:
        """Take documents from a link's selection."""
        return self._act("remove_from_scope", "documents", documents, link=link)

    def break_documents(self, *documents: str) -> list[Row]:
        """Let documents be listed but unreadable."""
        return self.edit("documents", *documents, broken=True)

    def repair_documents(self, *documents: str) -> list[Row]:
        """Make broken documents readable; their time does not move."""
        return self.edit("documents", *documents, broken=False)

    def add_block(self, parent: str, text: str = "", **values: Any) -> Row:  # noqa: ANN401
        """Add a block inside a document or another block, last unless `position` is given."""
        return self.create("blocks", parent=parent, text=text, **values)

    def edit_block(self, block: str, **values: Any) -> Row:  # noqa: ANN401
        """Change `text`, `type` or members of a block; null removes a member."""
        return self.edit("blocks", block, **values)[0]

    def delete_blocks(self, *blocks: str) -> list[Row]:
        """Delete blocks; what is inside a page moves up."""
        return self.delete("blocks", *blocks)

    def add_comment(self, block: str, content: str, **values: Any) -> Row:  # noqa: ANN401
        """Remark on a block."""
        return self._act("comment", "blocks", [block], content=content, **values)[0]

    def create_folder(self, name: str, parent: str | None = None) -> Row:
        """Create a folder."""
        return self.create("folders", name=name, parent=parent)

    def rename_folder(self, folder: str, name: str) -> Row:
        """Change the name of a folder."""
        return self.edit("folders", folder, name=name)[0]

    def move_folder(self, folder: str, parent: str | None) -> Row:
        """Put a folder below another, or on top."""
        return self.edit("folders", folder, parent=parent)[0]

    def delete_folders(self, *folders: str) -> list[Row]:
        """Delete folders; what is in them moves up or becomes unsorted."""
        return self.delete("folders", *folders)

    def create_link(self, link: str, flavour: str, **values: Any) -> Row:  # noqa: ANN401
        """Create a share link; values are `key`, `permission` and `documents` (ids)."""
        return self.create("links", id=link, flavour=flavour, **values)

    def revoke_link(self, *links: str) -> list[Row]:
        """Make links dead."""
        return self._act("revoke", "links", links)

    def restore_link(self, *links: str) -> list[Row]:
        """Make dead links work again."""
        return self._act("restore", "links", links)

    def media_requests(self) -> list[dict[str, Any]]:
        """Return what was asked of the files' host, and whether a key came with it."""
        asked: list[dict[str, Any]] = self._call("GET", "/craft/media-requests")["requests"]
        return asked

    def clear_media_requests(self) -> None:
        """Forget what was asked of the files' host."""
        self._call("DELETE", "/craft/media-requests")
