"""What colleagues write to each other beside the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.schema import key, moment, schema, structure, structures, text

from tap_missive.streams.conversations import Conversations
from tap_missive.visits import ChildStream, visits_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context
    from tap_kit.columns import Row

    from tap_missive.visits import Visit, Visits


class Comments(ChildStream):
    """Comments of the conversations with new activity (fact sheet 6.4).

    An edit leaves no trace, so the newest ones are read again with every visit.
    """

    name = "comments"
    path = "conversations/{id}/comments"
    envelope = "comments"
    parent_stream_type = Conversations
    placed_by = "created_at"
    schema = schema(
        key("id", "Id of the comment.", th.StringType()),
        text("conversation_id", "Conversation."),
        text("body", "Text; null for a file alone."),
        structures("mentions", "Who is mentioned where in the text."),
        structure("author", "Who wrote it: `id`, `name`, `email`."),
        structure("attachment", "File; its address without the signature, which expires."),
        structure("task", "Task made of it: `description`, `state`, `due_at`, `assignees` ..."),
        structures("meta", "Undocumented."),
        moment("created_at", "When it was written."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:
        """Yield the comments of the conversations to be read."""
        visits = visits_in(context)
        for visit in visits.visits:
            for row in self._comments(visit, visits):
                yield {**row, "conversation_id": visit.id}

    def _comments(self, visit: Visit, visits: Visits) -> list[Row]:
        answer_key = f"comments of {visit.key}"
        rows: list[Row] | None = visits.answers.recall(answer_key)
        if rows is None:
            pages = self.pages(visit, down_to=self.floor(visit))
            rows = [row for page in pages for row in page.rows]
            if not visit.is_gone and not self.has_lost_rows:
                visits.answers.remember({answer_key: rows})
        return rows
