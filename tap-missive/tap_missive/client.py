"""What is special about Missive's API: the token, envelopes, related ids, moments."""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.authenticators import BearerTokenAuthenticator
from singer_sdk.exceptions import FatalAPIError
from tap_kit.http import server_time
from tap_kit.replication import FullTableStream, IncrementalStream
from tap_kit.stream import KitStream

from tap_missive.moments import is_seconds, readable
from tap_missive.paging import LARGEST_SLICE, Listed, read_slices

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    import requests
    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row

    from tap_missive.tap import TapMissive

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
    _tap: TapMissive

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
        return f"{self._tap.address}/"

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
        return [row for row in self._rows(body, path) if row["id"] is not None]

    def _rows(self, body: Mapping[str, Any], path: str | None) -> list[Row]:
        """Return the rows in their places; one without an id is recorded, and only counts."""
        rows = body.get(self.envelope)
        try:
            return self.in_places([rows] if isinstance(rows, dict) else rows)
        except TypeError:
            raise FatalAPIError(
                f"Missive's answer for '{path or self.path}' lacks '{self.envelope}'. The run "
                f"stops, because an incomplete answer is no empty list. {CHECK_ADDRESS}"
            ) from None

    def page(
        self,
        until: int | None,
        limit: int = LARGEST_PAGE,
        path: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> Listed:
        """Return the rows up to a moment, newest first."""
        answer = self.fetch({"limit": limit, "until": until, **(where or {})}, path)
        return Listed(self._rows(answer.body, path), server_time(answer.headers).timestamp())

    def slice(self, offset: int, **parameters: Any) -> list[Row]:  # noqa: ANN401
        """Return the rows from an offset on."""
        answer = self.fetch({"limit": LARGEST_SLICE, "offset": offset, **parameters})
        return self._rows(answer.body, None)

    def placed_at(self, row: Row) -> float | None:
        """Return the moment in Unix seconds that places a row in its list; None if it is odd."""
        value = row.get(self.placed_by)
        return float(value) if is_seconds(value) else None

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
        """Whether what is missing is gone.

        Not if rows went while the list was read: one of the others may be missing. Nor if it came
        empty and did not in the last run: the next one has to find none either. Nor if another
        user's token reads it, who may see less.
        """
        if self._moved:
            return False
        is_same = not self._emptied and self._tap.is_owner_of(self.stream_state)
        return self.config["allow_mass_delete"] or is_same

    @property
    def _emptied(self) -> set[str]:
        return set(self.stream_state.get("filled", ())) - self._filled

    @cached_property
    def _filled(self) -> set[str]:
        """The lists, by a short name, that had rows in this run."""
        return set()

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every row of the list."""
        return self.get_rows()

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row, and say whether it is left open which ones are gone."""
        rows = 0
        for row in super().get_records(context):
            rows += 1
            yield row
        state = self.stream_state
        if self.lists_all:
            self._tap.claim(state)
        elif not self._tap.is_owner_of(state):
            self.logger.warning(
                "The token belongs to another user than before, who may see less of '%s': nothing "
                "is marked as deleted. If that user sees all, run once with "
                "allow_mass_delete: true.",
                self.name,
            )
        else:
            self._refuse_mass_deletion(rows, state.get("row_count", 0))
            self.logger.warning(
                "Rows of '%s' went while they were read, or there are suddenly none. Nothing is "
                "marked as deleted until the next run.",
                self.name,
            )
        state["filled"] = sorted(self._filled)
        self.state_manager.is_flushed = False

    def get_rows(self) -> Iterator[Row]:
        """Yield every row of the list, once."""
        yield from self.listing()

    def listing(self, **where: str) -> Generator[Row, None, None]:
        """Yield every row of the list under some parameters."""
        name = sha256(json.dumps(where).encode()).hexdigest()[:8]

        def fetch(offset: int) -> list[Row]:
            rows = self.slice(offset, **where)
            self._filled.update([name] if rows else [])
            return rows

        self._moved |= yield from read_slices(fetch)


class ChangesStream(MissiveStream, IncrementalStream):
    """A list that is read from the bookmark on, or whole for a user that is new to the state."""

    @property
    def since(self) -> str | None:
        """The moment to read from; another user may see what the former one did not."""
        if self._tap.is_owner_of(self.stream_state):
            return super().since
        return self.start

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row that changed, and note whose list it is."""
        yield from super().get_records(context)
        self._tap.claim(self.stream_state)


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
