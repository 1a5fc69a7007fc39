"""Version 3 of the API: lists, single rows and custom field values as JSON bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.office import living
from planwerk_sandbox.teamwork import account, includes, shapes
from planwerk_sandbox.teamwork.errors import not_found
from planwerk_sandbox.teamwork.filters import Context
from planwerk_sandbox.teamwork.listing import Listings, Page
from planwerk_sandbox.teamwork.resources import BY_PATH, RESOURCES, Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.account import Caller
    from planwerk_sandbox.teamwork.parameters import Parameters
    from planwerk_sandbox.teamwork.settings import TeamworkSettings
    from planwerk_sandbox.teamwork.shapes import Shape

_NESTED: dict[tuple[str, str], tuple[str, str]] = {
    ("projects", "tasks"): ("tasks", "project"),
    ("projects", "tasklists"): ("tasklists", "project_id"),
    ("projects", "milestones"): ("milestones", "project_id"),
    ("projects", "time"): ("timelogs", "project_id"),
    ("tasklists", "tasks"): ("tasks", "tasklist_id"),
    ("tasks", "subtasks"): ("tasks", "parent_task_id"),
    ("tasks", "time"): ("timelogs", "task_id"),
    ("tasks", "comments"): ("comments", "task"),
    ("milestones", "comments"): ("comments", "milestone"),
    ("workflows", "stages"): ("stages", "workflow_id"),
}
"""(parent path, child path) -> (child kind, how the child names its parent)."""

_VALUE_LISTS = {
    "tasks": "customfieldTasks",
    "projects": "customfieldProjects",
    "companies": "customfieldCompanies",
}


class V3:
    """Answers the paths below the root of v3."""

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self._office = office
        self._settings = settings
        self._listings = Listings()

    def body(self, segments: list[str], query: Parameters, caller: Caller) -> Shape:
        """Return the body of the answer to a GET.

        Args:
            segments: The path below the root of v3 in parts, without `.json`.
            query: The parameters of the request.
            caller: Who asks.

        Raises:
            ApiError: 400 for a refused parameter, 404 for an unknown path, row or parent.
        """
        match segments:
            case ["me"]:
                me = self._office.people[caller.person_id]
                shape = account.without_rates(shapes.people.person(self._office, me), caller)
                return {"person": shape, "meta": {}, "included": {}}
            case [path] if path in BY_PATH:
                return self._list(BY_PATH[path], query, caller)
            case [path, row_id] if path in BY_PATH and _is_id(row_id):
                return self._single(BY_PATH[path], int(row_id), query, caller)
            case [path, row_id, "customfields"] if path in _VALUE_LISTS and _is_id(row_id):
                return self._value_list(BY_PATH[path], int(row_id), query, caller)
            case [path, row_id, child] if (path, child) in _NESTED and _is_id(row_id):
                kind, link = _NESTED[path, child]
                self._existing(BY_PATH[path], int(row_id), caller)
                belongs = self._belongs(link, int(row_id))
                return self._list(
                    RESOURCES[kind], query, caller, belongs, scope=(link, int(row_id))
                )
            case _:
                raise not_found()

    def _belongs(self, link: str, parent: int) -> Callable[[Any], bool]:
        match link:
            case "project":
                return lambda row: self._office.task_project(row).id == parent
            case "task" | "milestone":
                return lambda row: row.object_type == link and row.object_id == parent
            case _:
                return lambda row: getattr(row, link) == parent

    def _list(
        self,
        resource: Resource,
        query: Parameters,
        caller: Caller,
        belongs: Callable[[Any], bool] = lambda _: True,
        scope: tuple[Any, ...] = (),
    ) -> Shape:
        at = Context(self._office, self._settings, query)
        visible = account.visible_rows(self._office, resource.kind, caller)
        page = self._listings.page(
            at, resource, lambda row: belongs(row) and visible(row), (caller.restricted, *scope)
        )
        fields = query.fields()
        body: Shape = {
            resource.envelope: [
                _kept(self._served(resource.kind, row, query, caller), fields, resource.fields[0])
                for row in page.rows
            ],
            "included": self._included(resource, query, page.rows, fields, caller),
            "meta": {"page": self._meta(page, skip=query.flag("skipCounts"))},
        }
        if resource.kind == "project_categories":
            projects = living(self._office.projects.values())
            sorted_in = sum(project.category_id is not None for project in projects)
            body["projectCategoryTotals"] = {
                "categorizedItems": sorted_in,
                "uncategorizedItems": len(projects) - sorted_in,
            }
        return body

    def _meta(self, page: Page, *, skip: bool) -> Shape:
        count = page.total
        if page.has_more and (skip or self._settings.count_is_lower_bound):
            count = page.number * page.size + 1
        return {
            "pageOffset": page.number - 1,
            "pageSize": page.size,
            "count": count,
            "hasMore": page.has_more,
        }

    def _single(self, resource: Resource, row_id: int, query: Parameters, caller: Caller) -> Shape:
        row = self._existing(resource, row_id, caller)
        fields = query.fields()
        shape = self._served(resource.kind, row, query, caller)
        return {
            resource.single: _kept(shape, fields, resource.fields[1]),
            "included": self._included(resource, query, [row], fields, caller),
            "meta": {},
        }

    def _existing(self, resource: Resource, row_id: int, caller: Caller) -> Any:  # noqa: ANN401
        row = self._office.rows(resource.kind).get(row_id)
        visible = account.visible_rows(self._office, resource.kind, caller)
        if row is None or row.deleted_at is not None or not visible(row):
            raise not_found()
        return row

    def _value_list(
        self, resource: Resource, row_id: int, query: Parameters, caller: Caller
    ) -> Shape:
        self._existing(resource, row_id, caller)
        wanted = query.ids("customFieldIds")
        values = [
            value
            for value in self._office.custom_values(resource.kind, row_id)
            if wanted is None or value.customfield_id in wanted
        ]
        number, size = query.number("page", 1), query.number("pageSize", 50)
        page = Page(values[(number - 1) * size : number * size], number, size, len(values))
        return {
            _VALUE_LISTS[resource.kind]: [
                shapes.tasks.custom_field_value(self._office, value) for value in page.rows
            ],
            "included": {},
            "meta": {"page": self._meta(page, skip=False)},
        }

    def _served(self, kind: str, row: Any, query: Parameters, caller: Caller) -> Shape:  # noqa: ANN401
        shape = account.without_rates(shapes.shape_of(self._office, kind, row), caller)
        if kind == "tags" and query.flag("withCounters"):
            shape["count"] = sum(
                row.id in (task.tag_ids or ()) for task in self._office.tasks.values()
            )
        if kind == "companies" and query.flag("fullProfile"):
            shape["profile"] = shape["profileText"] = ""
        return shape | self._settings.served_fields.get(kind, {})

    def _included(
        self,
        resource: Resource,
        query: Parameters,
        rows: list[Any],
        fields: dict[str, frozenset[str]],
        caller: Caller,
    ) -> dict[str, dict[str, Shape]]:
        words = query.words("include", includes.INCLUDES.get(resource.kind, {}))
        if resource.kind in includes.CUSTOM_FIELD_WORDS and query.flag("includeCustomFields"):
            words += includes.CUSTOM_FIELD_WORDS[resource.kind]
        maps = includes.included(self._office, resource.kind, words, rows)
        return {
            key: {
                row_id: _kept(account.without_rates(shape, caller), fields, key)
                for row_id, shape in objects.items()
            }
            for key, objects in maps.items()
        }


def _is_id(segment: str) -> bool:
    return segment.isascii() and segment.isdigit()


def _kept(shape: Shape, fields: dict[str, frozenset[str]], key: str | None) -> Shape:
    """Drop what `fields[key]` does not list (6.3)."""
    if key is None or key not in fields:
        return shape
    return {name: value for name, value in shape.items() if name in fields[key]}
