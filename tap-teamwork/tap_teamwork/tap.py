"""The tap: its settings and its streams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from pyrate_limiter import Duration, Rate
from singer_sdk import typing as th
from tap_kit.address import checked_address
from tap_kit.settings import COMMON_SETTINGS
from tap_kit.state import is_moment
from tap_kit.tap import KitTap

from tap_teamwork.paging import LARGEST_PAGE
from tap_teamwork.streams import activity, labels, organisation, projects, tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from singer_sdk import Stream
    from tap_kit.state import Check

    from tap_teamwork.client import TeamworkStream


class TapTeamwork(KitTap):
    """Singer tap for Teamwork.com."""

    name = "tap-teamwork"
    package_name = "planwerk-tap-teamwork"
    config_jsonschema: ClassVar[dict] = th.PropertiesList(  # type: ignore[type-arg]
        th.Property(
            "base_url",
            th.StringType,
            required=True,
            title="Site",
            description="Address of your site, for example https://yourcompany.teamwork.com.",
        ),
        th.Property(
            "api_key",
            th.StringType,
            required=True,
            secret=True,
            title="API key",
            description="API key of a site administrator (your profile, API & mobile).",
        ),
        th.Property(
            "requests_per_minute",
            th.IntegerType(minimum=1),
            default=140,
            title="Requests per minute",
            description="All users and integrations of a site share 150 (300 on the Scale plan).",
        ),
        th.Property(
            "page_size",
            th.IntegerType(minimum=1, maximum=LARGEST_PAGE),
            default=LARGEST_PAGE,
            title="Page size",
            description="Rows per request.",
        ),
        th.Property(
            "include_completed",
            th.BooleanType,
            default=True,
            title="Completed",
            description="Read completed tasks, tasklists and milestones too.",
        ),
        th.Property(
            "include_archived_projects",
            th.BooleanType,
            default=True,
            title="Archived projects",
            description="Read archived projects, and what belongs to them, too.",
        ),
        th.Property(
            "project_ids",
            th.ArrayType(th.IntegerType),
            title="Projects",
            description="Read only these projects and what belongs to them.",
        ),
        *COMMON_SETTINGS,
    ).to_dict()

    source_hint = (
        "Go back to the former base_url (TAP_TEAMWORK_BASE_URL). If it is the same site under a "
        "new name, clear the state: all is read again, and nothing is loaded twice. Another site "
        "needs a database of its own."
    )

    @property
    def source(self) -> str:
        """The site: its host, and the path below it if there is one."""
        address = urlsplit(self.site)
        return address.netloc.lower() + address.path

    @cached_property
    def site(self) -> str:
        """The address of the site, without a slash at its end."""
        return checked_address("base_url (TAP_TEAMWORK_BASE_URL)", self.config["base_url"])

    state_members: ClassVar[Mapping[str, Check]] = {
        tasks.DELETIONS_READ_UNTIL: is_moment,
    }

    def rates(self) -> list[Rate]:
        """One limit for the whole account (fact sheet 2)."""
        return [Rate(self.config["requests_per_minute"], Duration.MINUTE)]

    def greet(self) -> Mapping[str, str]:
        """Ask who we are, which proves site and key."""
        return self.stream("tasks").fetch({}, "me.json").headers

    def stream(self, name: str) -> TeamworkStream:
        """Return a stream by its name."""
        return self.streams[name]  # type: ignore[return-value]

    def discover_streams(self) -> list[Stream]:
        """Return all streams: first what moves daily, then the lists that are read whole."""
        return [
            self.rejected_rows,
            tasks.Tasks(self),
            activity.Timelogs(self),
            activity.Comments(self),
            projects.Tasklists(self),
            projects.Milestones(self),
            projects.Projects(self),
            projects.ProjectCategories(self),
            organisation.Companies(self),
            organisation.People(self),
            organisation.Teams(self),
            labels.Tags(self),
            labels.CustomFields(self),
            labels.Workflows(self),
            labels.Stages(self),
        ]


if __name__ == "__main__":
    TapTeamwork.cli()
