"""Where work belongs: projects, their categories, tasklists and milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

from tap_teamwork.client import ChangesStream, ListStream
from tap_teamwork.custom_fields import with_custom_field_values
from tap_teamwork.paging import read_backwards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from singer_sdk.helpers.types import Record
    from tap_kit.columns import Row


class ProjectCategories(ListStream):
    """Categories of projects, as a tree (fact sheet 5.5)."""

    name = "project_categories"
    path = "projectcategories.json"
    envelope = "projectCategories"
    schema = schema(
        key("id", "Id of the category."),
        text("name", "Name."),
        text("color", "Colour, `#rrggbb`."),
        integer("parent_id", "Parent category."),
    )


class Projects(ListStream):
    """Projects, archived and deleted ones included (fact sheet 5.6)."""

    name = "projects"
    path = "projects.json"
    envelope = "projects"
    within_projects = True
    parameters = {
        "orderBy": "id",
        "includeTentativeProjects": "true",
        "includeCustomFields": "true",
    }
    parameters_for_archived = {"includeArchivedProjects": "true"}
    schema = schema(
        key("id", "Id of the project."),
        text("name", "Name."),
        text("description", "Description."),
        text("project_number", "Project number, where the site uses them."),
        text("status", "`active`, `archived`, `inactive` (also archived) or `deleted`."),
        text("sub_status", "`current`, `late`, `upcoming` or `completed`."),
        text("type", "`normal` or a kind of template."),
        integer("company_id", "Client company."),
        integer("category_id", "Project category."),
        integer("owner_id", "Person who owns the project; null when none."),
        day("start_on", "Planned first day."),
        day("end_on", "Planned last day."),
        integers("tag_ids", "Ids of the tags."),
        flag("is_billable", "Billable."),
        flag("privacy_enabled", "Private project."),
        integers("workflow_ids", "Ids of the workflows."),
        structures("custom_field_values", "Values of custom fields, as the API sends them."),
        text("url", "Web address."),
        moment("created_at", "When the project was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the project was last changed."),
        integer("updated_by", "Person who changed it last."),
        moment("completed_at", "When the project was completed."),
        integer("completed_by", "Person who completed it."),
        moment("archived_at", "When the project was archived."),
        integer("archived_by", "Person who archived it."),
        moment("deleted_at", "When the project was deleted."),
        integer("deleted_by", "Person who deleted it."),
        moment("last_worked_on", "When somebody last worked on it."),
    )

    @property
    def lists_all(self) -> bool:
        """Whether a missing project is a deleted one, and not one that the settings leave out."""
        return self.config["include_archived_projects"] and not self.config.get("project_ids")

    @property
    def query(self) -> dict[str, Any]:
        """The parameters of every request; `projectIds` alone would switch the others off."""
        query = super().query
        return {**query, "alwaysIncludeFiltering": "true"} if "projectIds" in query else query

    def get_rows(self) -> Iterator[Row]:
        """Yield every project, and the deleted ones, which only a status filter shows (4.4)."""
        yield from super().get_rows()
        yield from read_backwards(
            lambda number: self.page(number, projectStatuses="deleted"), self.config["page_size"]
        )

    def rows(self, body: Mapping[str, Any]) -> list[Row]:
        """Return the projects with their custom field values."""
        rows = super().rows(body)
        return with_custom_field_values(rows, body, "customfieldProjects", "project", self.reject)

    def reshape(self, row: Record) -> Record:
        """Name the days as days and add the web address."""
        row["startOn"] = row.get("startAt") or row.get("startDate")
        row["endOn"] = row.get("endAt") or row.get("endDate")
        row["ownerId"] = row.get("projectOwnerId") or row.get("ownerId")
        row["url"] = f"{self.site}/app/projects/{row['id']}"
        return row


class Tasklists(ChangesStream):
    """Tasklists, completed and deleted ones included (fact sheet 5.7)."""

    name = "tasklists"
    path = "tasklists.json"
    envelope = "tasklists"
    parameters = {"orderBy": "updatedat", "orderMode": "asc", "showDeleted": "true"}
    parameters_for_completed = {"showCompleted": "true"}
    parameters_for_archived = {"includeArchivedProjects": "true"}
    schema = schema(
        key("id", "Id of the tasklist."),
        text("name", "Name."),
        text("description", "Description."),
        text("status", "`new` or `reopened` (both open), `completed` or `deleted`."),
        integer("project_id", "Project of the list."),
        integer("milestone_id", "Milestone of the list."),
        number("display_order", "Place among the lists of the project."),
        flag("is_private", "Private."),
        flag("is_pinned", "Pinned."),
        flag("is_billable", "Billable; null inherits from the project."),
        integer("default_task_id", "Template for new tasks."),
        moment("created_at", "When the list was created."),
        moment("updated_at", "When the list was last changed."),
    )


class Milestones(ChangesStream):
    """Milestones, completed and deleted ones included (fact sheet 5.10)."""

    name = "milestones"
    path = "milestones.json"
    envelope = "milestones"
    replication_key = "last_changed_on"
    changed_at = ("lastChangedOn", "createdOn")
    parameters = {"orderBy": "dateUpdated", "orderMode": "asc", "showDeleted": "true"}
    parameters_for_completed = {"includeCompleted": "true"}
    parameters_for_archived = {"includeArchivedProjects": "true"}
    schema = schema(
        key("id", "Id of the milestone."),
        text("name", "Name."),
        text("description", "Description."),
        text("status", "`new` or `reopened` (both open), `completed` or `deleted`."),
        day("deadline", "Day on which it is due."),
        day("original_due_date", "Day on which it was due at first."),
        flag("completed", "Completed."),
        moment("completed_on", "When it was completed."),
        integer("completed_by", "Person who completed it."),
        integer("project_id", "Project of the milestone."),
        integers("tasklist_ids", "Ids of the tasklists that belong to it."),
        integers("tag_ids", "Ids of the tags."),
        integers("responsible_party_ids", "People, teams and companies in charge."),
        flag("private", "Private."),
        flag("reminder", "Sends a reminder."),
        moment("created_on", "When it was created."),
        integer("created_by", "Person who created it."),
        moment("last_changed_on", "When it was last changed."),
        integer("updated_by", "Person who changed it last."),
        moment("deleted_on", "When it was deleted."),
        flag("is_deleted", "Deleted in Teamwork."),
    )

    def reshape(self, row: Record) -> Record:
        """Fall back to the creation, so that the bookmark always has a value."""
        row["lastChangedOn"] = row.get("lastChangedOn") or row.get("createdOn")
        return row
