"""The tap: its settings and its streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pyrate_limiter import Duration, Rate
from singer_sdk import typing as th
from tap_kit.settings import COMMON_SETTINGS
from tap_kit.tap import KitTap

from tap_teamwork.paging import LARGEST_PAGE
from tap_teamwork.streams import activity, labels, organisation, projects, tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def rates(self) -> list[Rate]:
        """One limit for the whole account (fact sheet 2)."""
        return [Rate(self.config["requests_per_minute"], Duration.MINUTE)]

    def greet(self) -> Mapping[str, str]:
        """Ask who we are, which proves site and key."""
        return self.streams["tasks"].fetch({}, "me.json").headers  # type: ignore[attr-defined,no-any-return]

    def discover_streams(self) -> list[TeamworkStream]:
        """Return all streams: first what moves daily, then the lists that are read whole."""
        return [
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
