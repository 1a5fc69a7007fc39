"""What is special about Teamwork's API: authentication, envelopes, pages, related ids."""

from __future__ import annotations

from functools import cache, cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

import inflection
from requests.auth import HTTPBasicAuth
from singer_sdk.exceptions import FatalAPIError
from tap_kit.columns import known_moment
from tap_kit.replication import FullTableStream, IncrementalStream
from tap_kit.stream import KitStream

from tap_teamwork.paging import (
    OffsetCeilingError,
    Page,
    TimeReader,
    read_backwards,
    unless_empty_twice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import requests
    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row
    from tap_kit.http import Answer

    from tap_teamwork.paging import Fetch
    from tap_teamwork.tap import TapTeamwork

OFFSET_CEILING_TEXT = "exceeded our maximum offset"

CHECK_KEY = (
    "Check api_key (TAP_TEAMWORK_API_KEY), which must be a key of your profile, not an OAuth "
    "token, and base_url (TAP_TEAMWORK_BASE_URL): a site that does not exist answers the same."
)
CHECK_SITE = (
    "Check base_url (TAP_TEAMWORK_BASE_URL), for example https://yourcompany.teamwork.com, "
    "and the network."
)


class TeamworkStream(KitStream):
    """A list of Teamwork's API v3.

    A stream declares its `path`, the `envelope` (the key of the rows), the `parameters` that are
    always sent, and those that only show completed items or archived projects.
    """

    api_name = "Teamwork"
    refusal_hints: ClassVar[Mapping[int, str]] = {
        HTTPStatus.BAD_REQUEST: "Check page_size (at most 500) and project_ids.",
        HTTPStatus.UNAUTHORIZED: CHECK_KEY,
        HTTPStatus.FORBIDDEN: "Use the api_key (TAP_TEAMWORK_API_KEY) of a site administrator, "
        "or deselect this stream if your plan does not have it.",
        HTTPStatus.NOT_FOUND: CHECK_SITE,
    }

    _tap: TapTeamwork

    envelope: ClassVar[str]
    parameters: ClassVar[Mapping[str, str]] = {}
    parameters_for_completed: ClassVar[Mapping[str, str]] = {}
    parameters_for_archived: ClassVar[Mapping[str, str]] = {}
    within_projects: ClassVar[bool] = False
    """Whether the list can be cut down by `projectIds`."""

    primary_keys = ("id",)

    @property
    def http_headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Accept": "application/json"}

    @property
    def site(self) -> str:
        """The address of the site, without a slash at its end."""
        return self._tap.site

    @property
    def url_base(self) -> str:
        """The root of API v3."""
        return f"{self.site}/projects/api/v3/"

    @property
    def authenticator(self) -> HTTPBasicAuth:
        """Basic authentication: the key as user, any password (fact sheet 1.2)."""
        return HTTPBasicAuth(self.config["api_key"], "x")

    def validate_response(self, response: requests.Response) -> None:
        """Tell a result set that is too long for paging from other refusals."""
        if response.status_code == HTTPStatus.BAD_REQUEST and OFFSET_CEILING_TEXT in response.text:
            raise OffsetCeilingError(
                f"Teamwork shows no more than some 50 000 rows of one list, and '{self.name}' has "
                "more that cannot be told apart by the time of their change. The run stops, "
                "because rows would be missed: read fewer projects (project_ids), or deselect the "
                "stream."
            )
        super().validate_response(response)

    def error_detail(self, response: requests.Response) -> str:
        """Return the first error's text; every member of the error body is optional."""
        try:
            error = response.json()["errors"][0]
        except (ValueError, LookupError, TypeError):
            return ""
        return str(error.get("detail") or error.get("title") or "")[:200]

    @property
    def query(self) -> dict[str, Any]:
        """The parameters of every request of this stream."""
        query: dict[str, Any] = {"pageSize": self.config["page_size"], **self.parameters}
        if self.config["include_completed"]:
            query |= self.parameters_for_completed
        if self.config["include_archived_projects"]:
            query |= self.parameters_for_archived
        if self.within_projects and self.config.get("project_ids"):
            query["projectIds"] = ",".join(map(str, self.config["project_ids"]))
        return query

    def page(self, number: int, **parameters: Any) -> Page:  # noqa: ANN401
        """Return one page of the list."""
        query = {**self.query, "page": number, **parameters}
        page = unless_empty_twice(lambda: self.to_page(self.fetch(query)))
        if not self.progress.expected:
            self.progress.expect(self.progress.records + page.count)
        return page

    def to_page(self, answer: Answer) -> Page:
        """Return the page in an answer.

        Raises:
            FatalAPIError: If the envelope is missing: that is never an empty page.
        """
        try:
            rows = self.rows(answer.body)
            meta = answer.body["meta"]["page"]
            return Page(rows, bool(meta["hasMore"]), int(meta.get("count") or 0))
        except (KeyError, TypeError, ValueError):
            raise FatalAPIError(
                f"Teamwork's answer for '{self.path}' lacks '{self.envelope}' or 'meta.page'. "
                f"The run stops, because an incomplete answer is no empty list. {CHECK_SITE}"
            ) from None

    def rows(self, body: Mapping[str, Any]) -> list[Row]:
        """Return the rows of an answer, with what was side-loaded for them."""
        return self.with_ids(body[self.envelope])

    def project_ids(self) -> list[int]:
        """Return the ids of all projects, to read a list that is too long in parts."""
        if self.config.get("project_ids"):
            return list(self.config["project_ids"])
        projects = self._tap.streams["projects"]
        return [row["id"] for row in projects.get_rows()]  # type: ignore[attr-defined]

    def post_process(self, row: Record, context: Context | None = None) -> Record | None:
        """Turn a row into a record, its related ids and its several spellings of "none" unified."""
        record = super().post_process(with_related_ids(row), context)
        if record is None:
            return None
        for name in self._references:
            if record[name] == 0:
                record[name] = None
        for name in self._reference_lists:
            # Of a list that did not fit it is unknown what it has: it is not empty.
            if record[name] is None and name not in self.columns.rejected:
                record[name] = []
        return record

    @cached_property
    def _references(self) -> list[str]:
        return [name for name in self.schema["properties"] if name.endswith(("_id", "_by"))]

    @cached_property
    def _reference_lists(self) -> list[str]:
        return [name for name in self.schema["properties"] if name.endswith("_ids")]


class ListStream(TeamworkStream, FullTableStream):
    """A list that is read whole in every run."""

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every row of the list."""
        return self.get_rows()

    def get_rows(self) -> Iterator[Row]:
        """Yield every row of the list, once."""
        yield from read_backwards(self.page, self.config["page_size"])


class ChangesStream(TeamworkStream, IncrementalStream):
    """A list that is ordered by update time and read from the bookmark on."""

    is_sorted = True
    within_projects = True
    replication_key = "updated_at"
    changed_at: ClassVar[tuple[str, ...]] = ("updatedAt", "createdAt")
    """The attributes of a row that say when it changed; the first with a value counts."""

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every row that changed since the bookmark, in the order of the changes."""
        return self.changes(self.since)

    def changes(self, since: str | None, **parameters: Any) -> Iterator[Row]:  # noqa: ANN401
        """Yield every row that changed since a moment, in the order of the changes."""

        def fetch_with(**more: Any) -> Fetch:  # noqa: ANN401
            return lambda after, number: self.page(number, updatedAfter=after, **parameters, **more)

        def parts() -> Iterator[Fetch]:
            return (fetch_with(projectIds=project) for project in self.project_ids())

        yield from TimeReader(fetch_with(), self.time_of_change, parts).read(since)

    def time_of_change(self, row: Row) -> str:
        """Return when a row changed, or nothing where it does not say."""
        return next(filter(None, (known_moment(row.get(name)) for name in self.changed_at)), "")


def with_related_ids(row: Row) -> Row:
    """Return the row with a flat id for each relation that has none.

    `{"tasklist": {"id": 7, "type": "tasklists"}}` gets `tasklistId: 7`, `{"tags": [{"id": 1}]}`
    gets `tagIds: [1]`, and `{"createdBy": {"id": 3}}` becomes `createdBy: 3`. Flat twins that are
    sent win (fact sheet 5.0).
    """
    related: Row = {}
    sent: Row = {}
    for name, value in row.items():
        if value is None:
            continue
        sent[name] = value
        if isinstance(value, dict):
            if "id" in value:
                related[f"{name}Id"] = value["id"]
                if name.endswith("By"):
                    sent[name] = value["id"]
        elif isinstance(value, list) and any(map(_has_id, value)):
            related[_ids_name(name)] = [item["id"] if _has_id(item) else item for item in value]
    return {**related, **sent}


def _has_id(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, dict) and "id" in value


def object_in(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object within a row, an empty one where there is none."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


@cache
def _ids_name(relation: str) -> str:
    return f"{inflection.singularize(relation)}Ids"
