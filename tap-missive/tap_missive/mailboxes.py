"""The mailboxes that conversations are listed from (fact sheet 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from singer_sdk.exceptions import FatalAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALL = "all"
"""The mailbox that says which conversations there are, but for trash and spam."""

SWEPT_ALWAYS = ("trashed", "junked")
"""Listed to the end in every run: a conversation keeps its place when it comes here."""

PERSONAL = (ALL, "inbox", "assigned", "closed", "snoozed", "flagged", "drafts", *SWEPT_ALWAYS)
OF_TEAMS = ("team_all", "team_inbox", "team_closed")


@dataclass(frozen=True)
class Mailbox:
    """One list of conversations.

    Attributes:
        parameter: The name that asks for it.
        value: `true` for a mailbox of the token's owner, else the id of the team.
    """

    parameter: str
    value: str = "true"

    @property
    def name(self) -> str:
        """Its name among the walks."""
        return f"{self.parameter}={self.value}"

    @property
    def query(self) -> dict[str, str]:
        """The parameter that asks for it."""
        return {self.parameter: self.value}


def mailboxes(setting: str, teams: Callable[[], Iterable[str]]) -> list[Mailbox]:
    """Return the mailboxes that the setting names.

    Args:
        setting: Names, separated by commas.
        teams: Returns the ids of all teams; asked for only if a mailbox of teams is named.

    Raises:
        FatalAPIError: If there is no mailbox of that name, or none at all.
    """
    names = list(dict.fromkeys(name.strip() for name in setting.split(",") if name.strip()))
    unknown = [name for name in names if name not in PERSONAL + OF_TEAMS]
    if unknown or not names:
        raise FatalAPIError(
            f"mailboxes (TAP_MISSIVE_MAILBOXES) names {_named(unknown)}; it takes "
            f"one or more of {', '.join(PERSONAL + OF_TEAMS)}, separated by commas."
        )
    found = [Mailbox(name) for name in names if name in PERSONAL]
    for name in names:
        if name in OF_TEAMS:
            found += [Mailbox(name, team) for team in teams()]
    return found


def _named(unknown: list[str]) -> str:
    """Return names that can be misspelt ones; anything else may be a secret in a wrong place."""
    known = max(map(len, PERSONAL + OF_TEAMS))
    return (
        ", ".join(
            name if len(name) <= known and name.replace("_", "").isalpha() else "something else"
            for name in unknown
        )
        or "nothing"
    )
