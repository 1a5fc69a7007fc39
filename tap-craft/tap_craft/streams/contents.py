"""What documents say."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from singer_sdk import typing as th
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from tap_kit.columns import utc
from tap_kit.http import Answer
from tap_kit.replication import IncrementalStream
from tap_kit.schema import integer, key, moment, schema, text
from tap_kit.stream import ODD_FORMS
from tap_kit.unfit import Rejection

from tap_craft import moments
from tap_craft.client import CraftStream, NotFoundError, UnreadableError
from tap_craft.listing import LONG_AGO
from tap_craft.listing import key as key_of
from tap_craft.media import with_placeholders
from tap_craft.plain_text import plain_text
from tap_craft.sketch import Sketch

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import requests
    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

    from tap_craft.listing import Document

FEW = 5
"""Ids that a warning names."""

_PAGE = re.compile(r"\s*<(page|card)\b")


def is_whole(text: str) -> bool:
    """Return whether Markdown is there to its last line, where the tag of its first one ends.

    Pages within the page are indented; one of them may end where the answer was cut off.
    """
    page = _PAGE.match(text)
    last_line = text.rstrip().rpartition("\n")[2]
    if page and not last_line[:1].isspace():
        return last_line.endswith(f"</{page[1]}>")
    return not page and bool(text.strip())


class DocumentContents(CraftStream, IncrementalStream):
    """Contents of the documents that changed since they were last read (fact sheet 4).

    A document is read if its listed moment is not the one it was last read at. That is told by
    comparison, not by "later than the bookmark": a document that comes into the link's scope, or
    was changed on a device without a network, shows up with a moment of the past. The comparison
    needs no list of all documents in the state (see `sketch`). The bookmark tells how far a run
    has come, from the oldest change to the newest.
    """

    name = "document_contents"
    path = "blocks"
    primary_keys = ("document_id",)
    replication_key = "last_modified_at"
    STATE_MSG_FREQUENCY = 20
    schema = schema(
        key("document_id", "Document.", th.StringType()),
        text(
            "markdown",
            "Craft's Markdown, with tags for pages, callouts and collections (fact sheet 3.5); "
            "`craft-media:1` stands for the address of the first picture or file, and so on.",
        ),
        text("text", "The same as plain text, without the title."),
        text("content_hash", "SHA-256 of `markdown`, in hexadecimal digits."),
        integer("word_count", "Words in `text`."),
        moment("last_modified_at", "When the document was last changed, as it was listed."),
    )

    _sketch: Sketch
    _begun_at: tuple[dt.datetime, str] | None
    _again: frozenset[int]
    """Entries of documents that were read as they are, and are to be read again in this run."""
    _under_way: Document

    @property
    def http_headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Accept": "text/markdown"}

    def _ask(self, request: requests.PreparedRequest, path: str) -> Answer:
        """Ask once; a page that does not end, or is empty, is no answer."""
        response = self._request(request, None)
        text = response.content.decode("utf-8", "replace")
        if not response.headers.get("Content-Type", "").startswith("text/markdown"):
            raise RetriableAPIError(f"the answer for '{path}' is not Markdown", response)
        if not is_whole(text):
            raise RetriableAPIError(f"the answer for '{path}' was cut off", response)
        return Answer({"markdown": text}, response.headers)

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield the contents of the documents that changed, the oldest change first."""
        unread = []
        due = self._due()
        self.progress.expect(len(due))
        for document in due:
            markdown = self._markdown(document)
            if markdown is None:
                unread.append(document.id)
                if document.entry in self._again:
                    self._forget([document.entry])
                self._reach(document)
                continue
            plain = self._plain(document, markdown)
            self._under_way = document
            yield {
                "documentId": document.id,
                "markdown": markdown,
                "text": plain,
                "contentHash": sha256(markdown.encode()).hexdigest(),
                "wordCount": None if plain is None else len(plain.split()),
                "lastModifiedAt": document.row.get("lastModifiedAt"),
            }
        if unread:
            self.logger.warning(
                "%d documents could not be read and keep the content they had: %s%s. The next run "
                "tries again.",
                len(unread),
                ", ".join(unread[:FEW]),
                " ..." if len(unread) > FEW else "",
            )

    def _plain(self, document: Document, markdown: str) -> str | None:
        try:
            return plain_text(markdown)
        except ODD_FORMS as error:
            reason = f"cannot be read out of the Markdown ({type(error).__name__})"
            self.reject(Rejection(document.id, "text", reason, None))
            return None

    def _due(self) -> list[Document]:
        """Return the documents to be read, the oldest change first."""
        self._begun_at = self._bookmark
        try:
            self._sketch = Sketch(self.stream_state.get("read"))
        except ValueError:
            self._sketch = Sketch()
        readable = [
            document for document in self._tap.listing.documents.values() if document.is_readable
        ]
        listed = {document.entry: document for document in readable if document.version}
        known = self._known(listed)
        if self.begins_earlier:
            known -= self._left_out_before(known, listed)
        self._again = self._to_be_read_again(readable) & known
        done = known - self._again
        due = [document for document in readable if document.entry not in done]
        return sorted(due, key=lambda document: document.turn)

    def _to_be_read_again(self, readable: Iterable[Document]) -> frozenset[int]:
        """Return the entries of what the settings say is to be read again."""
        by_key = {key_of(document.id): document.entry for document in readable}
        named = {key_of(id_): id_ for id_ in self.ids_again}
        self.warn_of_missing(named[missing] for missing in named if missing not in by_key)
        again = {by_key[name] for name in named if name in by_key}
        if begin := moments.moment(self.again_from):
            again |= {document.entry for document in readable if document.changed_at >= begin}
        return frozenset(again)

    def _left_out_before(self, known: set[int], listed: Mapping[int, Document]) -> set[int]:
        """Return what the former `start_date` left out, and forget that it counts as read."""
        former = moments.moment(self.stream_state["read_from"]) or LONG_AGO
        start = moments.moment(self.start) or LONG_AGO
        left_out = {entry for entry in known if start <= listed[entry].changed_at < former}
        self._forget(left_out)
        return left_out

    def _known(self, listed: dict[int, Document]) -> set[int]:
        """Return the entries of the documents that were read as they are listed now."""
        if self._begun_at:
            # Those after the bookmark are mostly new, and would only swell the differences.
            before = {
                entry for entry, document in listed.items() if document.turn <= self._begun_at
            }
            differences = self._sketch.differences(before)
            if differences is not None:
                if self._tap.listing.is_complete:
                    self._forget(differences - listed.keys())
                return (before ^ differences) & listed.keys()
            self.logger.warning(
                "So many documents came, went or changed that all are read once more."
            )
        return self._begin(listed)

    def _begin(self, listed: dict[int, Document]) -> set[int]:
        """Begin to read everything, and return the entries of what the settings leave out."""
        self._sketch, self._begun_at = Sketch(), None
        self.stream_state.pop("replication_key_value", None)
        self.stream_state.pop("last_document", None)
        start = moments.moment(self.config.get("start_date"))
        left_out = {
            entry
            for entry, document in listed.items()
            if start and LONG_AGO < document.changed_at < start
        }
        for entry in left_out:
            self._sketch.toggle(entry)
        return left_out

    def _forget(self, entries: Iterable[int]) -> None:
        """Forget documents that are gone, or were read as they are no more."""
        for entry in entries:
            self._sketch.toggle(entry)
        self._save()

    def _markdown(self, document: Document) -> str | None:
        """Return a document's Markdown, or None if it cannot be read."""
        self._tap.wait_out_the_second(document.changed_at)
        is_late = (
            self._begun_at is not None
            and document.turn <= self._begun_at
            and document.entry not in self._again
        )
        try:
            answer = self.fetch_alone({"id": document.id}, self.path, is_again=is_late)
        except (NotFoundError, UnreadableError):
            return None
        except FatalAPIError:
            self._write_state_message()
            raise
        markdown = str(answer.body["markdown"])
        # A block is a line at least; lines without a word part them.
        self._tap.count_blocks(sum(1 for line in markdown.splitlines() if line.strip()))
        return with_placeholders(markdown)

    @property
    def _bookmark(self) -> tuple[dt.datetime, str] | None:
        """How far documents were read; several may have changed in one second."""
        reached = moments.moment(self.stream_state.get("replication_key_value"))
        return (reached, self.stream_state.get("last_document", "")) if reached else None

    def _reach(self, document: Document) -> None:
        """Move the bookmark to a document, but not beyond the server's clock."""
        reached, last = document.turn
        if reached > self._tap.server_clock:
            reached, last = self._tap.server_clock, ""
        if document.version and (reached, last) > (self._bookmark or (LONG_AGO, "")):
            self.stream_state["replication_key"] = self.replication_key
            self.stream_state["replication_key_value"] = utc(reached)
            self.stream_state["last_document"] = last
        self._save()

    def _save(self) -> None:
        self.stream_state["read"] = str(self._sketch)
        self.state_manager.is_flushed = False

    def _increment_stream_state(
        self,
        latest_record: Record,  # noqa: ARG002
        *,
        context: Context | None = None,  # noqa: ARG002
    ) -> None:
        """Remember that the document was read, now that its record was sent."""
        if self._under_way.version and self._under_way.entry not in self._again:
            self._sketch.toggle(self._under_way.entry)
        self._reach(self._under_way)
