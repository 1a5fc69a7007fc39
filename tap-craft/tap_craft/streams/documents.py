"""What there is: documents and where they are."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th
from singer_sdk.exceptions import FatalAPIError
from tap_kit.schema import day, flag, key, moment, schema, text, texts

from tap_craft.client import DAILY, SPACE, ListStream, NotFoundError, UnreadableError
from tap_craft.daily_notes import blocks, daily_listing, mentioned_days, span
from tap_craft.listing import Listing, selection_listing, space_listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context
    from tap_kit.columns import Row


class Documents(ListStream):
    """Documents without their content (fact sheet 3.3); a row moves, the content need not."""

    name = "documents"
    path = "documents"
    schema = schema(
        key("id", "Id of the document, which is that of its root block.", th.StringType()),
        text("title", "Title; may be empty. Null for a deleted one of a selection."),
        text("folder_id", "Folder it is in; null for none."),
        texts("folder_ids", "Folders from the top one to its own; null if the link has none."),
        texts("folder_path", "Names of these folders; null if the link has none."),
        text(
            "location",
            "`unsorted`, `templates`, `daily_notes` or `trash`; null in a folder.",
        ),
        flag("is_deleted", "In trash, or marked as deleted in a selection."),
        day("daily_note_date", "Day of a daily note."),
        moment("created_at", "When it was created."),
        moment("last_modified_at", "When something in it, however deep, was last changed."),
        text("url", "Link that opens it in Craft; its ids are not those of the API."),
    )

    @property
    def lists_all(self) -> bool:
        """Whether a document that is missing is gone."""
        return super().lists_all and self._tap.listing.is_complete

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every document."""
        for document in self._tap.listing.documents.values():
            yield {**document.row, "url": document.row.get("clickableLink")}

    def listing(self) -> Listing:
        """List all documents; asked for once per run, because other streams need them too.

        Raises:
            FatalAPIError: One sentence, if the list cannot be all there is.
        """
        self.refuse_another_source()
        if self._tap.flavour == SPACE:
            listing = self._space_listing()
        elif self._tap.flavour == DAILY:
            listing = self._daily_listing()
        else:
            listing = selection_listing(self.everything)
        if listing.is_complete:
            self._refuse_empty(listing)
        return listing

    @cached_property
    def everything(self) -> list[Row]:
        """All documents, without their places."""
        return self._rows()

    def usable(self, rows: Any) -> list[Row]:  # noqa: ANN401
        """Return all rows, those without an id with None: a place that has one is not empty."""
        return self.in_places(rows)

    def _rows(self, **place: str) -> list[Row]:
        try:
            return self.items(self.path, fetchMetadata="true", **place)
        except NotFoundError:
            if "folderId" not in place:
                raise
            # Deleted since the folders were listed: its documents have moved, and so are missing.
            return []

    def _space_listing(self) -> Listing:
        listing = space_listing(
            self._rows,
            self._tap.folder_tree,
            self._tap.ask_folder_tree,
            self.stream_state.get("unplaced", ""),
        )
        if not listing.is_complete:
            self.logger.warning(
                "Some documents were in no folder when the folders were listed, probably because "
                "they were just moved. They stay as they are, and nothing is marked as deleted, "
                "until the next run."
            )
        self.stream_state["unplaced"] = listing.unplaced
        return listing

    def _daily_listing(self) -> Listing:
        start_date = _date(self.config.get("start_date"))
        dates = span(self._tap.today, start_date, _date(self.stream_state.get("first_day")))
        mentioned = mentioned_days([*self._tap.listed_tasks, *self._tap.collections])
        further = {day for day in mentioned if not start_date or day >= dates[0]}
        noted: list[str] = self.stream_state.get("further_days", [])
        further.update(dt.date.fromisoformat(day[:10]) for day in noted)
        listing = daily_listing(further.union(dates), self._read_day)
        if not listing.is_complete:
            self.logger.warning(
                "Some daily notes did not answer. They stay as they are, and nothing is marked as "
                "deleted, until the next run."
            )
        known = sorted(listing.days_with_note - set(dates))
        self.stream_state["first_day"] = dates[0].isoformat()
        self.stream_state["further_days"] = [day.isoformat() for day in known]
        return listing

    def _read_day(self, date: dt.date) -> Row:
        asked = {"date": date.isoformat(), "fetchMetadata": "true"}
        note = self.fetch_alone(asked, "blocks").body
        id_ = self.columns.usable_id(note)
        if id_ is None:
            raise UnreadableError(f"The daily note of {date} lacks its 'id'.")
        self._tap.count_blocks(sum(1 for _ in blocks(note)))
        return {**note, "id": id_}

    def _refuse_empty(self, listing: Listing) -> None:
        """Refuse a list that lost more than half, or all, of what the last run had."""
        rows, last_rows = len(listing.documents), self.stream_state.get("row_count", 0)
        self._refuse_mass_deletion(rows, last_rows)
        if last_rows and not rows and not self.config["allow_mass_delete"]:
            raise FatalAPIError(
                f"Craft lists no documents where it listed {last_rows} in the last run. Nothing "
                "was marked as deleted. If they are really gone, run once with "
                "allow_mass_delete: true."
            )


def _date(moment: str | None) -> dt.date | None:
    return dt.date.fromisoformat(moment[:10]) if moment else None
