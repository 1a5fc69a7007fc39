"""A typed client of the control interface of the Missive half."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from planwerk_sandbox.client import ApiControl, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

Users = list[str] | Literal["all"] | None
"""Ids of users, all of a conversation, or None for the token's owner."""


class MissiveControl(ApiControl[str]):
    """The control interface of the Missive half."""

    _api = "missive"

    def label(self, *ids: str, label_ids: list[str]) -> list[Row]:
        """Add shared labels to conversations."""
        return self._act("label", "conversations", ids, shared_label_ids=label_ids)

    def unlabel(self, *ids: str, label_ids: list[str]) -> list[Row]:
        """Take shared labels from conversations."""
        return self._act("unlabel", "conversations", ids, shared_label_ids=label_ids)

    def trash(self, *ids: str, users: Users = None) -> list[Row]:
        """Trash conversations: for the token's owner, for some users or for `"all"`."""
        return self._personal("trash", ids, users)

    def junk(self, *ids: str, users: Users = None) -> list[Row]:
        """Mark conversations as spam: for the token's owner, for some users or for `"all"`."""
        return self._personal("junk", ids, users)

    def archive(self, *ids: str, users: Users = None) -> list[Row]:
        """Archive conversations: for the token's owner, for some users or for `"all"`."""
        return self._personal("archive", ids, users)

    def snooze(self, *ids: str, users: Users = None) -> list[Row]:
        """Snooze conversations: for the token's owner, for some users or for `"all"`."""
        return self._personal("snooze", ids, users)

    def restore(self, *ids: str, users: Users = None) -> list[Row]:
        """Take conversations out of trash and spam."""
        return self._personal("restore", ids, users)

    def restore_contacts(self, *ids: str) -> list[Row]:
        """Take deleted contacts back."""
        return self._act("restore", "contacts", ids)

    def close_conversations(self, *ids: str) -> list[Row]:
        """Close conversations for everybody."""
        return self._act("close", "conversations", ids)

    def reopen_conversations(self, *ids: str) -> list[Row]:
        """Reopen conversations."""
        return self._act("reopen", "conversations", ids)

    def close_tasks(self, *ids: str) -> list[Row]:
        """Close tasks."""
        return self._act("close", "conversation_tasks", ids)

    def assign(self, *ids: str, users: list[str]) -> list[Row]:
        """Assign conversations to users."""
        return self._act("assign", "conversations", ids, users=users)

    def unassign(self, *ids: str, users: Users = None) -> list[Row]:
        """Take conversations from some users or from everybody."""
        return self._personal("unassign", ids, users)

    def merge(self, source: str, target: str, **subject: str) -> Row:
        """Merge a conversation into another and return the one that is left."""
        return self._act("merge", "conversations", [source], target=target, **subject)[0]

    def hide(self, *ids: str) -> list[Row]:
        """Take the token's owner the access to conversations."""
        return self._act("hide", "conversations", ids)

    def reveal(self, *ids: str) -> list[Row]:
        """Give the token's owner access to conversations; their activity does not move."""
        return self._act("reveal", "conversations", ids)

    def make_guest(self, *ids: str) -> list[Row]:
        """Make the token's owner a guest of conversations."""
        return self._act("make_guest", "conversations", ids)

    def make_full(self, *ids: str) -> list[Row]:
        """Make the token's owner a full user of conversations."""
        return self._act("make_full", "conversations", ids)

    def add_message(self, conversation: str | None = None, **values: Any) -> Row:  # noqa: ANN401
        """Deliver a message into a conversation, or into a new one."""
        return self.create("messages", conversation=conversation, **values)

    def move_messages(self, *ids: str, conversation: str) -> list[Row]:
        """Move messages to another conversation."""
        return self._act("move", "messages", ids, conversation=conversation)

    def redact(self, *ids: str) -> list[Row]:
        """Hide the text of messages from the token's owner."""
        return self._act("redact", "messages", ids)

    def unredact(self, *ids: str) -> list[Row]:
        """Show the text of messages again."""
        return self._act("unredact", "messages", ids)

    def add_comment(self, conversation: str, body: str, **values: Any) -> Row:  # noqa: ANN401
        """Write a comment into a conversation."""
        return self.create("comments", conversation=conversation, body=body, **values)

    def attachment_requests(self) -> list[dict[str, Any]]:
        """Return what the attachments host was asked, and whether a token came with it."""
        asked: list[dict[str, Any]] = self._call("GET", "/missive/attachment-requests")["requests"]
        return asked

    def clear_attachment_requests(self) -> None:
        """Forget what the attachments host was asked."""
        self._call("DELETE", "/missive/attachment-requests")

    def _personal(self, action: str, ids: Iterable[str], users: Users) -> list[Row]:
        chosen = {} if users is None else {"users": users}
        return self._act(action, "conversations", ids, **chosen)
