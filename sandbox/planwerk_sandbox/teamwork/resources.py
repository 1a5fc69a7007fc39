"""The list endpoints: path, envelope and filter of each kind (`api/teamwork.md`, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.teamwork import filters

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Resource:
    """One kind of row as the API lists it.

    Attributes:
        kind: The kind in the office.
        path: First segment of its path, without `.json`.
        envelope: Key of a list answer.
        single: Key of a single answer.
        shows: Builds the predicate from the query.
        page_size: Rows per page when the request does not say.
        updated_after: Whether the endpoint filters by `updatedAfter`.
        order_names: Names of the parameters for order and direction.
        fields: Key of `fields[...]` for lists and for single answers.
    """

    kind: str
    path: str
    envelope: str
    single: str
    shows: Callable[[filters.Context], Callable[[Any], bool]]
    page_size: int = 50
    updated_after: bool = True
    order_names: tuple[str, str] = ("orderBy", "orderMode")
    fields: tuple[str, str | None] = ("", "")


def _resource(
    kind: str,
    path: str,
    single: str,
    shows: Callable[[filters.Context], Callable[[Any], bool]],
    **other: Any,  # noqa: ANN401  # the optional fields of Resource
) -> Resource:
    envelope = other.pop("envelope", path)
    other.setdefault("fields", (envelope, envelope))
    return Resource(kind, path, envelope, single, shows, **other)


RESOURCES = {
    resource.kind: resource
    for resource in (
        _resource("companies", "companies", "company", filters.companies),
        _resource("people", "people", "person", filters.people, fields=("people", "person")),
        _resource(
            "tags",
            "tags",
            "tag",
            filters.tags,
            page_size=500,
            updated_after=False,
            fields=("tags", None),
        ),
        _resource(
            "project_categories",
            "projectcategories",
            "projectCategory",
            filters.project_categories,
            envelope="projectCategories",
            updated_after=False,
        ),
        _resource("projects", "projects", "project", filters.projects),
        _resource("tasklists", "tasklists", "tasklist", filters.tasklists),
        _resource("tasks", "tasks", "task", filters.tasks),
        _resource("timelogs", "time", "timelog", filters.timelogs, envelope="timelogs"),
        _resource("milestones", "milestones", "milestone", filters.milestones),
        _resource("comments", "comments", "comments", filters.comments),
        _resource(
            "custom_fields",
            "customfields",
            "customfield",
            filters.custom_fields,
            updated_after=False,
            fields=("customfields", None),
        ),
        _resource("workflows", "workflows", "workflow", filters.workflows),
        _resource("stages", "stages", "stage", filters.stages),
    )
}
"""The v3 resources by kind."""

BY_PATH = {resource.path: resource for resource in RESOURCES.values() if resource.kind != "stages"}
"""The resources that answer below the root of v3; stages live below their workflow."""

TEAMS = _resource(
    "teams",
    "teams",
    "team",
    filters.teams,
    updated_after=False,
    order_names=("sortBy", "sortOrder"),
)
"""Teams exist in v1 only (5.3)."""
