"""The space: all folders, documents, blocks and links, and the look-ups several parts need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.documents.model import Block, Document, Folder, Link

TIMEZONE = "Europe/Berlin"
"""The zone in which the space cuts its days."""


class Place(NamedTuple):
    """Where a block is: its parent is null for a root page, the document for an inbox task."""

    block: Block
    parent: Block | None
    document: Document | None


@dataclass
class Space:
    """The state of one Craft space. All look-ups by id ignore letter case."""

    clock: OfficeClock
    id: str = ""
    name: str = ""
    people: list[str] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    inbox: list[Block] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    _places: dict[str, Place] = field(default_factory=dict)
    _drawn: int = 0

    def new_id(self) -> str:
        """Return an id for a row that is not generated; every other one in capitals."""
        self._drawn += 1
        drawn = str(UUID(int=(0xC4AF_0000_0000_4000_8000 << 48) + self._drawn))
        return drawn.upper() if self._drawn % 2 else drawn

    def add_folder(self, folder: Folder) -> Folder:
        """Add a folder and return it."""
        self.folders[folder.id.lower()] = folder
        return folder

    def add_document(self, document: Document) -> Document:
        """Add a document with all its blocks and return it."""
        self.documents[document.id.lower()] = document
        self.register(document.root, None, document)
        return document

    def add_inbox_task(self, block: Block) -> Block:
        """Add a task that is in no document and return it."""
        self.inbox.append(block)
        self.register(block, None, None)
        return block

    def register(self, block: Block, parent: Block | None, document: Document | None) -> None:
        """Make a block and everything inside it known by id."""
        self._places[block.id.lower()] = Place(block, parent, document)
        for child in block.content:
            self.register(child, block, document)

    def forget(self, block: Block) -> None:
        """Forget a block and everything inside it."""
        del self._places[block.id.lower()]
        for child in block.content:
            self.forget(child)

    def place(self, block_id: str) -> Place | None:
        """Return where a block is, null for an unknown id."""
        return self._places.get(block_id.lower())

    def document(self, document_id: str) -> Document | None:
        """Return a document that was not purged."""
        document = self.documents.get(document_id.lower())
        return None if document is None or document.purged else document

    def folder(self, folder_id: str) -> Folder | None:
        """Return a folder that was not deleted."""
        folder = self.folders.get(folder_id.lower())
        return None if folder is None or folder.deleted else folder

    def subfolders(self, parent_id: str | None) -> list[Folder]:
        """Return the folders right below a folder, or the topmost ones."""
        return [f for f in self.folders.values() if f.parent == parent_id and not f.deleted]

    def folder_path(self, folder_id: str | None) -> list[Folder]:
        """Return the folders from the topmost to the one of this id."""
        path: list[Folder] = []
        while folder_id is not None:
            folder = self.folders[folder_id.lower()]
            path.insert(0, folder)
            folder_id = folder.parent
        return path


def walk(block: Block) -> Iterator[Block]:
    """Go through a block and everything inside it in the order of reading."""
    yield block
    for child in block.content:
        yield from walk(child)
