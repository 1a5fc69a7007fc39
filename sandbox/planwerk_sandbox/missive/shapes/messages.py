"""Messages and drafts, in the shape of sections 6.2 and 6.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.missive.shapes.catalogue import coworker
from planwerk_sandbox.missive.shapes.conversations import embedded
from planwerk_sandbox.missive.shapes.files import attachment
from planwerk_sandbox.office.mail import letters

if TYPE_CHECKING:
    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.office.mail.letters import Letter
    from planwerk_sandbox.office.mail.model import Message, Party

_REFERENCES = 8
_RECIPIENTS = ("to_fields", "cc_fields", "bcc_fields", "reply_to_fields")
_REDACTED = ("body", "preview", *_RECIPIENTS)


def listed(at: Context, row: Message) -> Shape:
    """Write a message as lists show it: without body and conversation."""
    shape = _without_body(at, row, letters.write(row))
    return _redacted(at, row, shape)


def full(at: Context, row: Message) -> Shape:
    """Write a message fetched by id: with its body and its conversation."""
    letter = letters.write(row)
    changed = row.changes or {}
    shape = _without_body(at, row, letter)
    del shape["draft"]
    shape["body"] = changed.get("body", letter.body)
    shape["conversation"] = embedded(at, row.conversation)
    return _redacted(at, row, shape)


def draft(at: Context, row: Message) -> Shape:
    """Write a draft: a message that is not sent and has no Message-ID."""
    shape = listed(at, row) | {"draft": True, "delivered_at": None}
    for name in ("email_message_id", "in_reply_to", "references"):
        shape.pop(name, None)
    return shape


def _without_body(at: Context, row: Message, letter: Letter) -> Shape:
    changed = dict(row.changes or {})
    body = changed.pop("body", letter.body)
    is_mail = row.thread.channel == "email"
    user = at.mail.users.get(row.sender.user_id or "")
    shape: Shape = {"id": row.id}
    if is_mail:
        shape["subject"] = letters.subject(row)
    shape |= {
        "draft": False,
        "preview": letters.preview(body or "") if is_mail else (body or "")[:130],
        "type": row.thread.channel,
        "delivered_at": at.maybe_time(row.delivered_at),
        "updated_at": at.time(row.updated_at),
        "created_at": at.time(row.created_at),
        "from_field": _field(row.sender, shouted=letter.shouted),
        "attachments": [attachment(at, file) for file in row.attachments],
        "author": coworker(user) if user else None,
    }
    if is_mail:
        earlier = range(max(row.position - _REFERENCES, 0), row.position)
        shape |= {
            "email_message_id": letters.email_id(row),
            "in_reply_to": [letters.email_id(row, place) for place in earlier[-1:]],
            "references": [letters.email_id(row, place) for place in earlier],
            "to_fields": [_field(party) for party in letter.to],
            "cc_fields": [_field(party) for party in letter.cc],
            "bcc_fields": [_field(party) for party in letter.bcc],
            "reply_to_fields": [_field(party) for party in letter.reply_to],
        }
    else:
        shape |= {"references": [], "external_id": f"SM{row.seed:012x}"}
    return shape | changed


def _field(party: Party, *, shouted: bool = False) -> Shape:
    if party.address is None:
        number = party.phone or ""
        return {"id": number, "name": party.name, "username": number}
    address = party.address.upper() if shouted else party.address
    return {"address": address} if party.name is None else {"name": party.name, "address": address}


def _redacted(at: Context, row: Message, shape: Shape) -> Shape:
    """Take out what the owner of the token may not read (6.2)."""
    if not row.redacted or at.truthful:
        return shape
    if at.settings.redacted_keys == "missing":
        return {name: value for name, value in shape.items() if name not in _REDACTED}
    return shape | {name: None for name in _REDACTED if name in shape}
