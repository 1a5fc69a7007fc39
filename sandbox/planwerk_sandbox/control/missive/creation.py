"""New rows: what a mutation says of them, and what Missive would fill in."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.mail.mail import MESSAGES_PER_CONVERSATION, ROW_TYPES
from planwerk_sandbox.office.mail.model import (
    FLAG,
    Attachment,
    Conversation,
    Message,
    Party,
    Thread,
)

if TYPE_CHECKING:
    from planwerk_sandbox.office.mail import Mail

Values = dict[str, Any]

_TYPED = ("id", "conversation", "delivered_at", "created_at", "updated_at", "type", "author")
_IN_CONVERSATIONS = ("comments", "drafts", "posts")


def check_complete(kind: str, values: Values) -> None:
    """Raise `MutationError` if a value is missing that nothing can be taken for."""
    wanted: list[str] = []
    if kind in _IN_CONVERSATIONS:
        wanted = ["conversation"]
    if kind not in ("conversations", "messages", "drafts"):
        wanted += [
            f.name
            for f in fields(ROW_TYPES[kind])
            if f.default is MISSING
            and f.default_factory is MISSING
            and f.name not in ("id", "conversation", "organization")
            and not f.name.endswith("_at")
        ]
    missing = [name for name in wanted if values.get(name) is None]
    if missing:
        raise MutationError(f"To create a row of {kind}, send {', '.join(missing)} too.")


def create(mail: Mail, kind: str, values: Values) -> Any:  # noqa: ANN401  # rows of several kinds
    """Add a row of checked values in the present second."""
    if kind == "conversations":
        return conversation(mail, values)
    if kind in ("messages", "drafts"):
        return _message(mail, kind, values)
    now = mail.clock.epoch()
    attributes = {"id": mail.new_id(), **values}
    for field in fields(ROW_TYPES[kind]):
        if field.default is not MISSING or field.name in attributes:
            continue
        if field.name.endswith("_at"):
            attributes[field.name] = now
        elif field.name == "organization":
            attributes[field.name] = next(iter(mail.rows("organizations")))
    if attributes.get("conversation") is not None:
        attributes["conversation"] = mail.conversations[attributes["conversation"]]
    if kind == "comments":
        attributes.setdefault("author", next(u for u in mail.users if u != mail.owner))
        if attributes.get("attachment") is not None:
            attributes["attachment"] = files(mail, [attributes["attachment"]])[0]
        attributes["conversation"].last_activity_at = now
    return mail.add(kind, ROW_TYPES[kind](**attributes))


def conversation(mail: Mail, values: Values) -> Conversation:
    """Add a conversation; without users it is the owner's alone."""
    now = mail.clock.epoch()
    seats = dict.fromkeys(values.get("users") or [mail.owner], 0)
    for user in values.get("assignees") or ():
        seats[user] = FLAG["assigned"]
    row = Conversation(
        id=values.get("id") or mail.new_id(),
        created_at=values.get("created_at", now),
        last_activity_at=values.get("last_activity_at", now),
        subject=values.get("subject"),
        color=values.get("color"),
        organization=values.get("organization", next(iter(mail.rows("organizations")))),
        team=values.get("team"),
        seats=seats,
        labels=list(values.get("shared_label_ids") or ()),
        access=values.get("access", "full"),
    )
    added: Conversation = mail.add("conversations", row)
    return added


def files(mail: Mail, sent: list[Values]) -> tuple[Attachment, ...]:
    """Build attachments from their members in the API's shape.

    Raises:
        MutationError: If a member is unknown.
    """
    try:
        return tuple(
            Attachment(
                **{
                    "id": mail.new_id(),
                    "filename": None,
                    "media_type": "application",
                    "sub_type": "pdf",
                    "size": 1_000,
                    **file,
                }
            )
            for file in sent
        )
    except TypeError as error:
        raise MutationError(f"attachments: {error}.") from None


def _message(mail: Mail, kind: str, values: Values) -> Message:
    now = mail.clock.epoch()
    parent, last = _place(mail, values.get("conversation"))
    writer = sender(mail, values)
    channel = values.get("type", "email")
    subject = values.get("subject", parent.subject or "Rückfrage")
    number = 0x7000_0000 + int(mail.new_id()[-8:], 16)
    thread = Thread(number, channel, False, subject, "2417", (writer, _owner(mail)))  # noqa: FBT003
    position = 0
    # A reply goes on in the thread of the last message, so that references and prefix fit.
    if last is not None and last.thread.channel == channel == "email" and "subject" not in values:
        thread, position = last.thread, last.position + 1
    row = Message(
        id=values.get("id") or mail.new_id(),
        conversation=parent,
        thread=thread,
        position=position,
        seed=number,
        sender=writer,
        delivered_at=None if kind == "drafts" else values.get("delivered_at", now),
        created_at=values.get("created_at", now),
        updated_at=values.get("updated_at", now),
        attachments=files(mail, values.get("attachments") or []),
        changes={k: v for k, v in values.items() if k not in (*_TYPED, "attachments")},
    )
    if kind == "messages":
        parent.last_activity_at = now
    added: Message = mail.add(kind, row)
    return added


def _place(mail: Mail, row_id: str | None) -> tuple[Conversation, Message | None]:
    """Return the conversation of a new message and the message before it.

    That is the named conversation or, where it is full, a new one with the same users and labels.
    """
    if row_id is None:
        return conversation(mail, {}), None
    row = mail.conversations[row_id]
    last = row.messages[-1] if row.messages else None
    if len(row.messages) < MESSAGES_PER_CONVERSATION:
        return row, last
    following = conversation(
        mail,
        {
            "subject": row.subject,
            "organization": row.organization,
            "team": row.team,
            "users": list(row.seats),
            "shared_label_ids": row.labels,
            "access": row.access,
        },
    )
    return following, last


def sender(mail: Mail, values: Values) -> Party:
    """Return who writes a message: a coworker, who `from_field` names, or somebody outside."""
    if values.get("author") is not None:
        user = mail.users[values["author"]]
        return Party(user.name, user.email, user_id=user.id)
    given = values.get("from_field") or {"name": "Elektro Huber", "address": "info@huber.example"}
    return Party(given.get("name"), given.get("address"), given.get("username"))


def _owner(mail: Mail) -> Party:
    user = mail.users[mail.owner]
    return Party(user.name, user.email, user_id=user.id)
