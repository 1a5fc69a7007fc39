"""The Craft API: which link is asked, who may ask, how often, and which endpoint answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from planwerk_sandbox.craft import errors
from planwerk_sandbox.craft.endpoints import Body, Endpoints
from planwerk_sandbox.craft.limits import Limits
from planwerk_sandbox.craft.parameters import Parameters
from planwerk_sandbox.craft.view import View
from planwerk_sandbox.http import Answer, json_answer

if TYPE_CHECKING:
    from planwerk_sandbox.craft.listing import ListingCache
    from planwerk_sandbox.craft.media import Media
    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.http import Request
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.documents import LazySpace
    from planwerk_sandbox.office.documents.model import Link

_ROOT = re.compile(r"^/?links/([^/]+)(?:/api/v1(?:/|$)|/|$)")
_READS_BLOCKS = re.compile(r"^(blocks$|collections/[^/]+/items$)")
_MARKDOWN = {"Content-Type": "text/markdown; charset=utf-8"}
_BLOCKED_AGENT = "Python-urllib"
_OK = 200


class CraftApi:
    """Answers requests from the office's documents; changes nothing in them."""

    without_envelope: ClassVar[dict[str, Any]] = {"documents": []}

    def __init__(
        self, lazy: LazySpace, settings: CraftSettings, media: Media, cache: ListingCache
    ) -> None:
        self.settings = settings
        self._lazy = lazy
        self._endpoints = Endpoints(settings, media, cache)
        self._limits = Limits(settings, lazy.clock)

    @property
    def clock(self) -> OfficeClock:
        """The office's clock."""
        return self._lazy.clock

    def below_root(self, path: str) -> str:
        """Return a path below `/links/{id}/api/v1`."""
        return _ROOT.sub("", path).lstrip("/")

    def link_of(self, path: str) -> str | None:
        """Return the id of the link that a path goes through."""
        found = _ROOT.match(path)
        return found[1] if found else None

    def general_path(self, below: str) -> str:
        """Return a path with `{id}` in the place of ids."""
        return re.sub(r"^(collections|whiteboards)/[^/]+", r"\1/{id}", below)

    def error_body(self, sentence: str) -> dict[str, Any]:
        """Return a sentence in the form of the API's errors."""
        return {"error": sentence, "code": "INTERNAL_ERROR"}

    def restart_rate_limit(self) -> None:
        """Forget the requests so far, so that a changed limit counts from now."""
        self._limits = Limits(self.settings, self.clock)

    def answer(self, request: Request) -> tuple[Answer, list[str]]:
        """Answer a request.

        Returns:
            The answer, and the names of the parameters that the endpoint does not know.
        """
        headers = {"Date": self.clock.http_date()}
        if request.headers.get("user-agent", "").startswith(_BLOCKED_AGENT):
            return errors.page(403, "Access denied | Error 1010", headers), []
        refused = self._limits.edge_refusal(headers)
        if refused is not None:
            return refused, []
        query = Parameters(request.pairs, self.clock)
        try:
            answer = self._answer(request, query, headers)
        except errors.ApiError as error:
            return json_answer(error.status, error.body, headers), []
        except errors.UnknownRouteError:
            return errors.page(404, "Not Found", headers), []
        return answer, query.unread() if answer.status == _OK else []

    def _answer(self, request: Request, query: Parameters, headers: dict[str, str]) -> Answer:
        link = self._link(request)
        below = self.below_root(request.path)
        reads_blocks = _READS_BLOCKS.match(below) is not None
        refused = self._limits.refusal(headers, reads_blocks=reads_blocks)
        if refused is not None:
            return refused
        body = self._body(link, below, request, query)
        headers = headers | self._limits.count_blocks(body.blocks)
        if isinstance(body.content, str):
            text = body.content.encode(errors="backslashreplace")
            return Answer(_OK, text, headers | _MARKDOWN)
        return json_answer(_OK, body.content, headers)

    def _link(self, request: Request) -> Link:
        """Return the living link of a request; raises if its key is missing or wrong."""
        link_id = self.link_of(request.path)
        if link_id is None:
            raise errors.UnknownRouteError(request.path)
        link = self._lazy.space.links.get(link_id)
        if link is None or link.revoked:
            raise errors.no_such_link()
        if link.key is not None and request.authorization != f"Bearer {link.key}":
            raise errors.no_key()
        return link

    def _body(self, link: Link, below: str, request: Request, query: Parameters) -> Body:
        view = View(self._lazy.space, link)
        if not request.path.lstrip("/").startswith(f"links/{link.id}/api/v1"):
            raise errors.UnknownRouteError(below)
        if request.method != "GET":
            raise errors.forbidden("The sandbox is read-only")
        if link.permission == "write-only":
            raise errors.forbidden("This link does not allow reading")
        return self._endpoints.body(view, below, query, request.headers.get("accept", ""))
