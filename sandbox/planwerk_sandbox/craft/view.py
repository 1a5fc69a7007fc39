"""What a link shows of the space (`api/craft.md`, section 2)."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from planwerk_sandbox.office.documents.space import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox.office.documents.model import Block, Document, Link
    from planwerk_sandbox.office.documents.space import Place, Space

_TARGET = re.compile(r"block://([0-9A-Za-z-]+)")


class View:
    """The space seen through a link."""

    def __init__(self, space: Space, link: Link) -> None:
        self.space = space
        self.link = link
        self.flavour = link.flavour

    def in_scope(self, document: Document) -> bool:
        """Whether the link covers a document, be it trashed or purged."""
        match self.flavour:
            case "space":
                return True
            case "documents":
                return document.id.lower() in self.link.documents
            case _:
                return document.location == "daily_notes"

    def sees(self, document: Document) -> bool:
        """Whether a document can be read through the link."""
        return not document.purged and self.in_scope(document)

    def documents(self, *, trashed: bool = True) -> list[Document]:
        """Return the documents of the link, in an order that says nothing and stays."""
        seen = [
            document
            for document in self.space.documents.values()
            if self.sees(document) and (trashed or not document.trashed)
        ]
        return sorted(seen, key=lambda document: zlib.crc32(document.id.encode()))

    def daily_note(self, day: str) -> Document | None:
        """Return the note of a day; of several the one that changed last."""
        notes = [
            document
            for document in self.documents(trashed=False)
            if document.location == "daily_notes" and document.daily_note_date == day
        ]
        return max(notes, key=lambda document: document.modified_at or "", default=None)

    def place(self, block_id: str) -> Place | None:
        """Return where a block is, if the link shows it."""
        place = self.space.place(block_id)
        if place is None or (place.document is not None and not self.sees(place.document)):
            return None
        return place

    def collections(self, *, trashed: bool = False) -> Iterator[tuple[Document, Block]]:
        """Go through the collections of the documents, by default of those outside the trash."""
        for document in self.documents(trashed=trashed):
            for block in walk(document.root):
                if block.type == "collection":
                    yield document, block

    def masked(self, text: str) -> str:
        """Replace the targets in a text that the link does not show; a space shows all."""
        if self.flavour == "space" or "block://" not in text:
            return text
        return _TARGET.sub(
            lambda found: found[0] if self.place(found[1]) else "invalid:out_of_scope", text
        )
