"""What is to be done: tasks and subtasks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from singer_sdk.exceptions import FatalAPIError
from tap_kit.columns import utc
from tap_kit.schema import (
    day,
    flag,
    integer,
    integers,
    key,
    moment,
    number,
    schema,
    structures,
    text,
)

from tap_teamwork.client import ChangesStream, object_in
from tap_teamwork.custom_fields import with_custom_field_values
from tap_teamwork.paging import read_backwards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

DELETIONS_READ_UNTIL = "deletions_read_until"

IDS_PER_REQUEST = 300
"""So many are sure to fit into an address (fact sheet 1.3)."""


class Tasks(ChangesStream):
    """Tasks and subtasks, whatever hides them by default (fact sheet 4.3 and 5.8).

    `isArchived` is left out: archiving a project does not move its tasks' `updatedAt`, so the
    column would go stale; the project's own `status` says it.
    """

    name = "tasks"
    path = "tasks.json"
    envelope = "tasks"
    parameters = {
        "orderBy": "updatedat",
        "orderMode": "asc",
        "getSubTasks": "true",
        "includePrivateItems": "true",
        "includeTentativeProjects": "true",
        "includeTasksFromDeletedLists": "true",
        "includeCustomFields": "true",
        "showDeleted": "true",
    }
    parameters_for_completed = {"includeCompletedTasks": "true", "showCompletedLists": "true"}
    parameters_for_archived = {"includeArchivedProjects": "true"}
    schema = schema(
        key("id", "Id of the task."),
        text("name", "Title."),
        text("description", "Description; its markup is in `description_content_type`."),
        text("description_content_type", "`TEXT` or `HTML`."),
        text("status", "`new` or `reopened` (both open), `completed` or `deleted`."),
        text("priority", "`low`, `medium`, `high`, or null for none."),
        integer("progress", "Per cent done, 0 to 100."),
        day("start_on", "First day; a day, no instant."),
        day("due_on", "Day on which it is due; a day, no instant."),
        flag("due_date_from_milestone", "The due day is that of the milestone."),
        integer("estimate_minutes", "Estimated minutes; 0 for none."),
        integer("accumulated_estimated_minutes", "Estimated minutes with all subtasks."),
        integer("project_id", "Project of the task."),
        integer("tasklist_id", "Tasklist of the task."),
        integer("parent_task_id", "Parent of a subtask; null at the top level."),
        integers("assignee_user_ids", "People in charge."),
        integers("assignee_team_ids", "Teams in charge."),
        integers("assignee_company_ids", "Companies in charge."),
        integers("assignee_job_role_ids", "Job roles in charge."),
        integers("tag_ids", "Ids of the tags."),
        integers("attachment_ids", "Ids of the attached files."),
        integers("change_follower_ids", "People, teams and companies told about changes."),
        integers("comment_follower_ids", "People, teams and companies told about comments."),
        structures("workflow_stages", "Stage per workflow: workflowId, stageId and order."),
        structures("custom_field_values", "Values of custom fields, as the API sends them."),
        text("url", "Web address."),
        moment("created_at", "When the task was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the task, or anything about it, last changed."),
        integer("updated_by", "Person who changed it last."),
        moment("date_updated", "When its content last changed; may be older than updated_at."),
        moment("completed_at", "When the task was completed."),
        integer("completed_by", "Person who completed it."),
        moment("deleted_at", "When the task was deleted; null again after a restore."),
        integer("deleted_by", "Person who deleted it."),
        number("display_order", "Place in the tasklist."),
        integer("is_private", "0 open, 1 private, 2 inherits from the list or the parent."),
        flag("is_blocked", "Waits for another task."),
        flag("has_reminders", "Has reminders."),
        flag("has_desk_tickets", "Has tickets in Teamwork Desk."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield what changed since the bookmark, then what was deleted since the last such pass.

        Whether a deletion moves `updatedAt` is not documented, so deletions are asked for by
        their own time. The first run reads deleted tasks with all others, and only notes when.
        What is read again by its id comes last: the bookmark follows it only once all before is
        read.
        """
        again = self._ids_again()
        state, clock = self.stream_state, utc(self._tap.server_clock)
        if self.overlapped(state.get(DELETIONS_READ_UNTIL, clock)) > clock:
            # Nobody knows which deletions were read, so all tasks are.
            del state[DELETIONS_READ_UNTIL]
            state.pop("replication_key_value", None)
        is_first_run = DELETIONS_READ_UNTIL not in state
        deleted_after = state.setdefault(DELETIONS_READ_UNTIL, clock)
        yield from self.changes(self.since)
        if not is_first_run:
            since = self.or_again(self.overlapped(deleted_after))
            yield from self.changes(None, deletedAfter=since)
            state[DELETIONS_READ_UNTIL] = clock
        yield from self._by_ids(again)

    def _ids_again(self) -> list[int]:
        ids = self.ids_again
        if not all(map(str.isdecimal, ids)):
            raise FatalAPIError(
                "The setting read_again_ids (TAP_TEAMWORK_READ_AGAIN_IDS) has to be a list of ids "
                'of tasks, which are whole numbers, such as ["123"].'
            )
        return [int(id_) for id_ in ids]

    def _by_ids(self, ids: list[int]) -> Iterator[Row]:
        """Yield the tasks with these ids, and name those that are not there."""
        missing = set(ids)
        for first in range(0, len(ids), IDS_PER_REQUEST):
            asked = ids[first : first + IDS_PER_REQUEST]
            fetch = partial(self.page, ids=",".join(map(str, asked)))
            for row in read_backwards(fetch, self.config["page_size"]):
                if row["id"] not in asked:
                    raise FatalAPIError(
                        "Teamwork was asked for some tasks by their ids and answers with another "
                        "one. Run without read_again_ids (TAP_TEAMWORK_READ_AGAIN_IDS)."
                    )
                missing.discard(row["id"])
                yield row
        self.warn_of_missing(map(str, sorted(missing)))

    def rows(self, body: Mapping[str, Any]) -> list[Row]:
        """Return the tasks with their custom field values."""
        rows = super().rows(body)
        return with_custom_field_values(rows, body, "customfieldTasks", "task", self.reject)

    def reshape(self, row: Record) -> Record:
        """Fill the project, which a task row does not have itself, and name the days as days."""
        meta = object_in(object_in(row, "tasklist"), "meta")
        row["projectId"] = row.get("projectId") or meta.get("projectId")
        row["startOn"] = row.get("startDate")
        row["dueOn"] = row.get("dueDate")
        row["url"] = f"{self.site}/app/tasks/{row['id']}"
        return row
