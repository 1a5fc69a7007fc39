"""What is special about Missive's API: the token, envelopes, related ids, moments."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.authenticators import BearerTokenAuthenticator
from singer_sdk.exceptions import FatalAPIError
from tap_kit.http import server_time
from tap_kit.replication import FullTableStream
from tap_kit.stream import KitStream

from tap_missive.moments import is_seconds, readable
from tap_missive.paging import LARGEST_SLICE, Listed, read_slices

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    import requests
    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

CHECK_KEY = (
    "Check api_token (TAP_MISSIVE_API_TOKEN): create one in Missive under Settings, API; "
    "the organization must be on the Productive plan or a higher one."
)
CHECK_ADDRESS = "Check api_url (normally https://public.missiveapp.com/v1) and the network."

LARGEST_PAGE = 50
"""Rows per request of conversations and tasks, which are paged by time."""

_ONE = {
    *("organization", "team", "user", "parent", "conversation"),
    *("contact_book", "share_with_team"),
}
_MANY = {
    "assignees": "assignee_ids",
    "shared_labels": "shared_label_ids",
    "active_members": "active_member_ids",
    "observers": "observer_ids",
    "share_with_users": "share_with_user_ids",
}


class MissiveStream(KitStream):
    """A list of Missive's API.

    A stream declares its `path` and the `envelope` (the key of the rows).
    """

    api_name = "Missive"
    refusal_hints: ClassVar[Mapping[int, str]] = {
        HTTPStatus.BAD_REQUEST: "Check mailboxes and message_batch_size (at most 50).",
        HTTPStatus.UNAUTHORIZED: CHECK_KEY,
        HTTPStatus.FORBIDDEN: "Deselect this stream if the owner of the token must not see it. "
        + CHECK_KEY,
        HTTPStatus.NOT_FOUND: CHECK_ADDRESS,
    }

    envelope: ClassVar[str]
    placed_by: ClassVar[str] = "last_activity_at"
    """The attribute that a list of this stream is ordered by."""

    primary_keys = ("id",)

    @property
    def http_headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Accept": "application/json"}

    @property
    def url_base(self) -> str:
        """The root of the API."""
        return str(self.config["api_url"]).rstrip("/") + "/"

    @property
    def authenticator(self) -> BearerTokenAuthenticator:
        """The personal token (fact sheet 1.2)."""
        return BearerTokenAuthenticator(token=self.config["api_token"])

    def error_detail(self, response: requests.Response) -> str:
        """Return the server's own words, whichever of the known shapes they have (1.4)."""
        try:
            body = response.json()
        except ValueError:
            return ""
        return _words(body)[:200]

    def rows(self, body: Mapping[str, Any], path: str | None = None) -> list[Row]:
        """Return the rows of an answer; one that was asked for by its id comes bare.

        Raises:
            FatalAPIError: If the envelope is missing: that is never an empty page.
        """
        rows = body.get(self.envelope)
        rows = [rows] if isinstance(rows, dict) else rows
        if isinstance(rows, list) and all(isinstance(row, dict) and row.get("id") for row in rows):
            return [{**row, "id": str(row["id"])} for row in rows]
        raise FatalAPIError(
            f"Missive's answer for '{path or self.path}' lacks '{self.envelope}'. The run stops, "
            f"because an incomplete answer is no empty list. {CHECK_ADDRESS}"
        )

    def page(
        self,
        until: int | None,
        limit: int = LARGEST_PAGE,
        path: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> Listed:
        """Return the rows up to a moment, newest first."""
        answer = self.fetch({"limit": limit, "until": until, **(where or {})}, path)
        return Listed(self.rows(answer.body, path), server_time(answer.headers).timestamp())

    def slice(self, offset: int, **parameters: Any) -> list[Row]:  # noqa: ANN401
        """Return the rows from an offset on."""
        answer = self.fetch({"limit": LARGEST_SLICE, "offset": offset, **parameters})
        return self.rows(answer.body)

    def placed_at(self, row: Row) -> float:
        """Return the moment in Unix seconds that places a row in its list.

        Raises:
            FatalAPIError: If it is no number: the order of the list would be guesswork.
        """
        value = row.get(self.placed_by)
        if is_seconds(value):
            return float(value)  # type: ignore[arg-type]
        raise FatalAPIError(
            f"Missive sent row {row['id']} of '{self.name}' with {self.placed_by} = "
            f"{json.dumps(value)[:40]}, which is no number of seconds. The run stops, because "
            "rows could be missed; the next one begins where this one did."
        )

    def reshape(self, row: Record) -> Record:
        """Return the row with related ids, ISO moments, and addresses that do not change."""
        row = with_related_ids(row)
        for name in self.moments:
            if is_seconds(row.get(name)):
                row[name] = readable(row[name])
        if isinstance(row.get("attachments"), list):
            row["attachments"] = [without_signature(file) for file in row["attachments"]]
        if row.get("attachment"):
            row["attachment"] = without_signature(row["attachment"])
        return row

    @property
    def moments(self) -> list[str]:
        """The columns that are moments."""
        properties = self.schema["properties"]
        return [name for name, kind in properties.items() if kind.get("format") == "date-time"]


class ListStream(MissiveStream, FullTableStream):
    """A list that is read whole in every run."""

    _moved = False

    @property
    def lists_all(self) -> bool:
        """False if rows went while the list was read: one of the others may be missing."""
        return not self._moved

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every row of the list."""
        return self.get_rows()

    def get_rows(self) -> Iterator[Row]:
        """Yield every row of the list, once."""
        yield from self.listing()

    def listing(self, **where: str) -> Generator[Row, None, None]:
        """Yield every row of the list under some parameters."""
        if (yield from read_slices(lambda offset: self.slice(offset, **where))):
            self._moved = True
            self.logger.warning(
                "Rows of '%s' went while they were read; which ones are gone is left to the next "
                "run.",
                self.name,
            )


def with_related_ids(row: Row) -> Row:
    """Return the row with flat ids for what it refers to.

    `{"team": {"id": "7"}}` and `{"team": "7"}` get `team_id: "7"`, `{"shared_labels": [{"id":
    "1"}]}` gets `shared_label_ids: ["1"]`. An absent list stays absent: it is unknown, not empty.
    """
    related: Row = {}
    for name, value in row.items():
        if name in _ONE:
            related[f"{name}_id"] = _id(value)
        elif name in _MANY and isinstance(value, list):
            related[_MANY[name]] = [_id(item) for item in value]
    return {**row, **related}


def _id(value: Any) -> Any:  # noqa: ANN401
    return value.get("id") if isinstance(value, dict) else value


def without_signature(file: Any) -> Any:  # noqa: ANN401
    """Return a file with an address that stays the same.

    The signature in its query differs on every read and expires within hours (fact sheet 7); the
    rest names the file.
    """
    if isinstance(file, dict) and isinstance(file.get("url"), str):
        return {**file, "url": file["url"].partition("?")[0]}
    return file


def _words(error: Any) -> str:  # noqa: ANN401
    if isinstance(error, dict):
        found = (_words(error.get(name)) for name in ("error", "errors", "message", "detail"))
        return next(filter(None, found), "")
    if isinstance(error, list):
        return "; ".join(filter(None, map(_words, error)))
    return error if isinstance(error, str) else ""
