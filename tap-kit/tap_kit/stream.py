"""A stream that asks politely and turns what it gets into records."""

from __future__ import annotations

import abc
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

import backoff
import requests
from singer_sdk import RESTStream
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.helpers.conform import TypeConformanceLevel

from tap_kit.columns import Columns
from tap_kit.decoding import decoded
from tap_kit.http import Answer, in_words, origin, seconds_asked_for
from tap_kit.unfit import Rejection

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from singer_sdk.helpers.types import Context, Record
    from singer_sdk.pagination import BaseAPIPaginator

    from tap_kit.tally import Tally
    from tap_kit.tap import KitTap

CONNECT_TIMEOUT_SECONDS = 10
MAX_TRIES = 8
LONGEST_BACKOFF_SECONDS = 60
TEMPORARY_FAILURES = (
    RetriableAPIError,
    ConnectionError,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)

ODD_FORMS = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""How Python says that a value has another form than expected."""


class RefusedError(FatalAPIError):
    """A request that the server refused.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class KitStream(RESTStream[Any], abc.ABC):
    """A stream that asks politely and fails in one sentence.

    A subclass of one API names the API, says which setting to look at for a refused request, and
    walks its pages with `fetch` in `request_records`.
    """

    api_name: ClassVar[str]
    refusal_hints: ClassVar[Mapping[int, str]]
    """For 400, 401, 403 and 404: the sentence that says which setting to look at."""

    STATE_MSG_FREQUENCY = 500
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    _tap: KitTap

    def fetch(self, params: Mapping[str, Any], path: str | None = None) -> Answer:
        """Ask once, politely and as often as needed, and return the decoded answer.

        Args:
            params: The query; an attribute that is None is not sent.
            path: The path below the base URL; default: the stream's own.

        Raises:
            RefusedError: One sentence: what was refused, and which setting to look at.
            FatalAPIError: One sentence: what did not answer, and where to look.
        """
        path = path or self.path
        # Not singer-sdk's request_decorator: it logs the exceptions, whose texts hold the URL.
        ask = backoff.on_exception(
            self.backoff_wait_generator,
            TEMPORARY_FAILURES,
            max_tries=self.backoff_max_tries,
            jitter=self.backoff_jitter,
            giveup=_is_strange_certificate,
            on_backoff=self.backoff_handler,
            logger=None,
        )(self._ask)
        try:
            request = self.build_prepared_request(
                method="GET",
                url=self.url_base + path,
                params={name: value for name, value in params.items() if value is not None},
                headers=self.http_headers,
            )
            return ask(request, path)
        except TEMPORARY_FAILURES as error:
            if _is_strange_certificate(error):
                raise FatalAPIError(
                    f"The certificate of the server that answers for {self.api_name} is not "
                    "accepted, so nothing was sent: it may be somebody else's. "
                    f"{self.refusal_hints[HTTPStatus.NOT_FOUND]}"
                ) from None
            raise FatalAPIError(
                f"{self.api_name} did not give a usable answer for '{path}' in "
                f"{self.backoff_max_tries()} tries: {self.failure(error)}. Nothing is lost; the "
                "next run goes on from the bookmark. "
                f"{self.refusal_hints[HTTPStatus.NOT_FOUND]}"
            ) from None
        except requests.RequestException:
            raise FatalAPIError(
                f"The address of {self.api_name} is no web address. "
                f"{self.refusal_hints[HTTPStatus.NOT_FOUND]}"
            ) from None

    def _ask(self, request: requests.PreparedRequest, path: str) -> Answer:
        response = self._request(request, None)
        try:
            body = decoded(response.content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise RetriableAPIError(f"the answer for '{path}' is not a JSON object", response)
        return Answer(body, response.headers)

    def validate_response(self, response: requests.Response) -> None:
        """Sort an answer into good, to be tried again (429, 5xx), and refused (other 4xx)."""
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise RetriableAPIError(f"{status} {response.reason}", response)
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            target = origin(urljoin(response.url, response.headers.get("Location", "")))
            raise RefusedError(
                f"{self.api_name} redirects to {target}, where the key is not sent to. If that is "
                f"its new address, put it into the settings. {self.refusal_hints[404]}",
                status,
            )
        if status >= HTTPStatus.BAD_REQUEST:
            detail = self.error_detail(response)
            hint = self.refusal_hints.get(status, self.refusal_hints[HTTPStatus.BAD_REQUEST])
            raise RefusedError(
                f"{self.api_name} refused stream '{self.name}' with {status} "
                f"{response.reason}{f' ({detail})' if detail else ''}. {hint}",
                status,
            )

    def error_detail(self, response: requests.Response) -> str:  # noqa: ARG002
        """Return the server's own words for a refusal, or nothing; never a secret."""
        return ""

    def failure(self, error: Exception) -> str:
        """Return in a few words what went wrong, without the URL, which may hold a secret."""
        if isinstance(error, RetriableAPIError):
            return str(error)
        if isinstance(error, requests.Timeout):
            return f"no answer within {self.config['request_timeout_seconds']} s"
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return "the answer was cut off"
        return "no connection"

    @property
    def requests_session(self) -> requests.Session:
        """The session of the whole tap, so that all its streams share the limits."""
        return self._tap.session

    @property
    def timeout(self) -> tuple[int, int]:  # type: ignore[override]
        """Seconds to connect and to wait for an answer."""
        return (CONNECT_TIMEOUT_SECONDS, self.config["request_timeout_seconds"])

    def backoff_max_tries(self) -> int:
        """How often a request is tried before the run fails."""
        return self._tap.max_tries

    def backoff_wait_generator(self) -> Generator[float, Any, None]:
        """Wait as long as the server asks, else 1, 2, 4 ... seconds."""
        doubling = backoff.expo(max_value=LONGEST_BACKOFF_SECONDS)
        next(doubling)

        def seconds(error: Exception) -> float:
            asked = seconds_asked_for(getattr(error, "response", None))
            return next(doubling) if asked is None else asked

        return self.backoff_runtime(value=seconds)

    def backoff_handler(self, details: Any) -> None:  # noqa: ANN401
        """Say why and how long the tap waits."""
        self.logger.warning(
            "%s: %s for '%s'; trying again %s (try %d of %d).",
            self.api_name,
            self.failure(details["exception"]),
            details["args"][1],
            in_words(details["wait"]),
            details["tries"] + 1,
            self.backoff_max_tries(),
        )
        self._tap.progress.waits(details["wait"], "another try")

    @property
    def progress(self) -> Tally:
        """What was done for this stream so far; it may be told how many records to expect."""
        return self._tap.progress.of(self.name)

    def _request(
        self, prepared_request: requests.PreparedRequest, context: Context | None
    ) -> requests.Response:
        with self._tap.progress.asking():
            return super()._request(prepared_request, context)

    def _sync_records(
        self, context: Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        def bookmark() -> str | None:
            return self.stream_state.get("replication_key_value")

        with self._tap.progress.reading(self.name, bookmark) as tally:
            for record in super()._sync_records(context, write_messages=write_messages):
                tally.count_record()
                yield record

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row of the API, once the state can be gone on with."""
        self.take_up_state()
        yield from super().get_records(context)

    def take_up_state(self) -> None:
        """Make the state of the last run one to go on with.

        Raises:
            FatalAPIError: One sentence, if it cannot be.
        """
        self.refuse_another_source()

    def refuse_another_source(self) -> None:
        """Refuse to go on with the state of another account or site.

        Raises:
            FatalAPIError: One sentence: rows of both would be mixed, or look deleted.
        """
        state, source = self.stream_state, self._tap.source
        known = state.get("source")
        if known and source and not self._tap.is_source(known):
            raise FatalAPIError(
                f"The state of stream '{self.name}' belongs to {known}, and the settings now lead "
                f"to {source}. Nothing was read. {self._tap.source_hint}"
            )
        if source:
            state["source"] = source

    def get_new_paginator(self) -> BaseAPIPaginator[Any] | None:
        """Not used: a stream walks its own pages in `request_records`."""

    @abc.abstractmethod
    def request_records(self, context: Context | None) -> Iterable[dict[str, Any]]:
        """Yield the API's rows."""

    @cached_property
    def columns(self) -> Columns:
        """The columns of this stream."""
        return Columns(self.schema, self.primary_keys, self.reject)

    has_lost_rows = False
    """Whether a whole row was rejected in this run: what is missing may then be there."""

    def reject(self, rejection: Rejection) -> None:
        """Record what cannot be loaded, instead of stopping for it."""
        self.has_lost_rows = self.has_lost_rows or rejection.column is None
        self._tap.rejected_rows.note(self.name, rejection)

    def with_ids(self, rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Return the rows of an answer that have a usable `id`; the others are recorded."""
        return [row for row in self.in_places(rows) if row["id"] is not None]

    def in_places(self, rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Return all rows of an answer, with nothing but the id None for one without an id.

        Raises:
            TypeError: If that is no list, or one of several rows of which none has an id: then
                it is the answer that is odd, and not a row.
        """
        if not isinstance(rows, list):
            raise TypeError
        ids = [self.columns.usable_id(row) for row in rows]
        if len(rows) > 1 and not any(id_ is not None for id_ in ids):
            raise TypeError
        for row, id_ in zip(rows, ids, strict=True):
            if id_ is None:
                self.reject(Rejection(None, None, "has no usable id", row))
        return [
            {"id": None} if id_ is None else {**row, "id": id_}
            for row, id_ in zip(rows, ids, strict=True)
        ]

    def reshape(self, row: Record) -> Record:
        """Return the API's row with what is special about this stream put right."""
        return row

    def post_process(self, row: Record, context: Context | None = None) -> Record | None:  # noqa: ARG002
        """Turn a row of the API into a record; None if that cannot be done."""
        try:
            return self.columns.record(self.reshape(row))
        except ODD_FORMS as error:
            # Something about the row that nobody has thought of; the others are to arrive.
            self.logger.debug("A row is not understood.", exc_info=True)
            reason = f"is in a form that is not understood ({type(error).__name__})"
            self.reject(Rejection(str(row.get("id")), None, reason, row))
            return None


def _is_strange_certificate(error: Exception) -> bool:
    return isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error)
