"""What is to be done: tasks."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.schema import day, key, moment, schema, structure, text
from tap_kit.stream import RefusedError

from tap_craft.client import DAILY, SPACE, ListStream
from tap_craft.daily_notes import mentioned_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

SCOPES = ("active", "upcoming", "inbox", "logbook")


class Tasks(ListStream):
    """Tasks (fact sheet 3.7).

    A link to daily notes lists only those that are open or came from the inbox; the others are
    found in the notes.
    """

    name = "tasks"
    path = "tasks"
    offered_by = (SPACE, DAILY)
    schema = schema(
        key("id", "Id of the task, which is that of its block.", th.StringType()),
        text("markdown", "What is to be done."),
        text("state", "`todo`, `done` or `canceled`."),
        day("schedule_date", "Day it is planned for."),
        day("deadline_date", "Day it is due on."),
        moment("completed_at", "When it was done."),
        moment("canceled_at", "When it was cancelled."),
        structure("repeat", "How it repeats: `type`, `frequency`, `interval`, `startDate` ..."),
        text("location_type", "`document`, `dailyNote` or `inbox`."),
        text("document_id", "Document it is in."),
        day("daily_note_date", "Day of the daily note it is in."),
    )

    _lists_open_ones_only = False
    _emptied: frozenset[str] = frozenset()

    @property
    def lists_all(self) -> bool:
        """Whether a task that is missing is gone."""
        if self._tap.flavour == DAILY and not self._tap.listing.is_complete:
            return False
        return super().lists_all and not (self._lists_open_ones_only or self._emptied)

    def listed(self) -> list[Row]:
        """Return the tasks that the link lists, each once."""
        rows: list[Row] = []
        if self._tap.flavour == SPACE:
            try:
                return self._in_scope("all")
            except RefusedError as refusal:
                if refusal.status != HTTPStatus.BAD_REQUEST:
                    raise
                self._lists_open_ones_only = True
                self.logger.warning(
                    "Craft does not list all tasks of this space; tasks without a date are "
                    "missing, and none is marked as deleted."
                )
        filled = []
        for scope in SCOPES:
            found = self._in_scope(scope)
            filled += [scope] if found else []
            rows += found
        self._doubt(filled)
        return list({row["id"]: row for row in rows}.values())

    def _doubt(self, filled: list[str]) -> None:
        """Leave it to the next run whether a scope that had tasks has none any more."""
        self._emptied = frozenset(self.stream_state.get("filled_scopes", [])).difference(filled)
        self.stream_state["filled_scopes"] = filled
        if self._emptied:
            self.logger.info(
                "No task is %s any more; none is marked as deleted until the next run.",
                " or ".join(sorted(self._emptied)),
            )

    def _in_scope(self, scope: str) -> list[Row]:
        return self.items(self.path, scope=scope)

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every task; those of notes that were not asked for would be half the truth."""
        rows = {row["id"]: row for row in self._tap.listed_tasks}
        if self._tap.flavour == DAILY:
            listing = self._tap.listing
            for row in listing.tasks:
                # The list may not say where a task is.
                rows[row["id"]] = {**row, **rows.get(row["id"], {})}
            rows = {
                name: row
                for name, row in rows.items()
                if listing.days_asked.issuperset(mentioned_days([row]))
            }
        yield from rows.values()

    def reshape(self, row: Record) -> Record:
        """Take the parts of a task out of their objects."""
        info, location = (
            part if isinstance(part, dict) else {}
            for part in (row.get("taskInfo"), row.get("location"))
        )
        return {
            **info,
            **{name: value for name, value in row.items() if value is not None},
            "locationType": location.get("type"),
            "documentId": location.get("documentId"),
            "dailyNoteDate": location.get("date"),
        }
