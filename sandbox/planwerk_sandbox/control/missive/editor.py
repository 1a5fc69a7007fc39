"""Changes to the mail, as people, senders and rules would make them in Missive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.control.missive import conversations, creation, values
from planwerk_sandbox.office.mail.mail import ROW_TYPES
from planwerk_sandbox.office.mail.model import FLAG, Party

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.control.missive.truth import MissiveTruth
    from planwerk_sandbox.missive.context import Shape
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.mail import LazyMail, Mail

ACTIONS = ("edit", "delete", *conversations.ACTIONS, "move", "redact", "unredact")

_OWN_ACTIONS = {
    "conversations": (*conversations.ACTIONS,),
    "messages": ("move", "redact", "unredact"),
    "contacts": ("restore",),
    "conversation_tasks": ("close", "reopen"),
}
"""What can be done to rows of a kind besides `edit` and `delete`."""


_MOVED = {
    "contacts": "modified_at",
    "responses": "modified_at",
    "conversation_tasks": "last_activity_at",
}
"""The time that any change of a row moves, by kind."""


class MissiveEditor:
    """Carries out single changes in Missive."""

    actions = ACTIONS
    kinds = tuple(ROW_TYPES)

    def __init__(self, lazy: LazyMail, settings: MissiveSettings, truth: MissiveTruth) -> None:
        self._lazy = lazy
        self._settings = settings
        self._truth = truth

    @property
    def _mail(self) -> Mail:
        return self._lazy.mail

    def has(self, kind: str, row_id: Any) -> bool:  # noqa: ANN401  # any JSON
        """Whether there is such a row."""
        return isinstance(row_id, str) and row_id in self._mail.rows(kind)

    def create(self, kind: str, sent: Shape, tick: Callable[[], object]) -> Shape:
        """Create a row; raises `MutationError` if a value is unknown, missing or does not fit."""
        values.check(self._mail, kind, sent)
        creation.check_complete(kind, sent)
        tick()
        self._mail.version += 1
        return self._truth.shape(kind, creation.create(self._mail, kind, sent))

    def change(
        self,
        action: str,
        kind: str,
        row_id: Any,  # noqa: ANN401  # any JSON
        sent: Shape,
        tick: Callable[[], object],
    ) -> Shape:
        """Change a row; raises `MutationError` if the action or a value does not fit."""
        row = self._mail.rows(kind)[row_id]
        self._check(action, kind, row, sent)
        tick()
        self._mail.version += 1
        if kind == "conversations" and action in conversations.ACTIONS:
            row = conversations.act(self._mail, self._settings, action, row, sent)
        else:
            self._act(action, kind, row, sent)
        return self._truth.shape(kind, row)

    def _check(self, action: str, kind: str, row: Any, sent: Shape) -> None:  # noqa: ANN401
        if action not in ("edit", "delete", *_OWN_ACTIONS.get(kind, ())):
            raise MutationError(f"Rows of {kind} know no {action}.")
        if kind == "conversations" and action in conversations.ACTIONS:
            values.check(self._mail, kind, sent, conversations.ACTIONS[action])
        else:
            values.check(self._mail, kind, sent)
        if action == "edit" and (not sent or "id" in sent):
            raise MutationError("To edit, send `values`; an id stays as it is.")
        if action == "edit" and kind == "comments" and set(sent) != {"body"}:
            raise MutationError("Of a comment only the body can be edited.")
        if action == "restore" and kind == "contacts" and not row.deleted:
            raise MutationError(f"Row {row.id} of {kind} is not deleted.")
        if action != "restore" and row.deleted:
            raise MutationError(f"Row {row.id} of {kind} is deleted already.")
        if action == "move" and not isinstance(sent.get("conversation"), str):
            raise MutationError('To move, send {"values": {"conversation": id}}.')
        if kind == "conversations" and action in conversations.ACTIONS:
            conversations.check(self._mail, action, row, sent)

    def _act(self, action: str, kind: str, row: Any, sent: Shape) -> None:  # noqa: ANN401
        match action:
            case "edit":
                self._edit(kind, row, sent)
            case "delete":
                self._delete(kind, row)
            case "restore":
                row.deleted = False
            case "move":
                self._mail.move(kind, row, self._mail.conversations[sent["conversation"]])
            case "redact" | "unredact":
                row.redacted = action == "redact"
            case _:
                row.state = "closed" if action == "close" else "todo"
                row.closed_at = self._mail.clock.epoch() if action == "close" else None
        moved = _MOVED.get(kind)
        if moved is not None and moved not in sent:
            setattr(row, moved, self._mail.clock.epoch())

    def _delete(self, kind: str, row: Any) -> None:  # noqa: ANN401
        row.deleted = True
        self._mail.take_out(kind, row)
        if kind == "shared_labels":
            self._forget_label(row.id)

    def _edit(self, kind: str, row: Any, sent: Shape) -> None:  # noqa: ANN401
        if kind == "conversations":
            self._edit_conversation(row, sent)
            return
        self._mail.take_out(kind, row)
        if kind in ("messages", "drafts"):
            self._edit_message(row, sent)
        else:
            for name, value in sent.items():
                setattr(row, name, value)
            if isinstance(sent.get("conversation"), str):
                row.conversation = self._mail.conversations[sent["conversation"]]
        self._mail.add(kind, row)

    def _edit_conversation(self, row: Any, sent: Shape) -> None:  # noqa: ANN401
        for name, value in sent.items():
            match name:
                case "shared_label_ids":
                    row.labels = list(value)
                case "users":
                    row.seats = {user: row.seats.get(user, 0) for user in value}
                case "assignees":
                    for user in {*row.seats, *value}:
                        kept = row.seats.get(user, 0) & ~FLAG["assigned"]
                        row.seats[user] = kept | (FLAG["assigned"] if user in value else 0)
                case _:
                    setattr(row, name, value)

    def _edit_message(self, row: Any, sent: Shape) -> None:  # noqa: ANN401
        """Change a message, which moves its update time and nothing of its conversation."""
        row.updated_at = self._mail.clock.epoch()
        changes = dict(row.changes or {})
        for name, value in sent.items():
            match name:
                case "delivered_at" | "created_at" | "updated_at":
                    setattr(row, name, value)
                case "attachments":
                    row.attachments = creation.files(self._mail, value)
                case "author":
                    user = self._mail.users[value]
                    row.sender = Party(user.name, user.email, user_id=user.id)
                case "from_field":
                    row.sender = creation.sender(self._mail, sent)
                    changes[name] = value
                case "conversation":
                    row.conversation = self._mail.conversations[value]
                case _:
                    changes[name] = value
        row.changes = changes or None

    def _forget_label(self, label_id: str) -> None:
        """Take a deleted label from the conversations that carried it and from its children."""
        for row in self._mail.conversations.values():
            if label_id in row.labels:
                row.labels = [label for label in row.labels if label != label_id]
        for label in self._mail.labels.values():
            if label.parent == label_id:
                label.parent = None
