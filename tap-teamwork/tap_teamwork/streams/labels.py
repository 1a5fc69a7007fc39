"""How work is sorted: tags, custom fields, workflows and their stages."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tap_kit.schema import (
    flag,
    integer,
    integers,
    key,
    moment,
    number,
    schema,
    structure,
    text,
)

from tap_teamwork.client import ListStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tap_kit.columns import Row


class Tags(ListStream):
    """Tags; they have no timestamps, so a rename is only seen by reading all (fact sheet 5.4)."""

    name = "tags"
    path = "tags.json"
    envelope = "tags"
    parameters = {"orderBy": "id"}
    schema = schema(
        key("id", "Id of the tag."),
        text("name", "Name; not unique."),
        text("color", "Colour, `#rrggbb`."),
        integer("project_id", "Project that alone may use the tag; null for the whole site."),
    )


class CustomFields(ListStream):
    """Definitions of custom fields, deleted ones included (fact sheet 5.12)."""

    name = "custom_fields"
    path = "customfields.json"
    envelope = "customfields"
    parameters = {"orderBy": "id", "showDeleted": "true"}
    schema = schema(
        key("id", "Id of the field."),
        text("name", "Name."),
        text("description", "Description."),
        text("type", "Kind of value, such as `dropdown`, `date` or `number-decimal`."),
        text("entity", "What has the field: `task`, `project`, `company`, `user` or `all`."),
        flag("required", "A value is required."),
        flag("is_private", "Private."),
        structure("options", "Choices of a dropdown, decimals of a number."),
        text("formula", "Formula of a calculated field."),
        text("currency_code", "Currency of a financial field."),
        integer("unit_id", "Unit: 1 currency, 2 duration, 3 date, 4 per cent."),
        integer("project_id", "Project that alone has the field; null for the whole site."),
        moment("created_at", "When the field was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the field was last changed."),
        integer("updated_by", "Person who changed it last."),
        flag("deleted", "Deleted in Teamwork."),
        moment("deleted_at", "When the field was deleted."),
        integer("deleted_by", "Person who deleted it."),
    )


class Workflows(ListStream):
    """Workflows, which replace the retired boards (fact sheet 5.13)."""

    name = "workflows"
    path = "workflows.json"
    envelope = "workflows"
    parameters = {"showDeleted": "true", "includeArchived": "true", "include": "stages"}
    schema = schema(
        key("id", "Id of the workflow."),
        text("name", "Name."),
        text("status", "`active` or another state."),
        flag("default_workflow", "The site's default."),
        flag("project_specific", "Belongs to certain projects."),
        integers("project_ids", "Projects that use the workflow."),
        integers("stage_ids", "Stages; their order here is not the display order."),
        moment("created_at", "When the workflow was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the workflow was last changed."),
        integer("updated_by", "Person who changed it last."),
    )

    def get_rows(self) -> Iterator[Row]:
        """Yield every workflow, once."""
        yield from self.listed[0]

    @cached_property
    def listed(self) -> tuple[list[Row], list[Row]]:
        """All workflows and their stages; asked for once per run, because they come together."""
        workflows = list(super().get_rows())
        return workflows, list(self._stages.values())

    def rows(self, body: Mapping[str, Any]) -> list[Row]:
        """Return the workflows, and keep the stages that were side-loaded with them."""
        # Without workflows nothing is side-loaded.
        stages = body["included"].get("stages", {}) if body[self.envelope] else {}
        for stage in self._tap.stream("stages").with_ids(list(stages.values())):
            self._stages[stage["id"]] = stage
        return super().rows(body)

    @cached_property
    def _stages(self) -> dict[int, Row]:
        return {}


class Stages(ListStream):
    """Stages of all workflows, side-loaded with them: no request of their own (fact sheet 6.2)."""

    name = "stages"
    path = Workflows.path
    schema = schema(
        key("id", "Id of the stage."),
        text("name", "Name."),
        text("color", "Colour, `#rrggbb`."),
        number("display_order", "Place in the workflow."),
        flag("show_completed_tasks", "Shows completed tasks."),
        integer("workflow_id", "Workflow of the stage."),
        moment("created_at", "When the stage was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the stage was last changed."),
        integer("updated_by", "Person who changed it last."),
        moment("deleted_at", "When the stage was deleted."),
        integer("deleted_by", "Person who deleted it."),
    )

    def get_rows(self) -> Iterator[Row]:
        """Yield the stages of all workflows."""
        workflows: Workflows = self._tap.stream("workflows")  # type: ignore[assignment]
        yield from workflows.listed[1]
