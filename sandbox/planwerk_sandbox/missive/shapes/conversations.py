"""Conversations, in the shape of section 6.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.missive.shapes import catalogue
from planwerk_sandbox.office.mail import letters
from planwerk_sandbox.office.mail.model import FLAG

if TYPE_CHECKING:
    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.office.mail.model import Conversation, Message, Party

_WEB = "mail.missiveapp.com/#inbox/conversations/"


def conversation(at: Context, row: Conversation) -> Shape:
    """Write a conversation as lists show it; a guest sees that it exists and when it moved."""
    if row.access == "guest" and not at.truthful:
        return {"id": row.id, "last_activity_at": at.time(row.last_activity_at)}
    labels = [at.mail.labels[label] for label in row.labels if not at.mail.labels[label].deleted]
    return {
        "id": row.id,
        "created_at": at.time(row.created_at),
        **_middle(at, row),
        "shared_label_names": ", ".join(label.name for label in labels),
        "last_activity_at": at.time(row.last_activity_at),
        "shared_labels": [catalogue.shared_label(at, label) for label in labels],
    }


def single(at: Context, row: Conversation) -> Shape:
    """Write a conversation fetched alone."""
    shape = conversation(at, row)
    if not at.settings.created_at_in_single:
        shape.pop("created_at", None)
    return shape


def embedded(at: Context, row: Conversation) -> Shape:
    """Write a conversation inside a full message: without times, labels by id and name."""
    labels = [at.mail.labels[label] for label in row.labels if not at.mail.labels[label].deleted]
    return {
        "id": row.id,
        **_middle(at, row),
        "shared_label_names": ", ".join(label.name for label in labels),
        "shared_labels": [{"id": label.id, "name": label.name} for label in labels],
    }


def _middle(at: Context, row: Conversation) -> Shape:
    mail = at.mail
    users = [
        _seat(mail.users[user], flags) for user, flags in row.seats.items() if user in mail.users
    ]
    assignees = [user for user in users if user["assigned"]]
    authors = _authors(row)
    return {
        "subject": row.subject,
        "latest_message_subject": _subject(row.messages[-1]) if row.messages else None,
        "organization": catalogue.named(mail.rows("organizations").get(row.organization or "")),
        "team": catalogue.team_reference(mail, row.team),
        "color": row.color,
        "assignees": assignees,
        "users": users,
        "assignee_names": ", ".join(user["name"] for user in assignees),
        "assignee_emails": ", ".join(user["email"] for user in assignees),
        "attachments_count": sum(len(message.attachments) for message in row.messages),
        "messages_count": len(row.messages),
        "authors": [_author(party) for party in authors],
        "external_authors": [_author(party) for party in authors if party.user_id is None],
        "drafts_count": len(row.drafts),
        "send_later_messages_count": 0,
        "tasks_count": len(row.tasks),
        "completed_tasks_count": sum(task.state == "closed" for task in row.tasks),
        "web_url": f"https://{_WEB}{row.id}",
        "app_url": f"missive://{_WEB}{row.id}",
    }


def _subject(message: Message) -> str | None:
    changed: str | None = (message.changes or {}).get("subject", letters.subject(message))
    return changed


def _seat(user: Any, flags: int) -> Shape:  # noqa: ANN401  # a user
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        **{name: bool(flags & bit) for name, bit in FLAG.items()},
    }


def _authors(row: Conversation) -> list[Party]:
    return list(dict.fromkeys(message.sender for message in row.messages))


def _author(party: Party) -> Shape:
    if party.address is None:
        return {"name": party.name, "phone_number": party.phone}
    return {"name": party.name, "address": party.address}
