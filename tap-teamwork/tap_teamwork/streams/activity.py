"""What happened: time logs and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_kit.columns import known_moment, utc
from tap_kit.replication import IncrementalStream
from tap_kit.schema import flag, integer, integers, key, moment, number, schema, text

from tap_teamwork.client import ChangesStream, TeamworkStream
from tap_teamwork.paging import OffsetCeilingError, read_backwards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row


SWEEP_HOURS = 24


class Timelogs(ChangesStream):
    """Time logs, deleted ones included (fact sheet 5.9)."""

    name = "timelogs"
    path = "time.json"
    envelope = "timelogs"
    parameters = {"orderBy": "dateupdated", "orderMode": "asc", "showDeleted": "true"}
    parameters_for_archived = {"includeArchivedProjects": "true"}
    changed_at = ("updatedAt", "dateEdited", "createdAt", "dateCreated")
    schema = schema(
        key("id", "Id of the time log."),
        integer("minutes", "Duration in minutes."),
        text("description", "What was done."),
        moment("time_logged", "Start of the work; the work day depends on the person's time zone."),
        flag("has_start_time", "False: only the day of `time_logged` counts."),
        flag("billable", "Billable."),
        number("billable_rate", "Rate in minor units; 0 without the right to see it."),
        number("cost_rate", "Cost in minor units; 0 without the right to see it."),
        integer("user_id", "Person who worked."),
        integer("logged_by_user_id", "Person who entered it."),
        integer("task_id", "Task; null for time logged on the project."),
        integer("project_id", "Project."),
        integer("task_id_pre_move", "Former task after a move."),
        integers("tag_ids", "Ids of the tags."),
        integer("project_billing_invoice_id", "Invoice; set when billed."),
        integer("desk_ticket_id", "Ticket in Teamwork Desk."),
        moment("created_at", "When it was entered."),
        moment("updated_at", "When it was last changed."),
        integer("updated_by", "Person who changed it last."),
        flag("deleted", "Deleted in Teamwork."),
        moment("deleted_at", "When it was deleted."),
        integer("deleted_by", "Person who deleted it."),
        flag("is_locked", "Locked."),
    )

    def reshape(self, row: Record) -> Record:
        """Fall back to the older names, which some rows have alone."""
        row["createdAt"] = row.get("createdAt") or row.get("dateCreated")
        row["updatedAt"] = row.get("updatedAt") or self.time_of_change(row) or None
        row["deletedAt"] = row.get("deletedAt") or row.get("dateDeleted")
        row["deletedBy"] = row.get("deletedBy") or row.get("deletedByUserId")
        return row


class Comments(TeamworkStream, IncrementalStream):
    """Comments on tasks, milestones, files and so on (fact sheet 5.11).

    They cannot be ordered by update time; the bookmark moves when all are read. A deleted project
    hides its comments, also new ones; when it is restored they show again with their old times, so
    once a day all comments are read.
    """

    name = "comments"
    path = "comments.json"
    envelope = "comments"
    replication_key = "updated_at"
    within_projects = True
    parameters = {"orderBy": "id", "orderMode": "asc"}
    parameters_for_archived = {"includeArchivedProjects": "true"}
    schema = schema(
        key("id", "Id of the comment."),
        text("body", "Text."),
        text("html_body", "Text as HTML."),
        text("content_type", "`TEXT` or `HTML`."),
        text("object_type", "What was commented on: `task`, `milestone`, `file` ..."),
        integer("object_id", "Id of what was commented on."),
        integer("project_id", "Project."),
        integer("posted_by_user_id", "Person who wrote it."),
        moment("posted_date_time", "When it was written."),
        integer("last_edited_by_user_id", "Person who edited it last."),
        moment("date_last_edited", "When it was last edited."),
        flag("deleted", "Deleted in Teamwork."),
        integer("deleted_by_user_id", "Person who deleted it."),
        moment("date_deleted", "When it was deleted."),
        integer("is_private", "0 open, 1 private."),
        integers("file_ids", "Ids of the attached files."),
        moment("updated_at", "The latest of written, edited and deleted."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield what changed since the bookmark; by project where that is too long for one list."""
        is_sweep = self.is_sweep_due(SWEEP_HOURS)
        since = self.start if is_sweep else self.since
        try:
            yield from self._changes(updatedAfter=since)
        except OffsetCeilingError:
            for project in self.project_ids():
                yield from self._changes(updatedAfter=since, projectIds=project)
        if is_sweep:
            self.stream_state["swept_at"] = utc(self._tap.server_clock)

    def _changes(self, **parameters: object) -> Iterator[Row]:
        return read_backwards(
            lambda number: self.page(number, **parameters), self.config["page_size"]
        )

    def reshape(self, row: Record) -> Record:
        """Unify the names of people and add the time of the last change."""
        for name in ("postedBy", "lastEditedBy", "deletedBy"):
            row[f"{name}UserId"] = row.get(f"{name}UserId") or row.get(name)
        moments = (row.get("postedDateTime"), row.get("dateLastEdited"), row.get("dateDeleted"))
        row["updatedAt"] = max(map(known_moment, moments)) or None
        return row
