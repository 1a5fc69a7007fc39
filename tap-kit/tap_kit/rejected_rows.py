"""What could not be loaded, as a stream of its own, so that it is neither lost nor in the way."""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from singer_sdk import Stream
from singer_sdk import typing as th

from tap_kit.schema import key, schema, text
from tap_kit.unfit import LONGEST_ID, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context, Record

    from tap_kit.tap import KitTap
    from tap_kit.unfit import Rejection

LONGEST_VALUE = 2_000
"""Characters of a rejected value that are kept."""

logger = logging.getLogger(__name__)


class RejectedRows(Stream):
    """Values and rows that no table can hold, with the reason.

    The record is written between the records of the stream that it is about, so that no bookmark
    passes a rejection that is not recorded. What is rejected in every run is one row.
    """

    name = "rejected_rows"
    primary_keys = ("id",)
    emit_activate_version_messages = False
    schema = schema(
        key("id", "Digest of stream, row and column.", th.StringType()),
        text("stream", "Stream that the row belongs to."),
        text("row_id", "Key of the row; null if it has none."),
        text("column_name", "Column that was left empty; null if the whole row was left out."),
        text("reason", "Why it could not be loaded."),
        text("value", f"What was sent, as JSON, cut at {LONGEST_VALUE} characters."),
    )

    _tap: KitTap

    def __init__(self, tap: KitTap) -> None:
        super().__init__(tap)
        self._noted: set[str] = set()
        self._warned: set[tuple[str, str | None]] = set()

    def get_records(self, context: Context | None) -> Iterable[Record]:  # noqa: ARG002
        """Yield nothing: by its turn, before all others, only its schema is written."""
        return ()

    def note(self, stream: str, rejection: Rejection) -> None:
        """Record a rejection, once in a run, and warn of the first in each column."""
        value = self._tap.without_secrets(as_json(rejection.value, LONGEST_VALUE))
        row_id = rejection.row_id and self._tap.without_secrets(rejection.row_id[:LONGEST_ID])
        # A row without a key is told from others by what it says.
        facts = (stream, row_id or value, rejection.column or "")
        digest = sha256("\0".join(facts).encode("utf-8", "replace")).hexdigest()[:32]
        if digest in self._noted:
            return
        self._noted.add(digest)
        if self.selected:
            self._write_record_message(
                {
                    "id": digest,
                    "stream": stream,
                    "row_id": row_id,
                    "column_name": rejection.column,
                    "reason": rejection.reason,
                    "value": value,
                }
            )
        self._warn(stream, row_id, rejection)

    def _warn(self, stream: str, row_id: str | None, rejection: Rejection) -> None:
        if (stream, rejection.column) in self._warned:
            return
        self._warned.add((stream, rejection.column))
        further = "is in rejected_rows, as are further ones" if self.selected else "is not recorded"
        if rejection.column is None:
            logger.warning(
                "A row of '%s' (%s) %s and is left out; what it says %s.",
                stream,
                row_id or "without a key",
                rejection.reason,
                further,
            )
        else:
            logger.warning(
                "The value of '%s' in row %s of '%s' %s and is left empty; what was sent %s.",
                rejection.column,
                row_id,
                stream,
                rejection.reason,
                further,
            )
