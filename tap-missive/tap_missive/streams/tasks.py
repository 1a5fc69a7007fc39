"""Tasks in and beside conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.columns import utc
from tap_kit.schema import key, moment, schema, text, texts

from tap_missive.client import LARGEST_PAGE, ChangesStream
from tap_missive.moments import epoch
from tap_missive.paging import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context
    from tap_kit.columns import Row


class ConversationTasks(ChangesStream):
    """Tasks, newest activity first (fact sheet 6.10).

    They cannot be asked for from the bookmark on; the bookmark moves when all newer ones are read.
    A task shows up with its conversation, however old its activity is: so at times all are read.
    """

    name = "conversation_tasks"
    path = "tasks"
    envelope = "tasks"
    replication_key = "last_activity_at"
    schema = schema(
        key("id", "Id of the task.", th.StringType()),
        text("conversation_id", "Conversation; null for a task on its own."),
        text("title", "Title."),
        text("description", "What is to be done."),
        text("state", "`todo`, `in_progress` or `closed`."),
        text("type", "`task` or `conversation`."),
        texts("assignee_ids", "Users who have it."),
        text("team_id", "Team that has it."),
        moment("due_at", "When it is due."),
        moment("started_at", "When work on it began."),
        moment("closed_at", "When it was closed."),
        moment("last_activity_at", "When it last changed."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield the tasks that changed since the bookmark, or all, newest first."""
        is_sweep = self.is_sweep_due(self.config["full_sweep_hours"])
        down_to = epoch(self.start if is_sweep else self.since)
        for page in walk(self.page, self.placed_at, LARGEST_PAGE, down_to=down_to):
            yield from page.rows
            if is_sweep and page.rows and page.following is None:
                self.stream_state["swept_at"] = utc(self._tap.server_clock)
