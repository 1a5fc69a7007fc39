"""Which conversations a mailbox shows (`api/missive.md`, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.missive.errors import bad_request, not_found
from planwerk_sandbox.office.mail.model import FLAG, Conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.missive.parameters import Parameters
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.mail import Mail

    Shows = Callable[[Conversation], bool]

_OWN = ("inbox", "all", "assigned", "closed", "snoozed", "flagged", "trashed", "junked", "drafts")
_OF_TEAMS = ("team_inbox", "team_closed", "team_all")
_AWAY = FLAG["trashed"] | FLAG["junked"]
_DONE = FLAG["archived"] | FLAG["closed"] | FLAG["snoozed"]


def chosen(
    mail: Mail, settings: MissiveSettings, query: Parameters
) -> tuple[tuple[str | None, ...], Shows]:
    """Return what a request lists: a key for it, and whether it shows a conversation.

    Raises:
        ApiError: 400 without exactly one mailbox; 404 for an unknown team or label, if so set.
    """
    own = [name for name in _OWN if query.flag(name)]
    named = {name: value for name in (*_OF_TEAMS, "shared_label") if (value := query.text(name))}
    if not own and not named:
        raise bad_request("You need to paginate at least one mailbox")
    if len(own) + len(named) > 1:
        raise bad_request("You can only paginate one mailbox")
    organization, email, domain = (query.text(n) for n in ("organization", "email", "domain"))
    if own:
        name, value = own[0], None
        shows = _own_mailbox(mail, settings, name)
    else:
        ((name, value),) = named.items()
        organization = None  # it has no effect on these mailboxes
        table = mail.rows("shared_labels" if name == "shared_label" else "teams")
        known = value in table and not table[value].deleted
        if not known and settings.unknown_mailbox_404:
            raise not_found()
        shows = _shared_mailbox(mail, name, value) if known else _nothing

    def narrowed(row: Conversation) -> bool:
        return (
            row.access != "none"
            and shows(row)
            and (organization is None or row.organization == organization)
            and (email is None or email.lower() in _addresses(row))
            and (domain is None or any(a.endswith(f"@{domain}") for a in _addresses(row)))
        )

    return (name, value, organization, email, domain), narrowed


def _own_mailbox(mail: Mail, settings: MissiveSettings, name: str) -> Shows:
    """Return what a mailbox of the token's owner shows; a guest has only `all`."""
    if name == "all":
        hidden = 0 if settings.all_includes_trashed else _AWAY
        return lambda row: not mail.flags(row) & hidden
    if name in ("trashed", "junked"):
        return lambda row: bool(mail.flags(row) & FLAG[name])
    if name == "drafts":
        return lambda row: bool(row.drafts) and not mail.flags(row) & _AWAY
    if name == "inbox":
        return lambda row: mail.owner in row.seats and not mail.flags(row) & (_AWAY | _DONE)
    return lambda row: bool(mail.flags(row) & FLAG[name]) and not mail.flags(row) & _AWAY


def _shared_mailbox(mail: Mail, name: str, value: str) -> Shows:
    """Return what the mailbox of a label or team shows to those who are no guests."""

    def shows(row: Conversation) -> bool:
        if row.access == "guest" or mail.flags(row) & _AWAY:
            return False
        if name == "shared_label":
            return value in row.labels
        if row.team != value:
            return False
        closed = all(flags & FLAG["closed"] for flags in row.seats.values())
        return name == "team_all" or closed == (name == "team_closed")

    return shows


def _nothing(_: Conversation) -> bool:
    return False


def _addresses(row: Conversation) -> set[str]:
    """Return everybody's address in a conversation."""
    parties = {party for message in row.messages for party in message.thread.cast}
    return {party.address.lower() for party in parties if party.address}
