"""People, teams, labels, contacts and responses, in the shape of sections 6.7 to 6.10."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.office.mail import Mail
    from planwerk_sandbox.office.mail.model import (
        Contact,
        ContactBook,
        ContactGroup,
        Organization,
        Response,
        SharedLabel,
        Team,
        User,
    )


def organization(_: Context, row: Organization) -> Shape:
    """Write an organization."""
    return {"id": row.id, "name": row.name}


def named(row: Organization | None) -> Shape | None:
    """Write a reference to an organization."""
    return {"id": row.id, "name": row.name} if row else None


def user(at: Context, row: User) -> Shape:
    """Write a user; only the owner of the token is marked with `me`."""
    me = {"me": True} if row.id == at.mail.owner else {}
    return {"id": row.id, **me, **{k: v for k, v in coworker(row).items() if k != "id"}}


def coworker(row: User) -> Shape:
    """Write a user as author or assignee."""
    return {"id": row.id, "name": row.name, "email": row.email, "avatar_url": row.avatar_url}


def team(_: Context, row: Team) -> Shape:
    """Write a team."""
    return _plain(row)


def team_reference(mail: Mail, team_id: str | None) -> Shape | None:
    """Write a reference to a team."""
    row = mail.rows("teams").get(team_id or "")
    return {"id": row.id, "name": row.name, "organization": row.organization} if row else None


def shared_label(at: Context, row: SharedLabel) -> Shape:
    """Write a label with the names of its parents."""
    shape = _plain(row)
    path = at.mail.label_path(row)
    return {"id": row.id, "name": row.name, "name_with_parent_names": path} | shape


def contact_book(_: Context, row: ContactBook) -> Shape:
    """Write a contact book."""
    return _plain(row)


def contact_group(_: Context, row: ContactGroup) -> Shape:
    """Write a group: it tells neither its book nor its kind."""
    return {"id": row.id, "name": row.name}


def contact(at: Context, row: Contact) -> Shape:
    """Write a contact, or what is left of a deleted one; empty lists are absent (6.9)."""
    if row.deleted:
        return {"id": row.id, "deleted": True, "modified_at": at.time(row.modified_at)}
    groups = at.mail.rows("contact_groups")
    shape = _plain(row) | {"deleted": False, "modified_at": at.time(row.modified_at)}
    shape["memberships"] = [
        membership
        | {
            "group": {
                "id": membership["group"],
                "kind": groups[membership["group"]].kind,
                "name": groups[membership["group"]].name,
            }
        }
        for membership in row.memberships
        if membership.get("group") in groups
    ]
    return {k: v for k, v in shape.items() if v or k not in ("notes", "infos", "memberships")}


def response(at: Context, row: Response) -> Shape:
    """Write a canned response."""
    empty: Shape = {"to_fields": [], "cc_fields": [], "bcc_fields": [], "attachments": []}
    return _plain(row) | {"modified_at": at.time(row.modified_at)} | empty


def _plain(row: Any) -> Shape:  # noqa: ANN401  # rows whose attributes are their members
    return {f.name: getattr(row, f.name) for f in fields(row) if f.name != "deleted"}
