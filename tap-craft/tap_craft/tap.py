"""The tap: its settings, its streams, and what all streams of a run want to know once."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import time
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

import platformdirs
from pyrate_limiter import Duration, InMemoryBucket, Rate
from singer_sdk import typing as th
from tap_kit.http import PatientLimiter, server_time
from tap_kit.settings import COMMON_SETTINGS
from tap_kit.state import is_flag, is_moment, is_text, is_texts
from tap_kit.stream import RefusedError
from tap_kit.tap import KitTap

from tap_craft.client import DAILY, DOCUMENTS, FLAVOURS, SPACE, incomplete
from tap_craft.kept_answers import KeptAnswers
from tap_craft.link import Link, link
from tap_craft.moments import moment
from tap_craft.streams.collections import CollectionItems, Collections
from tap_craft.streams.contents import DocumentContents
from tap_craft.streams.documents import Documents
from tap_craft.streams.folders import Folders
from tap_craft.streams.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from singer_sdk import Stream
    from tap_kit.columns import Row
    from tap_kit.http import Answer
    from tap_kit.state import Check

    from tap_craft.folders import Folder
    from tap_craft.listing import Listing

ONE_SECOND = dt.timedelta(seconds=1)


class TapCraft(KitTap):
    """Singer tap for Craft."""

    name = "tap-craft"
    package_name = "planwerk-tap-craft"
    config_jsonschema: ClassVar[dict] = th.PropertiesList(  # type: ignore[type-arg]
        th.Property(
            "api_url",
            th.StringType,
            required=True,
            secret=True,
            title="Link",
            description="Address of the link's API, which Craft shows where the link is made. "
            "Whoever knows it can read everything behind it.",
        ),
        th.Property(
            "api_key",
            th.StringType,
            secret=True,
            title="Key",
            description="Key of the link, if it asks for one.",
        ),
        th.Property(
            "flavour",
            th.StringType,
            allowed_values=list(FLAVOURS),
            title="Flavour",
            description="What the link shows: all documents of a `space`, selected `documents`, "
            "or `daily` notes and tasks. Without it the tap finds out.",
        ),
        th.Property(
            "requests_per_ten_seconds",
            th.IntegerType(minimum=1),
            default=45,
            title="Requests per ten seconds",
            description="Craft allows 50 from one address.",
        ),
        th.Property(
            "requests_per_minute",
            th.IntegerType(minimum=1),
            default=90,
            title="Requests per minute",
            description="Craft allows 100 in one space.",
        ),
        th.Property(
            "blocks_per_minute",
            th.IntegerType(minimum=1),
            default=18_000,
            title="Blocks per minute",
            description="Craft allows 20 000 in one space.",
        ),
        *COMMON_SETTINGS,
    ).to_dict()

    state_members: ClassVar[Mapping[str, Check]] = {
        "last_document": is_text,
        "read": is_text,
        "unplaced": is_text,
        "first_day": is_moment,
        "further_days": lambda days: is_texts(days) and all(map(is_moment, days)),
        "fingerprint": is_text,
        "was_empty": is_flag,
        "filled_scopes": is_texts,
    }

    def rates(self) -> list[Rate]:
        """Craft's limits of requests (fact sheet 7)."""
        return [
            Rate(self.config["requests_per_ten_seconds"], 10 * Duration.SECOND),
            Rate(self.config["requests_per_minute"], Duration.MINUTE),
        ]

    @property
    def limits_file(self) -> Path:
        """Where all runs on this machine count their requests, whichever link they use."""
        name = hashlib.sha256(self.link.host.encode()).hexdigest()[:16]
        return platformdirs.user_state_path("tap-craft") / f"{name}.requests.sqlite"

    @cached_property
    def kept_answers(self) -> KeptAnswers:
        """What earlier runs were told of collections."""
        folder = platformdirs.user_state_path("tap-craft")
        return KeptAnswers(folder / f"{self.link.digest}.collections.sqlite")

    @cached_property
    def link(self) -> Link:
        """The link of the settings."""
        # Up to its warnings it logs the addresses it asks for, and they are secret here.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        found = link(self.config["api_url"], self.config.get("api_key"))
        self.hidden.add([found.id])
        return found

    @cached_property
    def _blocks(self) -> PatientLimiter:
        rate = Rate(self.config["blocks_per_minute"], Duration.MINUTE)
        return PatientLimiter(
            InMemoryBucket([rate]),
            lambda seconds: self.progress.waits(seconds, "the limit of blocks"),
        )

    def count_blocks(self, number: int) -> None:
        """Count blocks that were read, and wait until that many may have been."""
        weight = min(number, self.config["blocks_per_minute"])
        if weight > 0:
            self._blocks.try_acquire("blocks", weight)

    @cached_property
    def _connection(self) -> tuple[Answer, float]:
        """What Craft says of the link, and when it did by this machine's stopwatch."""
        answer = self._documents.fetch({}, "connection")
        space = answer.body.get("space")
        if not isinstance(space, dict) or not space.get("id"):
            raise incomplete("connection", "the 'id' of the space")
        return answer, time.monotonic()

    def greet(self) -> Mapping[str, str]:
        """Ask what the link leads to, which proves it."""
        return self._connection[0].headers

    @cached_property
    def clock_reading(self) -> tuple[dt.datetime, float]:
        """The server's clock at the start of the run (fact sheet 3.1), and the stopwatch."""
        answer, answered_at = self._connection
        clock = answer.body.get("utc")
        said = moment(clock.get("time")) if isinstance(clock, dict) else None
        return said or server_time(answer.headers), answered_at

    @property
    def space_id(self) -> str:
        """Id of the space that the link leads to."""
        return str(self._space["id"])

    @property
    def today(self) -> dt.date:
        """The day in the space."""
        now = moment(self._space.get("time"))
        return (now or self.server_clock).date()

    @property
    def _space(self) -> Row:
        return self._connection[0].body["space"]  # type: ignore[no-any-return]

    def wait_out_the_second(self, changed_at: dt.datetime) -> None:
        """Wait until the second of a change is over.

        A second change in it would not be seen later: the moments that Craft lists are whole
        seconds.
        """
        wait = changed_at.replace(microsecond=0) - self.server_now + ONE_SECOND
        if dt.timedelta(0) < wait <= 2 * ONE_SECOND:
            time.sleep(wait.total_seconds())

    @cached_property
    def flavour(self) -> str:
        """What kind of link it is; Craft does not say, but offers less to the narrower ones."""
        self.greet()
        if self.config.get("flavour"):
            return str(self.config["flavour"])
        if self._is_offered(lambda: self.folder_tree):
            return SPACE
        return DOCUMENTS if self._is_offered(lambda: self._documents.everything) else DAILY

    def _is_offered(self, ask: Callable[[], object]) -> bool:
        try:
            ask()
        except RefusedError as refusal:
            if refusal.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return True

    @cached_property
    def folder_tree(self) -> list[Folder]:
        """All folders and built-in locations of a space, from the top down."""
        return self.ask_folder_tree()

    def ask_folder_tree(self) -> list[Folder]:
        """Ask for the folders as they are now."""
        return self._folders.tree()

    @cached_property
    def listing(self) -> Listing:
        """All documents."""
        return self._documents.listing()

    @cached_property
    def collections(self) -> list[Row]:
        """All collections."""
        return self._collections.items("collections")

    @cached_property
    def listed_tasks(self) -> list[Row]:
        """The tasks that the link lists."""
        return self._tasks.listed()

    @property
    def _documents(self) -> Documents:
        return self.streams["documents"]  # type: ignore[return-value]

    @property
    def _folders(self) -> Folders:
        return self.streams["folders"]  # type: ignore[return-value]

    @property
    def _collections(self) -> Collections:
        return self.streams["collections"]  # type: ignore[return-value]

    @property
    def _tasks(self) -> Tasks:
        return self.streams["tasks"]  # type: ignore[return-value]

    def discover_streams(self) -> list[Stream]:
        """Return all streams: first the contents, then the lists that are read whole."""
        return [
            self.rejected_rows,
            DocumentContents(self),
            Documents(self),
            Folders(self),
            Tasks(self),
            Collections(self),
            CollectionItems(self),
        ]


if __name__ == "__main__":
    TapCraft.cli()
