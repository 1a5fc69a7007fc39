"""The `values` of a mutation: API names turned into attributes of rows, each value checked."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.mail.mail import ROW_TYPES

if TYPE_CHECKING:
    from planwerk_sandbox.office.mail import Mail

CONVERSATION = (
    *("id", "created_at", "last_activity_at", "subject", "color", "organization", "team"),
    *("users", "assignees", "shared_label_ids", "access"),
)
MESSAGE = (
    *("id", "conversation", "delivered_at", "created_at", "updated_at", "type", "author"),
    *("attachments", "subject", "body", "preview", "from_field", "to_fields", "cc_fields"),
    *("bcc_fields", "reply_to_fields", "email_message_id", "in_reply_to", "references"),
    *("external_id", "account_author", "account_recipients"),
)
_MEMBERS = {"conversations": CONVERSATION, "messages": MESSAGE, "drafts": MESSAGE}
_REFERENCES = {
    "organization": "organizations",
    "team": "teams",
    "share_with_team": "teams",
    "user": "users",
    "author": "users",
    "users": "users",
    "assignees": "users",
    "active_members": "users",
    "observers": "users",
    "share_with_users": "users",
    "parent": "shared_labels",
    "shared_labels": "shared_labels",
    "shared_label_ids": "shared_labels",
    "contact_book": "contact_books",
    "conversation": "conversations",
    "target": "conversations",
    "task": "conversation_tasks",
}
"""The kind of row that a value refers to, by one id or a list."""

_LISTS = (
    *("users", "assignees", "active_members", "observers", "share_with_users"),
    *("shared_labels", "shared_label_ids", "mentions", "infos", "memberships", "attachments"),
)
_CHOICES = {
    "access": ("full", "guest", "none"),
    "visibility": ("organization", "delegates"),
    "state": ("todo", "in_progress", "closed"),
}


def check(mail: Mail, kind: str, values: dict[str, Any], also: tuple[str, ...] = ()) -> None:
    """Raise `MutationError` for a value that rows of the kind do not have or that does not fit.

    Args:
        mail: The mail that the values refer to.
        kind: The kind of the row.
        values: Its values by API name.
        also: Names that the action knows besides.
    """
    columns = [field.name for field in fields(ROW_TYPES[kind]) if field.name != "deleted"]
    known = (*_MEMBERS.get(kind, columns), *also)
    for name, value in values.items():
        if name not in known:
            raise MutationError(
                f"Rows of {kind} have no value {name!r}; known are {', '.join(known)}."
            )
        if not (name == "users" and value == "all" and also):
            _check(mail, name, value)


def _check(mail: Mail, name: str, value: Any) -> None:  # noqa: ANN401  # any JSON
    if value is None:
        return
    if name in _LISTS and not isinstance(value, list):
        raise MutationError(f"{name} is a list, not {value!r}.")
    if name in _REFERENCES:
        kind = _REFERENCES[name]
        for row_id in value if isinstance(value, list) else [value]:
            if not isinstance(row_id, str) or row_id not in mail.rows(kind):
                raise MutationError(f"{name}: there is no row {row_id!r} among {kind}.")
    elif name.endswith("_at") and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise MutationError(f"{name} is a time in Unix seconds, not {value!r}.")
    elif name in _CHOICES and value not in _CHOICES[name]:
        raise MutationError(f"{name} is one of {', '.join(_CHOICES[name])}, not {value!r}.")
