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
        _resource("companies", "companies", "company", filters.people.companies),
        _resource("people", "people", "person", filters.people.people, fields=("people", "person")),
        _resource(
            "tags",
            "tags",
            "tag",
            filters.projects.tags,
            page_size=500,
            updated_after=False,
            fields=("tags", None),
        ),
        _resource(
            "project_categories",
            "projectcategories",
            "projectCategory",
            filters.projects.project_categories,
            envelope="projectCategories",
            updated_after=False,
        ),
        _resource("projects", "projects", "project", filters.projects.projects),
        _resource("tasklists", "tasklists", "tasklist", filters.projects.tasklists),
        _resource("tasks", "tasks", "task", filters.tasks.tasks),
        _resource("timelogs", "time", "timelog", filters.tasks.timelogs, envelope="timelogs"),
        _resource("milestones", "milestones", "milestone", filters.projects.milestones),
        _resource("comments", "comments", "comments", filters.tasks.comments),
        _resource(
            "custom_fields",
            "customfields",
            "customfield",
            filters.tasks.custom_fields,
            updated_after=False,
            fields=("customfields", None),
        ),
        _resource("workflows", "workflows", "workflow", filters.projects.workflows),
        _resource("stages", "stages", "stage", filters.projects.stages),
    )
}
"""The v3 resources by kind."""

BY_PATH = {resource.path: resource for resource in RESOURCES.values() if resource.kind != "stages"}
"""The resources that answer below the root of v3; stages live below their workflow."""

TEAMS = _resource(
    "teams",
    "teams",
    "team",
    filters.people.teams,
    updated_after=False,
    order_names=("sortBy", "sortOrder"),
)
"""Teams exist in v1 only (5.3)."""
