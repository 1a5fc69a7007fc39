"""The tap: its settings and its streams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pyrate_limiter import Duration, Rate
from singer_sdk import typing as th
from tap_kit.address import checked_address
from tap_kit.settings import COMMON_SETTINGS
from tap_kit.state import is_count, is_moment, is_number, is_object, is_text, is_texts
from tap_kit.stream import RefusedError
from tap_kit.tap import KitTap

from tap_missive import memory
from tap_missive.paging import LARGEST_SLICE
from tap_missive.streams import (
    comments,
    contacts,
    conversations,
    labels,
    messages,
    organisation,
    tasks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from singer_sdk import Stream
    from tap_kit.columns import Row
    from tap_kit.http import Answer
    from tap_kit.state import Check

    from tap_missive.client import MissiveStream


def is_known_books(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is what was read of each contact book: moments by the books' ids."""
    return is_texts(value) or (is_object(value) and all(map(is_moment, value.values())))


class TapMissive(KitTap):
    """Singer tap for Missive."""

    name = "tap-missive"
    package_name = "planwerk-tap-missive"
    config_jsonschema: ClassVar[dict] = th.PropertiesList(  # type: ignore[type-arg]
        th.Property(
            "api_token",
            th.StringType,
            required=True,
            secret=True,
            title="API token",
            description="Token of a user (in Missive: Settings, API). It sees what that user sees.",
        ),
        th.Property(
            "api_url",
            th.StringType,
            default="https://public.missiveapp.com/v1",
            title="API address",
            description="Address of the API.",
        ),
        th.Property(
            "mailboxes",
            th.StringType,
            default="all,trashed,junked",
            title="Mailboxes",
            description="Mailboxes to read, separated by commas. `team_all` adds those of teams.",
        ),
        th.Property(
            "message_batch_size",
            th.IntegerType(minimum=1, maximum=50),
            default=10,
            title="Message batch",
            description="Messages per request.",
        ),
        th.Property(
            "full_sweep_hours",
            th.IntegerType(minimum=0),
            default=24,
            title="Full sweep",
            description="Hours between two listings of all conversations, which show what does "
            "not count as activity: labels, trash, deletion.",
        ),
        th.Property(
            "requests_per_minute",
            th.IntegerType(minimum=1),
            default=290,
            title="Requests per minute",
            description="Missive allows 300.",
        ),
        th.Property(
            "requests_per_quarter_hour",
            th.IntegerType(minimum=1),
            default=880,
            title="Requests per quarter of an hour",
            description="Missive allows 900.",
        ),
        th.Property(
            "spool_folder",
            th.StringType,
            title="Spool folder",
            description="Where a run keeps what it has listed and read, so that it can be "
            "stopped, and which conversations it knows. Without it a folder of the user's.",
        ),
        *COMMON_SETTINGS,
    ).to_dict()

    state_members: ClassVar[Mapping[str, Check]] = {
        "delivered_before": is_number,
        "lineage": is_text,
        "confirmed": is_count,
        "run": is_text,
        "account": is_text,
        "owner": is_text,
        "contact_books": is_known_books,
        "filled": is_texts,
    }

    def rates(self) -> list[Rate]:
        """Missive's limits; requests come one after the other, so never five at once (2)."""
        return [
            Rate(self.config["requests_per_minute"], Duration.MINUTE),
            Rate(self.config["requests_per_quarter_hour"], 15 * Duration.MINUTE),
        ]

    @property
    def limits_file(self) -> Path:
        """Where all runs with this token on this machine count their requests."""
        return memory.default_folder() / f"{self.account}.requests.sqlite"

    @cached_property
    def address(self) -> str:
        """The root of the API, without a slash at its end."""
        return checked_address("api_url (TAP_MISSIVE_API_URL)", self.config["api_url"])

    def greet(self) -> Mapping[str, str]:
        """Ask for the organizations, which proves the token (fact sheet 1.2)."""
        return self.greeting.headers

    @cached_property
    def greeting(self) -> Answer:
        """The beginning of the list of organizations, which is the first request of every run."""
        return self._list("organizations").fetch({"limit": LARGEST_SLICE, "offset": 0})

    source_hint = (
        "Go back to a token (TAP_MISSIVE_API_TOKEN) of the former organization. If both are to be "
        "in one database, clear the state: all that the token can see is read, and nothing is "
        "marked as deleted."
    )

    @property
    def source(self) -> str:
        """The ids of the organizations that the token's owner belongs to."""
        organizations = self._list("organizations").rows(self.greeting.body)
        return " ".join(sorted(row["id"] for row in organizations))

    def is_source(self, known: str) -> bool:
        """Tell whether the token's owner still belongs to one of those organizations."""
        source = self.source
        return known == source or bool(set(known.split()) & set(source.split()))

    @property
    def account(self) -> str:
        """What tells this token from others, without telling the token."""
        return memory.account(self.config["api_url"], self.config["api_token"])

    @cached_property
    def users(self) -> list[Row]:
        """All users."""
        return list(self._list("users").listing())  # type: ignore[attr-defined]

    @cached_property
    def owner(self) -> str:
        """Id of the token's owner; empty if Missive does not say."""
        try:
            return next((row["id"] for row in self.users if row.get("me") is True), "")
        except RefusedError:
            return ""

    def is_owner_of(self, state: Mapping[str, Any]) -> bool:
        """Tell whether a state was written for the same user, if with a former token."""
        if state.get("account", self.account) == self.account:
            return True
        return bool(state.get("owner")) and state["owner"] == self.owner

    def claim(self, state: dict[str, Any]) -> None:
        """Note in a state whose it is; the owner is only asked for where the token is new."""
        if state.get("account") != self.account or "owner" not in state:
            state.update(account=self.account, owner=self.owner)

    @cached_property
    def contact_books(self) -> list[Row]:
        """All contact books."""
        return list(self._list("contact_books").listing())  # type: ignore[attr-defined]

    def team_ids(self) -> list[str]:
        """Return the ids of all teams."""
        return [row["id"] for row in self._list("teams").listing()]  # type: ignore[attr-defined]

    def _list(self, name: str) -> MissiveStream:
        return self.streams[name]  # type: ignore[return-value]

    def discover_streams(self) -> list[Stream]:
        """Return all streams: first the mail, then the lists that are read whole."""
        return [
            self.rejected_rows,
            conversations.Conversations(self),
            messages.Messages(self),
            comments.Comments(self),
            tasks.ConversationTasks(self),
            contacts.Contacts(self),
            contacts.ContactBooks(self),
            contacts.ContactGroups(self),
            labels.SharedLabels(self),
            organisation.Organizations(self),
            organisation.Users(self),
            organisation.Teams(self),
            organisation.Responses(self),
        ]


if __name__ == "__main__":
    TapMissive.cli()
