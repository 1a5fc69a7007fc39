"""Conversations: which ones changed, and in which order they are read."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from singer_sdk import typing as th
from singer_sdk.exceptions import FatalAPIError
from tap_kit.replication import FEW_ROWS, IncrementalStream
from tap_kit.schema import flag, integer, key, moment, schema, structure, structures, text, texts
from tap_kit.stream import RefusedError

from tap_missive import memory
from tap_missive.again import Again
from tap_missive.client import LARGEST_PAGE, MissiveStream
from tap_missive.ledger import Delivered, Ledger
from tap_missive.mailboxes import ALL, SWEPT_ALWAYS, mailboxes
from tap_missive.moments import epoch, iso
from tap_missive.paging import Page, walk
from tap_missive.spool import Spool
from tap_missive.visits import OUT_OF_REACH, Visits, due_visit, messages_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row
    from tap_kit.unfit import Rejection

    from tap_missive.mailboxes import Mailbox
    from tap_missive.spool import ListedRow
    from tap_missive.visits import Visit

GROUP = 50
"""Conversations that are read together; after each group the bookmark moves."""


class Conversations(MissiveStream, IncrementalStream):
    """Conversations (fact sheet 6.1).

    Missive lists them from the newest activity down. The list is spooled to disk and worked off
    from the oldest up, each conversation with its messages and comments, so that the bookmark can
    follow and a run that is stopped goes on where it was.
    """

    name = "conversations"
    path = "conversations"
    envelope = "conversations"
    replication_key = "last_activity_at"
    schema = schema(
        key("id", "Id of the conversation.", th.StringType()),
        text("subject", "Subject that somebody gave the conversation; mostly null."),
        text("latest_message_subject", "Subject of its newest message; null in a chat."),
        moment("created_at", "When it began."),
        moment("last_activity_at", "Last message, comment or change of status."),
        text("organization_id", "Organization; null for a private conversation."),
        structure("organization", "Its `id` and `name`."),
        text("team_id", "Team; null for none."),
        structure("team", "Its `id` and `name`."),
        text("color", "Colour: `#rrggbb`, `good`, `warning` or `danger`."),
        texts("assignee_ids", "Users who have it."),
        text("assignee_names", "Their names, for reading only: a name may hold a comma."),
        text("assignee_emails", "Their addresses, for reading only."),
        texts("shared_label_ids", "Its labels; an empty array means none, null unknown."),
        structures("shared_labels", "Its labels with all that is said of them."),
        text("shared_label_names", "Their names, for reading only: a name may hold a comma."),
        structures("users", "People with access, and for each: `trashed`, `closed` ..."),
        structures("authors", "Everybody who wrote a message."),
        structures("external_authors", "Those of them from outside the organization."),
        integer("messages_count", "Messages without drafts; 0 for a chat among colleagues."),
        integer("attachments_count", "Attachments."),
        integer("drafts_count", "Drafts."),
        integer("send_later_messages_count", "Messages that wait for their time."),
        integer("tasks_count", "Tasks."),
        integer("completed_tasks_count", "Completed tasks."),
        text("web_url", "Address in the browser."),
        text("app_url", "Address in the app."),
        flag("is_trashed", "In the trash of everybody with access; null where unknown."),
        flag("is_junked", "In the spam of everybody with access; null where unknown."),
        flag("is_guest", "The token's owner is a guest and sees no more than the id."),
        flag("is_deleted", "Gone: deleted, or out of the token owner's reach."),
        text("merged_into_id", "Conversation that it was merged into."),
    )

    spool: Spool
    ledger: Ledger
    _due: Mapping[str, Visit] = MappingProxyType({})
    """The conversations of the group under way that are to be read."""
    _accepted: list[Visit]
    """Those of them that the stream map has let through."""

    @cached_property
    def _again(self) -> Again:
        """The conversations that are to be read once more."""
        return Again(epoch(self.again_from))

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every conversation once, together with its messages and comments.

        What a stopped run has left in the spool comes first.
        """
        if self.ABORT_AT_RECORD_COUNT is not None:
            yield from self._sample(self.ABORT_AT_RECORD_COUNT)
            return
        setting, state = self.config.get("spool_folder"), self.stream_state
        folder = Path(setting) if setting else memory.default_folder()
        name, former = self._tap.account, state.get("account")
        is_same_owner = self._tap.is_owner_of(state)
        if former and former != name and is_same_owner:
            memory.take_over(folder, former, name)
        with memory.opened(folder, name) as database:
            self._open(database, is_same_owner=is_same_owner)
            if self.spool.started_at is not None:
                self.logger.info(
                    "Going on with the %d conversations in the spool.", len(self.spool)
                )
                yield from self._round()
            yield from self._round(self.ids_again)

    def _sample(self, size: int) -> Iterator[Row]:
        """Yield a few conversations, for a test of the connection, and leave no trace."""
        with closing(sqlite3.connect(":memory:")) as database:
            self._open(database, is_same_owner=True)
            mailbox = self._mailboxes()[0]
            rows, clock = self.page(None, where=mailbox.query)
            self.spool.add(mailbox.name, Page(rows[:size], clock, 0, None), self.placed_at)
            for group in self.spool.groups(GROUP):
                yield from self._deliver(group)

    def _open(self, database: sqlite3.Connection, *, is_same_owner: bool) -> None:
        state = self.stream_state
        self.spool, self.ledger = Spool(database), Ledger(database, state)
        if self.begins_earlier:
            # Those before the former start_date were never listed.
            state.pop("swept_at", None)
            state.pop("delivered_before", None)
        if state.get("replication_key_value") and not self.ledger.is_continued:
            state.pop("swept_at", None)
            if is_same_owner:
                self.logger.warning(
                    "What was delivered is not in the spool folder. All conversations are listed "
                    "once more; which ones went since the last run cannot be told."
                )
                state["delivered_before"] = epoch(self.since)
            else:
                self.logger.warning("The token is another user's: all it can see is read.")
                state.pop("delivered_before", None)
        self._tap.claim(state)
        started_at, swept_at = self.spool.started_at, epoch(state.get("swept_at"))
        if started_at and swept_at and started_at < swept_at:
            self.spool.clear()
        # Before the first record, so that the rows of a run that is stopped early are known.
        self._confirm()

    def _round(self, ids_again: Iterable[str] = ()) -> Iterator[Row]:
        """List what may have changed, then yield it from the oldest activity to the newest.

        Args:
            ids_again: Conversations to be read again, whether they have changed or not.
        """
        clock = self._tap.server_clock.timestamp()
        if self.spool.started_at is None:
            self.spool.begin(clock)
        is_sweep = self.is_sweep_due(self.config["full_sweep_hours"])
        self._list(self._start if is_sweep else epoch(self.since))
        self._list_again(ids_again)
        for rejection in self.spool.rejected():
            super().reject(rejection)
        if is_sweep and ALL in (mailbox.parameter for mailbox in self._mailboxes()):
            yield from self._vanished()
        yield from self._work_off()
        if is_sweep and self._is_all_listed:
            self.stream_state["swept_at"] = iso(self.spool.started_at or clock)
            self.stream_state.pop("delivered_before", None)
        self._confirm()
        self.spool.clear()

    def _work_off(self) -> Iterator[Row]:
        """Yield what is listed, the oldest activity first."""
        reached = None
        try:
            for group in self.spool.groups(GROUP, since=self._start or -math.inf):
                yield from self._deliver(group)
                reached = group[-1].activity
        except BaseException:
            if self.again_from and reached is not None:
                self.logger.warning(
                    "Stopped on the way of reading again; conversations with activity up to %s "
                    "were read. To go on from there, set read_again_from to it.",
                    iso(reached),
                )
            raise

    @property
    def _start(self) -> float | None:
        return epoch(self.config.get("start_date"))

    @property
    def _is_all_listed(self) -> bool:
        """Whether the mailbox of all conversations, if it was asked for, had any."""
        walks = [self.spool.walked(box.name) for box in self._mailboxes() if box.parameter == ALL]
        return all(walk is not None and walk.oldest < math.inf for walk in walks)

    def _list(self, down_to: float | None) -> None:
        """List all mailboxes into the spool, going on where a stopped run was."""
        for mailbox in self._mailboxes():
            floor = self._start if mailbox.parameter in SWEPT_ALWAYS else down_to
            walked = self.spool.walked(mailbox.name)
            if walked and walked.reaches(floor):
                continue
            pages = walk(
                partial(self.page, where=mailbox.query),
                self.placed_at,
                LARGEST_PAGE,
                until=walked.until if walked else None,
                down_to=floor,
                ask_twice=True,
            )
            for number, page in enumerate(pages):
                if not page.rows and not walked and number == 0:
                    self._refuse_emptiness(mailbox)
                self.spool.add(mailbox.name, page, self.placed_at)
                self._expect()
        self._expect()

    def _expect(self) -> None:
        self.progress.expect(self.progress.records + len(self.spool))

    def _list_again(self, ids: Iterable[str]) -> None:
        """List conversations, whether or not the mailboxes have them where they were listed."""
        missing = []
        for conversation in ids:
            clock = self._tap.server_now.timestamp()
            row = self._single(conversation)
            activity = self.placed_at(row) or clock
            if row["id"] is None or activity < (self._start or -math.inf):
                missing.append(conversation)
                continue
            # Of one that was merged, what it was merged into.
            self._again.add(row["id"])
            self.spool.add("read again", Page([row], clock, activity, None), self.placed_at)
        self.warn_of_missing(missing)

    def reject(self, rejection: Rejection) -> None:
        """Record what cannot be loaded; a listed row in every run until the list is worked off."""
        if rejection.row_id is None:
            self.spool.reject(rejection)
        super().reject(rejection)

    def _mailboxes(self) -> list[Mailbox]:
        return mailboxes(self.config["mailboxes"], self._tap.team_ids)

    def _refuse_emptiness(self, mailbox: Mailbox) -> None:
        if mailbox.parameter != ALL or self.config["allow_mass_delete"]:
            return
        delivered = self.ledger.count(since=self._start or 0)
        if delivered >= FEW_ROWS:
            raise FatalAPIError(
                f"Missive lists no conversation in mailbox '{mailbox.parameter}' where {delivered} "
                "are known. Nothing was marked as deleted and the bookmark stays. If the owner of "
                "the token lost access, give it back; if they are really gone, run once with "
                "allow_mass_delete: true."
            )

    def _vanished(self) -> Iterator[Row]:
        """Yield the marks of the conversations that a full listing no longer has."""
        since = self._start or 0
        delivered, listed = self.ledger.count(since), len(self.spool)
        if (
            delivered >= FEW_ROWS
            and listed * 2 < delivered
            and not self.config["allow_mass_delete"]
        ):
            self.spool.clear()
            raise FatalAPIError(
                f"Missive lists only {listed} conversations where {delivered} are known. Nothing "
                "was marked as deleted. If the owner of the token lost access, give it back; if "
                "they are really gone, run once with allow_mass_delete: true."
            )
        for conversation in self.ledger.unlisted(since):
            yield self._look_up(conversation)
        for conversation, merged_into_id in self.ledger.gone():
            yield _mark(conversation, merged_into_id)

    def _look_up(self, conversation: str) -> Row:
        """Return the row of a conversation that is not listed, or the mark of what became of it."""
        answer_key = f"look-up of {conversation}"
        row: Row | None = self.spool.recall(answer_key)
        if row is None:
            row = self._single(conversation)
            self.spool.remember({answer_key: row})
        if row["id"] == conversation:
            return row
        self.ledger.enter_gone(conversation, row["id"])
        return _mark(conversation, row["id"])

    def _single(self, conversation: str) -> Row:
        """Fetch one conversation; one that is gone has no id."""
        path = f"conversations/{quote(conversation, safe='')}"
        try:
            rows = self.rows(self.fetch({}, path).body, path)
        except RefusedError as refusal:
            if refusal.status not in OUT_OF_REACH:
                raise
            return {"id": None}
        if len(rows) != 1:
            raise FatalAPIError(
                f"Missive answered with {len(rows)} conversations for '{path}'. The run stops, "
                "because that does not tell whether it is gone; the next one asks again."
            )
        return rows[0]

    def _deliver(self, group: list[ListedRow]) -> Iterator[Row]:
        """Yield a group's rows, have what is new in them read, and move the bookmark."""
        entries = self.ledger.entries(listed.row["id"] for listed in group)
        delivered_before = self._delivered_before
        visits = (
            due_visit(
                listed,
                entries.get(listed.row["id"]),
                self._streams,
                delivered_before,
                is_again=self._again.wants(listed),
            )
            for listed in group
        )
        self._due = {visit.id: visit for visit in visits if visit}
        self._accepted = []
        due = set(self._due)
        # A loader may have a row of a group that is not finished: if it vanishes, it is missed.
        new = [listed for listed in group if listed.row["id"] not in entries]
        self.ledger.enter([self._entry(listed, is_read=False) for listed in new])
        for listed in group:
            yield listed.row
        self._due = {}
        if self._accepted:
            super()._sync_children({"visits": Visits(self._accepted, self.spool)})
        self._enter(group, entries, due)
        self._again.note(self._accepted)
        for visit in self._accepted:
            if visit.is_gone:
                yield self._look_up(visit.id)
        self._move_bookmark(group[-1].activity)

    @property
    def _delivered_before(self) -> float:
        bookmark = epoch(self.stream_state.get("replication_key_value"))
        delivered_before = self.stream_state.get("delivered_before")
        if bookmark is None or delivered_before is None:
            return -math.inf
        return min(float(delivered_before), bookmark)

    @property
    def _streams(self) -> set[str]:
        """The selected streams within conversations."""
        return {child.name for child in self.child_streams if child.selected}

    def _enter(self, group: list[ListedRow], entries: dict[str, Delivered], due: set[str]) -> None:
        """Enter into the ledger what was delivered of a group."""
        accepted = {visit.id: visit for visit in self._accepted}
        delivered = []
        for listed in group:
            conversation = listed.row["id"]
            visit = accepted.get(conversation)
            is_known = conversation in entries and bool(self._streams)
            if not visit and (conversation in due or is_known):
                continue
            is_incomplete = bool(visit and visit.is_incomplete)
            is_read = bool(self._streams) and not is_incomplete and not (visit and visit.is_gone)
            delivered.append(self._entry(listed, is_read=is_read, is_incomplete=is_incomplete))
        self.ledger.enter(delivered)
        self.spool.forget_old_answers()

    def _entry(self, listed: ListedRow, *, is_read: bool, is_incomplete: bool = False) -> Delivered:
        return Delivered(
            id=listed.row["id"],
            activity=listed.activity,
            listed_at=listed.listed_at,
            read_up_to=listed.activity if is_read else None,
            messages_read=messages_count(listed.row),
            was_incomplete=is_incomplete,
            streams=" ".join(sorted(self._streams)),
        )

    def _move_bookmark(self, activity: float) -> None:
        state = self.stream_state
        # What got active while it was listed may have moved above the listing's beginning.
        clock = self._tap.server_clock.timestamp()
        reached = iso(min(activity, clock, self.spool.started_at or clock))
        state["replication_key"] = self.replication_key
        state["replication_key_value"] = max(reached, state.get("replication_key_value") or "")
        self._confirm()

    def _confirm(self) -> None:
        """Send the state: all that was entered so far has been sent before it."""
        self.stream_state.update(self.ledger.confirmation())
        self.state_manager.is_flushed = False
        self._write_state_message()

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Do nothing: the bookmark moves with the group, after its messages and comments."""

    def generate_child_contexts(
        self,
        record: Record,
        context: Context | None,  # noqa: ARG002
    ) -> Iterable[Context | None]:
        """Yield the conversation if it is to be read; a stream map may still refuse it."""
        if record["id"] in self._due:
            yield {"conversation": record["id"]}

    def _sync_children(self, child_context: Context | None) -> None:
        """Take a conversation into the group: messages are fetched for several at once."""
        if child_context:
            self._accepted.append(self._due[child_context["conversation"]])

    def reshape(self, row: Record) -> Record:
        """Say for whom the conversation is in trash or spam, and whether only a shell was sent."""
        row = super().reshape(row)
        if _MARK in row:
            return row
        users = row.get("users")
        if isinstance(users, list):
            flags = [user if isinstance(user, dict) else {} for user in users]
            row["is_trashed"] = bool(flags) and all(user.get("trashed") for user in flags)
            row["is_junked"] = bool(flags) and all(user.get("junked") for user in flags)
        return {**row, _MARK: False, "is_guest": "messages_count" not in row}


_MARK = "is_deleted"


def _mark(conversation: str, merged_into_id: str | None) -> Row:
    return {"id": conversation, _MARK: merged_into_id is None, "merged_into_id": merged_into_id}
