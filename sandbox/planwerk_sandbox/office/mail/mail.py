"""The mail account: all its rows by kind, and the look-ups several parts need."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from planwerk_sandbox.office.mail import model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planwerk_sandbox.office.clock import OfficeClock

MESSAGES_PER_CONVERSATION = 400
"""After as many messages a thread goes on in a new conversation (`api/missive.md` 9.3)."""

ROW_TYPES: dict[str, type[model.Row]] = {
    "organizations": model.Organization,
    "users": model.User,
    "teams": model.Team,
    "shared_labels": model.SharedLabel,
    "contact_books": model.ContactBook,
    "contact_groups": model.ContactGroup,
    "responses": model.Response,
    "contacts": model.Contact,
    "conversations": model.Conversation,
    "messages": model.Message,
    "comments": model.Comment,
    "conversation_tasks": model.ConversationTask,
    "drafts": model.Message,
    "posts": model.Post,
}
"""Every kind of row, parents before children."""

_PLACES = {
    "messages": "messages",
    "comments": "comments",
    "conversation_tasks": "tasks",
    "drafts": "drafts",
    "posts": "posts",
}
_ORDERS: dict[str, Any] = {
    "messages": attrgetter("order"),
    "comments": attrgetter("created_at", "id"),
    "conversation_tasks": attrgetter("last_activity_at", "id"),
    "drafts": attrgetter("created_at", "id"),
    "posts": attrgetter("created_at", "id"),
}


@dataclass
class Mail:
    """The state of one mail account.

    `version` counts changes: whoever caches something derived from rows compares it.
    """

    clock: OfficeClock
    owner: str = ""
    version: int = 0
    tables: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {kind: {} for kind in ROW_TYPES}
    )
    attachments: dict[str, model.Attachment] = field(default_factory=dict)
    _drawn: int = 0

    def rows(self, kind: str) -> dict[str, Any]:
        """Return all rows of a kind by id; raises `KeyError` for an unknown kind."""
        return self.tables[kind]

    def living(self, kind: str) -> list[Any]:
        """Return the rows of a kind that are not deleted."""
        return [row for row in self.tables[kind].values() if not row.deleted]

    @property
    def conversations(self) -> dict[str, model.Conversation]:
        """All conversations by id."""
        return self.tables["conversations"]

    @property
    def users(self) -> dict[str, model.User]:
        """All coworkers by id."""
        return self.tables["users"]

    @property
    def labels(self) -> dict[str, model.SharedLabel]:
        """All labels by id."""
        return self.tables["shared_labels"]

    def new_id(self) -> str:
        """Return an id for a row that is not generated."""
        self._drawn += 1
        return str(UUID(int=(0x51A9_0000_0000_4000_8000 << 48) + self._drawn))

    def add(self, kind: str, row: Any) -> Any:  # noqa: ANN401  # rows of several kinds
        """Add a row, to its conversation too, and return it."""
        self.tables[kind][row.id] = row
        if kind in _PLACES and row.conversation is not None:
            place = getattr(row.conversation, _PLACES[kind])
            insort(place, row, key=_ORDERS[kind])
        self.keep_files(getattr(row, "attachments", ()) if kind in ("messages", "drafts") else ())
        if kind == "comments" and row.attachment is not None:
            self.keep_files([row.attachment])
        return row

    def keep_files(self, files: Iterable[model.Attachment]) -> None:
        """Make files known to the attachments host."""
        for file in files:
            self.attachments[file.id] = file

    def take_out(self, kind: str, row: Any) -> None:  # noqa: ANN401  # rows of several kinds
        """Take a row out of its conversation; it stays in its table."""
        if kind in _PLACES and row.conversation is not None:
            getattr(row.conversation, _PLACES[kind]).remove(row)

    def move(self, kind: str, row: Any, target: model.Conversation) -> None:  # noqa: ANN401
        """Move a row to another conversation."""
        self.take_out(kind, row)
        row.conversation = target
        insort(getattr(target, _PLACES[kind]), row, key=_ORDERS[kind])

    def move_all(self, source: model.Conversation, target: model.Conversation) -> None:
        """Move everything in a conversation to another."""
        for kind, place in _PLACES.items():
            for row in list(getattr(source, place)):
                self.move(kind, row, target)

    def flags(self, conversation: model.Conversation) -> int:
        """Return the marks of the account's owner on a conversation."""
        return conversation.seats.get(self.owner, 0)

    def label_path(self, label: model.SharedLabel) -> str:
        """Return the names from the topmost parent to the label, joined by `/`."""
        names = [label.name]
        seen = {label.id}
        while label.parent in self.labels and label.parent not in seen:
            label = self.labels[label.parent]
            seen.add(label.id)
            names.append(label.name)
        return "/".join(reversed(names))
