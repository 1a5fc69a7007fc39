"""The mail itself: messages with their full text."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from singer_sdk import typing as th
from tap_kit.schema import flag, key, moment, schema, structure, structures, text, texts
from tap_kit.stream import ODD_FORMS, RefusedError
from tap_kit.unfit import Rejection

from tap_missive.news import has_all, has_all_new, new_or_changed
from tap_missive.plain_text import plain_text
from tap_missive.streams.conversations import Conversations
from tap_missive.visits import ChildStream, visits_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

    from tap_missive.spool import Spool
    from tap_missive.visits import Visit

REFUSED_BATCH = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_URI_TOO_LONG)


class Messages(ChildStream):
    """Messages of the conversations with new activity (fact sheet 6.2).

    A list within a conversation says which messages are new, but has no bodies; those are fetched
    by id, several at once and across conversations.
    """

    name = "messages"
    path = "conversations/{id}/messages"
    envelope = "messages"
    placed_by = "delivered_at"
    parent_stream_type = Conversations
    schema = schema(
        key("id", "Id of the message.", th.StringType()),
        text("conversation_id", "Conversation."),
        text("type", "Channel: `email`, `sms`, `custom_text` ..."),
        text("subject", "Subject; channels without one have null."),
        text("preview", "Beginning of the text."),
        text("body", "Text: HTML for mail; null where the token's owner may not read it."),
        text("body_text", "The body as plain text."),
        moment("delivered_at", "When it was sent or received."),
        moment("created_at", "When it came into Missive; an import may be years later."),
        moment("updated_at", "When Missive's record of it last changed."),
        text("email_message_id", "Message-ID of the mail; not unique."),
        texts("in_reply_to", "Message-IDs that it answers."),
        texts("references", "Message-IDs of its thread."),
        structure("from_field", "Sender: `name` and `address`, or `id`, `name`, `username`."),
        structures("to_fields", "Recipients."),
        structures("cc_fields", "Recipients of a copy."),
        structures("bcc_fields", "Recipients of a blind copy."),
        structures("reply_to_fields", "Where answers go."),
        structure("author", "Colleague who sent it; null for incoming mail."),
        structures("attachments", "Files; addresses without their signature, which expires."),
        flag("draft", "A draft."),
        text("external_id", "Id in a custom channel."),
        structure("account_author", "Sender in a custom channel."),
        structures("account_recipients", "Recipients in a custom channel."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:
        """Yield the new and changed messages of the conversations to be read."""
        visits = visits_in(context)
        due: dict[str, Visit] = {}
        for visit in visits.visits:
            for message in self._unread(visit, visits.answers):
                due[message] = visit
                if len(due) == self._batch_size:
                    yield from self._messages(due, visits.answers)
                    due = {}
        yield from self._messages(due, visits.answers)

    @property
    def _batch_size(self) -> int:
        return min(int(self.config["message_batch_size"]), self._largest_batch)

    _largest_batch = 50

    def rows_expected(self, visit: Visit) -> int | None:
        """How many messages the conversation had when it was listed."""
        return visit.messages_count

    def _unread(self, visit: Visit, answers: Spool) -> list[str]:
        """Return the ids of the messages whose bodies are to be fetched."""
        if visit.messages_count == 0:
            return []
        answer_key = f"messages of {visit.key}"
        answer = answers.recall(answer_key)
        if answer is None:
            rows, is_whole = self._listed(visit)
            if is_whole:
                self._check_count(rows, visit)
            has_older = is_whole and visit.before is not None and not has_all_new(rows, visit)
            ids = new_or_changed(rows, visit, self.floor(visit))
            answer = {"has_older_news": has_older, "ids": ids}
            if not (visit.is_gone or visit.is_incomplete or self.has_lost_rows):
                answers.remember({answer_key: answer})
        visit.has_older_news = bool(answer["has_older_news"])
        return list(answer["ids"])

    def _listed(self, visit: Visit) -> tuple[list[Row], bool]:
        """Return the rows of a conversation's list down to what was read before.

        The second value says whether that is the whole list.
        """
        rows: list[Row] = []
        floor = self.floor(visit)
        for page in self.pages(visit, down_to=None):
            rows += page.rows
            if has_all(rows, visit):
                return rows, True
            if floor is not None and page.oldest < floor and has_all_new(rows, visit):
                return rows, False
        return rows, True

    def _check_count(self, rows: list[Row], visit: Visit) -> None:
        """Have a conversation read once more if it was read whole and some of it is missing."""
        if len(rows) < (visit.messages_count or 0) and not (visit.is_second_try or visit.is_gone):
            visit.is_incomplete = True
            self.logger.warning(
                "Missive says that conversation %s has %d messages but lists %d; it is read again "
                "with the next full sweep.",
                visit.id,
                visit.messages_count,
                len(rows),
            )

    def _messages(self, due: dict[str, Visit], answers: Spool) -> Iterator[Row]:
        """Yield messages with their bodies."""
        keys = {message: f"message {message} of {visit.key}" for message, visit in due.items()}
        found = {message: answers.recall(key) for message, key in keys.items()}
        missing = [message for message, row in found.items() if row is None]
        fetched = {row["id"]: row for row in self._bodies(missing) if row["id"] in due}
        # Gone, mostly; but the answer may have lacked them by mistake.
        lacking = [message for message in missing if message not in fetched]
        fetched |= {row["id"]: row for row in self._bodies(lacking) if row["id"] in due}
        answers.remember({keys[message]: row for message, row in fetched.items()})
        for message, visit in due.items():
            row = found[message] or fetched.get(message)
            if row is None:
                visit.is_incomplete = True
                continue
            home = row.get("conversation") or {"id": visit.id}
            yield {**row, "conversation": home}

    def _bodies(self, ids: list[str]) -> Iterator[Row]:
        """Yield full messages; a batch that the server refuses is asked for in halves."""
        if not ids:
            return
        try:
            path = f"messages/{','.join(quote(message, safe='') for message in ids)}"
            yield from self.rows(self.fetch({}, path).body, path)
        except RefusedError as refusal:
            gone = refusal.status == HTTPStatus.NOT_FOUND
            if refusal.status not in REFUSED_BATCH or (len(ids) == 1 and not gone):
                raise
            if len(ids) == 1:
                return
            half = len(ids) // 2
            if not gone:
                self._largest_batch = half
            yield from self._bodies(ids[:half])
            yield from self._bodies(ids[half:])

    def reshape(self, row: Record) -> Record:
        """Add the plain text of the body."""
        row = super().reshape(row)
        if isinstance(row.get("body"), str):
            try:
                row["body_text"] = plain_text(row["body"], row.get("type"))
            except ODD_FORMS as error:
                reason = f"cannot be read out of the body ({type(error).__name__})"
                self.reject(Rejection(str(row["id"]), "body_text", reason, None))
        return row
