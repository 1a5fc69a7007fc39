"""What people do to conversations besides writing into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from planwerk_sandbox.control.errors import MutationError
from planwerk_sandbox.office.mail.model import FLAG

if TYPE_CHECKING:
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.mail import Mail
    from planwerk_sandbox.office.mail.model import Access, Conversation

Values = dict[str, Any]
Users = list[str] | Literal["all"]

PERSONAL = {"trash": "trashed", "junk": "junked", "archive": "archived", "snooze": "snoozed"}
"""Actions that set one mark, for the users in `users` or for the token's owner."""

ACTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*PERSONAL, "restore", "assign", "unassign"), ("users",)),
    **dict.fromkeys(("close", "reopen", "hide", "reveal", "make_guest", "make_full"), ()),
    **dict.fromkeys(("label", "unlabel"), ("shared_label_ids",)),
    "merge": ("target", "subject"),
}
"""The values that each action knows."""

_ACCESS: dict[str, Access] = {
    "hide": "none",
    "make_guest": "guest",
    "reveal": "full",
    "make_full": "full",
}
_ACTIVITY = ("close", "reopen", "assign", "unassign")
_RESTORED = FLAG["trashed"] | FLAG["junked"]


def check(mail: Mail, action: str, row: Conversation, values: Values) -> None:
    """Raise `MutationError` if an action does not fit a conversation."""
    unknown = set(values) - set(ACTIONS[action])
    if unknown:
        raise MutationError(f"{action} knows no value {', '.join(sorted(unknown))}.")
    if action in ("label", "unlabel") and not values.get("shared_label_ids"):
        raise MutationError(f'To {action}, send {{"values": {{"shared_label_ids": [...]}}}}.')
    if action == "assign" and not isinstance(values.get("users"), list):
        raise MutationError('To assign, send {"values": {"users": [...]}}.')
    if action == "merge":
        target = mail.conversations.get(values.get("target", ""))
        if target is None or target is row or target.deleted or target.merged_into or row.deleted:
            raise MutationError("To merge, send the id of another living conversation as `target`.")
    if row.merged_into is not None:
        raise MutationError(f"Conversation {row.id} was merged into {row.merged_into}.")
    if action in (*PERSONAL, "restore"):
        for user in _users(mail, row, values):
            if user not in row.seats:
                raise MutationError(f"User {user} has no part in conversation {row.id}.")


def act(
    mail: Mail, settings: MissiveSettings, action: str, row: Conversation, values: Values
) -> Conversation:
    """Carry out a checked action in the present second.

    Returns:
        The changed conversation; after a merge the one that is left.
    """
    if action == "merge":
        return _merge(mail, settings, row, values)
    if action in _ACCESS:
        _give_access(mail, row, _ACCESS[action])
    elif action in ("label", "unlabel"):
        _label(row, action, values["shared_label_ids"])
    elif action in ("assign", "unassign"):
        _assign(row, action, values.get("users") or "all")
    elif action in ("close", "reopen"):
        for user in row.seats:
            _mark(row, user, "closed", on=action == "close")
    else:
        for user in _users(mail, row, values):
            if action == "restore":
                row.seats[user] &= ~_RESTORED
            else:
                _mark(row, user, PERSONAL[action], on=True)
    if (
        action in _ACTIVITY
        or (settings.labels_move_activity and action in ("label", "unlabel"))
        or (settings.trash_moves_activity and action in ("trash", "junk", "restore"))
    ):
        row.last_activity_at = mail.clock.epoch()
    return row


def _give_access(mail: Mail, row: Conversation, access: Access) -> None:
    row.access = access
    if access == "full":
        row.seats.setdefault(mail.owner, 0)
    else:
        row.seats.pop(mail.owner, None)


def _users(mail: Mail, row: Conversation, values: Values) -> list[str]:
    users: Users = values.get("users") or [mail.owner]
    return list(row.seats) if users == "all" else users


def _mark(row: Conversation, user: str, name: str, *, on: bool) -> None:
    row.seats[user] = row.seats[user] | FLAG[name] if on else row.seats[user] & ~FLAG[name]


def _assign(row: Conversation, action: str, users: Users) -> None:
    for user in list(row.seats) if users == "all" else users:
        row.seats.setdefault(user, 0)
        _mark(row, user, "assigned", on=action == "assign")
    nobody = not any(flags & FLAG["assigned"] for flags in row.seats.values())
    for user in row.seats:
        _mark(row, user, "unassigned", on=nobody and row.team is not None)


def _label(row: Conversation, action: str, labels: list[str]) -> None:
    if action == "label":
        row.labels = list(dict.fromkeys([*row.labels, *labels]))
    else:
        row.labels = [label for label in row.labels if label not in labels]


def _merge(
    mail: Mail, settings: MissiveSettings, row: Conversation, values: Values
) -> Conversation:
    """Move everything into one of two conversations; which one is left is Missive's choice."""
    gone, left = row, mail.conversations[values["target"]]
    if settings.merge_survivor == "source":
        gone, left = left, gone
    mail.move_all(gone, left)
    _label(left, "label", gone.labels)
    for user, flags in gone.seats.items():
        left.seats.setdefault(user, flags)
    left.last_activity_at = max(left.last_activity_at, gone.last_activity_at)
    left.subject = values.get("subject", left.subject)
    gone.merged_into = left.id
    return left
