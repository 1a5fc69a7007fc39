"""The Missive API: who may ask, how often, and which endpoint answers."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from planwerk_sandbox.http import Answer, json_answer
from planwerk_sandbox.missive.context import Context
from planwerk_sandbox.missive.endpoints import Endpoints
from planwerk_sandbox.missive.errors import ApiError, not_found
from planwerk_sandbox.missive.limits import Limits
from planwerk_sandbox.missive.parameters import Parameters

if TYPE_CHECKING:
    from planwerk_sandbox.http import Request
    from planwerk_sandbox.missive.context import Shape
    from planwerk_sandbox.missive.links import Links
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.mail import LazyMail

TOKEN = "missive_pat-sandbox"  # noqa: S105  # the sandbox's own public token
ROOT = "v1/"

_NO_TOKEN = "Authentication token is invalid or has been revoked"  # noqa: S105  # a sentence
_NOT_FOUND = 404


class MissiveApi:
    """Answers requests from the office's mail; changes nothing in it."""

    without_envelope: ClassVar[dict[str, Any]] = {"notice": "nothing expected in here"}

    def __init__(self, lazy: LazyMail, settings: MissiveSettings, links: Links) -> None:
        self.settings = settings
        self._lazy = lazy
        self._links = links
        self._limits = Limits(settings, lazy.clock)

    @property
    def clock(self) -> OfficeClock:
        """The office's clock."""
        return self._lazy.clock

    @cached_property
    def _endpoints(self) -> Endpoints:
        return Endpoints(Context(self._lazy.mail, self.settings, self._links))

    def below_root(self, path: str) -> str:
        """Return a path below `/v1`."""
        return path.lstrip("/").removeprefix(ROOT)

    def link_of(self, _: str) -> None:
        """Return None: there are no share links."""

    def general_path(self, below: str) -> str:
        """Return a path with `{id}`, or `{ids}` for several, in the place of ids."""
        general = re.sub(r"^(\w+)/[^/,]*,[^/]*", r"\1/{ids}", below)
        return re.sub(r"^(\w+)/[^/{]+", r"\1/{id}", general)

    def error_body(self, sentence: str) -> Shape:
        """Return a sentence in the form of the API's errors."""
        return {"error": {"message": sentence}}

    def restart_rate_limit(self) -> None:
        """Forget the requests so far, so that a changed limit counts from now."""
        self._limits = Limits(self.settings, self.clock)

    def answer(self, request: Request) -> tuple[Answer, list[str]]:
        """Answer a request.

        Returns:
            The answer, and the names of the parameters that the endpoint does not know.
        """
        headers = {"Date": self.clock.http_date()}
        if request.authorization != f"Bearer {TOKEN}":
            return json_answer(401, self.error_body(_NO_TOKEN), headers), []
        refused = self._limits.refusal(request.in_flight)
        if refused is not None:
            self._limits.count(429)
            body = self.error_body("Too many requests")
            return json_answer(429, body, headers | refused), []
        query = Parameters(request.query)
        try:
            status, content = 200, self._body(request, query)
        except ApiError as error:
            status, content = error.status, self.error_body(error.sentence)
        self._limits.count(status)
        if self.settings.rate_headers_always:
            headers |= self._limits.headers()
        if status == _NOT_FOUND and self.settings.empty_404:
            return Answer(status, b"", headers), query.unread()
        return json_answer(status, content, headers), query.unread() if status < 400 else []  # noqa: PLR2004

    def _body(self, request: Request, query: Parameters) -> Shape:
        path = request.path.lstrip("/")
        if request.method != "GET":
            raise ApiError(405, f"{request.method} is not possible here: the sandbox is read-only")
        if not path.startswith(ROOT):
            raise not_found()
        return self._endpoints.body(path.removeprefix(ROOT).split("/"), query)
