"""The Teamwork API: from a request to an answer, v3 and the v1 parts still needed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from planwerk_sandbox.teamwork import account, includes, shapes
from planwerk_sandbox.teamwork.errors import ApiError, bad_request, not_found
from planwerk_sandbox.teamwork.filters import Context
from planwerk_sandbox.teamwork.listing import Listings
from planwerk_sandbox.teamwork.parameters import Parameters
from planwerk_sandbox.teamwork.resources import BY_PATH, RESOURCES, TEAMS, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.account import Caller
    from planwerk_sandbox.teamwork.listing import Page
    from planwerk_sandbox.teamwork.settings import TeamworkSettings
    from planwerk_sandbox.teamwork.shapes import Shape

_V3, _V1 = "projects/api/v3/", "projects/api/v1/"
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


class Answer(NamedTuple):
    """A complete HTTP answer."""

    status: int
    body: bytes
    headers: dict[str, str]


class Request(NamedTuple):
    """What the API looks at in an HTTP request; the path is below the site's root."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str | None = None


def api_path(path: str) -> str:
    """Return a path below the root of its API version, as fact sheets and logs write it."""
    path = path.lstrip("/")
    for prefix in (_V3, _V1):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


class TeamworkApi:
    """Answers requests from the office; changes nothing in it."""

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self.office = office
        self.settings = settings
        self._listings = Listings()
        self._limit = account.RateLimit(settings)

    def restart_rate_limit(self) -> None:
        """Open a new window, so that a changed limit counts from now."""
        self._limit = account.RateLimit(self.settings)

    def answer(self, request: Request) -> tuple[Answer, list[str]]:
        """Answer a request.

        Returns:
            The answer, and the names of the parameters that the endpoint does not know.
        """
        query = Parameters(request.query)
        headers = {"Date": self.office.clock.http_date()}
        caller = account.caller_of(self.office, request.authorization)
        if caller is None:
            error = ApiError(401, "401: Not authorized")
            return _json_answer(error.status, error.body, headers), []
        allowed, limit_headers = self._limit.take()
        headers |= limit_headers
        if not allowed:
            text = "You have exceeded your rate limit. Please try again in a little while."
            headers["Content-Type"] = "text/plain; charset=utf-8"
            return Answer(429, text.encode(), headers), []
        try:
            body, more_headers = self._route(request, query, caller)
        except ApiError as error:
            return _json_answer(error.status, error.body, headers), []
        return _json_answer(200, body, headers | more_headers), query.unread()

    def _route(
        self, request: Request, query: Parameters, caller: Caller
    ) -> tuple[Shape, dict[str, str]]:
        path = request.path.lstrip("/")
        below = api_path(path)
        if request.method != "GET":
            raise ApiError(405, f"405: Method {request.method} not allowed on {below}")
        if caller.restricted and re.search(self.settings.forbidden_path, below):
            raise ApiError(403, "You do not have permission to access this resource")
        segments = below.removesuffix(".json").split("/")
        if not below.endswith(".json") and segments[-1] != "tasklists":
            raise not_found()
        if not path.startswith(_V3):
            if segments != ["teams"]:
                raise not_found()
            return self._teams(query)
        return self._v3(segments, query, caller), {}

    def _v3(self, segments: list[str], query: Parameters, caller: Caller) -> Shape:
        match segments:
            case ["me"]:
                me = self.office.people[caller.person_id]
                shape = account.without_rates(shapes.people.person(self.office, me), caller)
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
                return lambda row: self.office.task_project(row).id == parent
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
        at = Context(self.office, self.settings, query)
        visible = account.visible_rows(self.office, resource.kind, caller)
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
            living = [p for p in self.office.projects.values() if p.deleted_at is None]
            sorted_in = sum(p.category_id is not None for p in living)
            body["projectCategoryTotals"] = {
                "categorizedItems": sorted_in,
                "uncategorizedItems": len(living) - sorted_in,
            }
        return body

    def _meta(self, page: Page, *, skip: bool) -> Shape:
        count = page.total
        if page.has_more and (skip or self.settings.count_is_lower_bound):
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
        row = self.office.rows(resource.kind).get(row_id)
        visible = account.visible_rows(self.office, resource.kind, caller)
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
            for value in self.office.custom_values(resource.kind, row_id)
            if wanted is None or value.customfield_id in wanted
        ]
        number, size = query.number("page", 1), query.number("pageSize", 50)
        rows = values[(number - 1) * size : number * size]
        return {
            _VALUE_LISTS[resource.kind]: [
                shapes.tasks.custom_field_value(self.office, value) for value in rows
            ],
            "included": {},
            "meta": {
                "page": {
                    "pageOffset": number - 1,
                    "pageSize": size,
                    "count": len(values),
                    "hasMore": number * size < len(values),
                }
            },
        }

    def _served(self, kind: str, row: Any, query: Parameters, caller: Caller) -> Shape:  # noqa: ANN401
        shape = account.without_rates(shapes.shape_of(self.office, kind, row), caller)
        if kind == "tags" and query.flag("withCounters"):
            shape["count"] = sum(
                row.id in (task.tag_ids or ()) for task in self.office.tasks.values()
            )
        if kind == "companies" and query.flag("fullProfile"):
            shape["profile"] = shape["profileText"] = ""
        return shape | self.settings.served_fields.get(kind, {})

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
        maps = includes.included(self.office, resource.kind, words, rows)
        return {
            key: {
                row_id: _kept(account.without_rates(shape, caller), fields, key)
                for row_id, shape in objects.items()
            }
            for key, objects in maps.items()
        }

    def _teams(self, query: Parameters) -> tuple[Shape, dict[str, str]]:
        sent_after = query.text("updatedAfterDate")
        if sent_after is not None and not re.fullmatch(r"\d{14}", sent_after):
            raise bad_request("Invalid value for updatedAfterDate: expected YYYYMMDDHHMMSS")

        def changed(row: Any) -> bool:  # noqa: ANN401  # only teams come here
            return sent_after is None or re.sub(r"\D", "", row.date_updated) > sent_after

        at = Context(self.office, self.settings, query)
        page = self._listings.page(at, TEAMS, changed, (sent_after,))
        pages = max(-(-page.total // page.size), 1)
        body = {
            "STATUS": "OK",
            "teams": [
                shapes.people.team(self.office, row) | self.settings.served_fields.get("teams", {})
                for row in page.rows
            ],
        }
        return body, {
            "X-Page": str(page.number),
            "X-Pages": str(pages),
            "X-Records": str(page.total),
        }


def _is_id(segment: str) -> bool:
    return segment.isascii() and segment.isdigit()


def _kept(shape: Shape, fields: dict[str, Iterable[str]] | Any, key: str | None) -> Shape:  # noqa: ANN401
    """Drop what `fields[key]` does not list (6.3)."""
    if key is None or key not in fields:
        return shape
    return {name: value for name, value in shape.items() if name in fields[key]}


def _json_answer(status: int, body: Shape, headers: dict[str, str]) -> Answer:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate cannot be written in UTF-8; "?" keeps the answer readable.
    return Answer(
        status,
        text.encode(errors="replace"),
        headers | {"Content-Type": "application/json; charset=utf-8"},
    )
