"""Every row of the mail, for comparison with what a tap brought home."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.missive.context import Context, Shape
from planwerk_sandbox.missive.shapes import shape_of
from planwerk_sandbox.missive.shapes.messages import full
from planwerk_sandbox.office.mail.mail import ROW_TYPES

if TYPE_CHECKING:
    from planwerk_sandbox.missive.links import Links
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.mail import LazyMail


class MissiveTruth:
    """All rows of the mail in the API's shape, deleted and hidden ones included.

    Members with an underscore say what no answer tells: `_deleted`, `_merged_into`, `_guest`,
    `_hidden`, `_redacted`, `_conversation_id`, `_left`.
    """

    kinds = tuple(ROW_TYPES)

    def __init__(self, lazy: LazyMail, settings: MissiveSettings, links: Links) -> None:
        self._lazy = lazy
        self._settings = settings
        self._links = links

    @cached_property
    def _at(self) -> Context:
        return Context(self._lazy.mail, self._settings, self._links, truthful=True)

    def rows(self, kind: str, *, reachable: bool = False) -> list[Shape]:
        """Return the rows of a kind, sorted by id.

        Args:
            kind: A stream name, `drafts` or `posts`.
            reachable: Whether to leave out what no request of the token brings: deleted rows but
                contacts, merged and hidden conversations and what is in them or in those that
                the seat is a guest of, labels of delegates, coworkers who left.
        """
        return [
            self.shape(kind, row)
            for _, row in sorted(self._lazy.mail.rows(kind).items())
            if not reachable or _is_reachable(kind, row)
        ]

    def shape(self, kind: str, row: Any) -> Shape:  # noqa: ANN401  # rows of several kinds
        """Write one row."""
        shape = full(self._at, row) if kind == "messages" else shape_of(self._at, kind, row)
        parent = getattr(row, "conversation", None)
        shape["_deleted"] = row.deleted or (parent is not None and parent.deleted)
        if kind == "users":
            shape["_left"] = row.left
        match kind:
            case "conversations":
                shape |= {
                    "_merged_into": row.merged_into,
                    "_guest": row.access == "guest",
                    "_hidden": row.access == "none",
                }
            case "contact_groups":
                shape |= {"contact_book": row.contact_book, "kind": row.kind}
            case "messages":
                shape |= {"_conversation_id": row.conversation.id, "_redacted": row.redacted}
            case "comments" | "drafts" | "posts":
                shape["_conversation_id"] = row.conversation.id
        return shape


def _is_reachable(kind: str, row: Any) -> bool:  # noqa: ANN401  # rows of several kinds
    if row.deleted:
        return kind == "contacts"
    parent = getattr(row, "conversation", None)
    if parent is not None and (parent.deleted or parent.access == "none"):
        return False
    match kind:
        case "conversations":
            return row.access != "none" and row.merged_into is None
        case "messages" | "comments" | "drafts" | "posts":
            return parent is not None and parent.access == "full"
        case "shared_labels":
            return bool(row.visibility == "organization")
        case _:
            return not getattr(row, "left", False)
