"""The tap: its settings and its streams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pyrate_limiter import Duration, Rate
from singer_sdk import typing as th
from tap_kit.settings import COMMON_SETTINGS
from tap_kit.tap import KitTap

from tap_missive import memory
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

    from tap_kit.columns import Row

    from tap_missive.client import MissiveStream


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
            th.NumberType(minimum=0),
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

    def rates(self) -> list[Rate]:
        """Missive's limits; requests come one after the other, so never five at once (2)."""
        return [
            Rate(self.config["requests_per_minute"], Duration.MINUTE),
            Rate(self.config["requests_per_quarter_hour"], 15 * Duration.MINUTE),
        ]

    @property
    def limits_file(self) -> Path:
        """Where all runs with this token on this machine count their requests."""
        name = memory.account(self.config["api_url"], self.config["api_token"])
        return memory.default_folder() / f"{name}.requests.sqlite"

    def greet(self) -> Mapping[str, str]:
        """Ask for the organizations, which proves the token (fact sheet 1.2)."""
        return self._list("organizations").fetch({}).headers

    @cached_property
    def contact_books(self) -> list[Row]:
        """All contact books."""
        return list(self._list("contact_books").listing())  # type: ignore[attr-defined]

    def team_ids(self) -> list[str]:
        """Return the ids of all teams."""
        return [row["id"] for row in self._list("teams").listing()]  # type: ignore[attr-defined]

    def _list(self, name: str) -> MissiveStream:
        return self.streams[name]  # type: ignore[return-value]

    def discover_streams(self) -> list[MissiveStream]:
        """Return all streams: first the mail, then the lists that are read whole."""
        return [
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
