"""What is special about Craft's API: the link, its errors, `items`, documents that fail alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.authenticators import BearerTokenAuthenticator
from singer_sdk.exceptions import FatalAPIError
from tap_kit.replication import FEW_ROWS, FullTableStream
from tap_kit.stream import MAX_TRIES, KitStream, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import requests
    from singer_sdk.helpers.types import Auth, Context, Record
    from tap_kit.columns import Row
    from tap_kit.http import Answer

    from tap_craft.tap import TapCraft

SPACE, DOCUMENTS, DAILY = "space", "documents", "daily"
FLAVOURS = (SPACE, DOCUMENTS, DAILY)

CHECK_LINK = (
    "The link is revoked or mistyped: check api_url (TAP_CRAFT_API_URL), the flavour if you set "
    "it, and the network."
)
PAGING = {"nextCursor", "next_cursor", "cursor", "pagination", "nextPage", "next", "hasMore"}
"""Keys that would say that a list is not whole; Craft's lists are (fact sheet 2)."""

TRIES_OF_ONE = 3
"""How often one document is asked for; it has another chance in the next run."""
FAILURES_IN_A_ROW = 3
"""So many documents in a row that do not answer are not the documents' fault."""


class NotFoundError(RefusedError):
    """The link works, but does not show what was asked for."""


class UnreadableError(FatalAPIError):
    """One document did not answer; others may."""


class CraftStream(KitStream):
    """A list of Craft's API."""

    _tap: TapCraft

    api_name = "Craft"
    refusal_hints: ClassVar[Mapping[int, str]] = {
        HTTPStatus.BAD_REQUEST: "Check the flavour of the link, if you set it.",
        HTTPStatus.UNAUTHORIZED: "The link asks for a key: check api_key (TAP_CRAFT_API_KEY).",
        HTTPStatus.FORBIDDEN: "The link must be allowed to read; look at its permission in Craft. "
        "If user_agent (TAP_CRAFT_USER_AGENT) is set, try without it.",
        HTTPStatus.NOT_FOUND: CHECK_LINK,
    }
    primary_keys = ("id",)

    _tries = MAX_TRIES
    _failures_in_a_row = 0

    @property
    def http_headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Accept": "application/json"}

    @property
    def url_base(self) -> str:
        """The root of the API; it holds the link's id, which is a secret."""
        return f"{self._tap.link.url}/"

    @property
    def authenticator(self) -> Auth:
        """The key of the link, if it has one (fact sheet 1.1)."""
        key = self._tap.link.key
        return BearerTokenAuthenticator(token=key) if key else super().authenticator

    def validate_response(self, response: requests.Response) -> None:
        """Tell a missing document from a link that is gone: both answer 404 (1.3)."""
        if response.status_code == HTTPStatus.NOT_FOUND and "NOT_FOUND_ERROR" in response.text:
            raise NotFoundError(
                f"Craft does not show what stream '{self.name}' asked for. {CHECK_LINK}",
                response.status_code,
            )
        super().validate_response(response)

    def error_detail(self, response: requests.Response) -> str:
        """Return the server's own words, whichever of the known shapes they have (1.3)."""
        try:
            body = response.json()
        except ValueError:
            return ""
        words = _words(body)[:200]
        for secret in (self._tap.link.id, self._tap.link.key):
            words = words.replace(secret, "***") if secret else words
        return words

    def backoff_max_tries(self) -> int:
        """How often a request is tried."""
        return min(self._tries, super().backoff_max_tries())

    def fetch_alone(
        self, params: Mapping[str, Any], path: str, *, is_again: bool = False
    ) -> Answer:
        """Ask for one document, which may fail without the others.

        Args:
            params: The query.
            path: The path below the link.
            is_again: Whether it may not have answered in earlier runs either: one try is enough.

        Raises:
            NotFoundError: If the link does not show it.
            UnreadableError: If it does not answer.
            FatalAPIError: If several in a row did not.
        """
        is_last_chance = self._failures_in_a_row == FAILURES_IN_A_ROW - 1
        self._tries = MAX_TRIES if is_last_chance else TRIES_OF_ONE
        self._tries = 1 if is_again else self._tries
        try:
            answer = self.fetch(params, path)
        except RefusedError:
            self._failures_in_a_row = 0
            raise
        except FatalAPIError as failure:
            self._failures_in_a_row += not is_again
            if self._failures_in_a_row == FAILURES_IN_A_ROW:
                raise
            raise UnreadableError(str(failure)) from None
        finally:
            self._tries = MAX_TRIES
        self._failures_in_a_row = 0
        return answer

    def items(self, path: str, **params: Any) -> list[Row]:  # noqa: ANN401
        """Return the rows of a list, which is always whole."""
        return self.items_in(self.fetch(params, path), path)

    def usable(self, rows: Any) -> list[Row]:  # noqa: ANN401
        """Return the rows to go on with; those without an id are recorded."""
        return self.with_ids(rows)

    def items_in(self, answer: Answer, path: str) -> list[Row]:
        """Return the rows of an answer that have an id.

        Raises:
            FatalAPIError: If the envelope is missing, which is never an empty list, or if the
                list claims to go on.
        """
        if paging := sorted(PAGING & answer.body.keys()):
            raise FatalAPIError(
                f"Craft's answer for '{path}' has '{paging[0]}': the list may go on in pages, "
                "which Craft did not have when this tap was written. The run stops, because what "
                "is on the next page would look deleted. Look for a newer version of tap-craft."
            )
        try:
            return self.usable(answer.body.get("items"))
        except TypeError:
            raise incomplete(path, "'items', or these their 'id'") from None


class ListStream(CraftStream, FullTableStream):
    """A list that is read whole in every run, as far as the link's flavour offers it."""

    offered_by: ClassVar[tuple[str, ...]] = FLAVOURS

    _is_empty = True

    @property
    def lists_all(self) -> bool:
        """Whether what is missing is gone.

        If nothing is left of a few rows, or of nobody knows how many because the state is gone, the
        next run tells.
        """
        last_rows = self.stream_state.get("row_count")
        had_some = last_rows is None or 0 < last_rows < FEW_ROWS
        is_doubtful = self._is_empty and had_some and not self.stream_state.get("was_empty")
        return not is_doubtful or bool(self.config["allow_mass_delete"])

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row, or none and no version where the link does not have the list."""
        if self._tap.flavour not in self.offered_by:
            self.logger.info("A link of flavour %s has no %s.", self._tap.flavour, self.name)
            return
        for row in super().get_records(context):
            self._is_empty = False
            yield row
        if not self.lists_all and self._is_empty and self.stream_state.get("row_count"):
            self.logger.warning(
                "Craft lists no %s any more. Nothing is marked as deleted unless the next run "
                "finds none either.",
                self.name,
            )
        self.stream_state.update(source=self._source, was_empty=self._is_empty)
        self.state_manager.is_flushed = False

    def refuse_another_source(self) -> None:
        """Refuse a link that shows something else than the one of the last run.

        Raises:
            FatalAPIError: One sentence: all rows of the last run would look deleted.
        """
        known = self.stream_state.get("source", self._source)
        if known == self._source or self.config["allow_mass_delete"]:
            return
        raise FatalAPIError(
            f"The link leads elsewhere than in the last run of '{self.name}' ({known} then, "
            f"{self._source} now), and all that it does not show would look deleted. Go back to "
            "the former api_url (TAP_CRAFT_API_URL); if the change is meant, run once with "
            "allow_mass_delete: true."
        )

    @property
    def _source(self) -> str:
        source = f"flavour {self._tap.flavour}, space {self._tap.space_id}"
        if self._tap.flavour == DOCUMENTS:
            # Two selections of one space differ by their links alone.
            source += f", link {self._tap.link.digest}"
        return source


def incomplete(path: str, missing: str) -> FatalAPIError:
    """Return the sentence for an answer with status 200 that is not what was asked for."""
    return FatalAPIError(
        f"Craft's answer for '{path}' lacks {missing}. The run stops, because an incomplete answer "
        f"is no empty one. {CHECK_LINK}"
    )


def _words(error: Any) -> str:  # noqa: ANN401
    if isinstance(error, dict):
        found = (_words(error.get(name)) for name in ("error", "errors", "message", "details"))
        return next(filter(None, found), "")
    if isinstance(error, list):
        return "; ".join(filter(None, map(_words, error)))
    return error if isinstance(error, str) else ""
