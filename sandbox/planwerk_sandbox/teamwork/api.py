"""The Teamwork API: who may ask, how often, and which version answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planwerk_sandbox.http import Answer, json_answer
from planwerk_sandbox.teamwork import account, paths
from planwerk_sandbox.teamwork.errors import ApiError, not_found
from planwerk_sandbox.teamwork.parameters import Parameters
from planwerk_sandbox.teamwork.v1 import V1
from planwerk_sandbox.teamwork.v3 import V3

if TYPE_CHECKING:
    from planwerk_sandbox.http import Request
    from planwerk_sandbox.office import Office
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.teamwork.account import Caller
    from planwerk_sandbox.teamwork.settings import TeamworkSettings
    from planwerk_sandbox.teamwork.shapes import Shape


class TeamworkApi:
    """Answers requests from the office; changes nothing in it."""

    without_envelope: ClassVar[Shape] = {"meta": {}, "included": {}}

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self.office = office
        self.settings = settings
        self._v1 = V1(office, settings)
        self._v3 = V3(office, settings)
        self._limit = account.RateLimit(settings)

    @property
    def clock(self) -> OfficeClock:
        """The office's clock."""
        return self.office.clock

    def below_root(self, path: str) -> str:
        """Return a path below the root of its version."""
        return paths.below_version(path)

    def link_of(self, _: str) -> None:
        """Return None: there are no share links."""

    def general_path(self, below: str) -> str:
        """Return a path with `{id}` for every number."""
        return re.sub(r"\b\d+\b", "{id}", below)

    def error_body(self, sentence: str) -> Shape:
        """Return a sentence in the form of v3's errors."""
        return {"errors": [{"title": sentence, "detail": f"{sentence} on purpose"}]}

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
            return json_answer(error.status, error.body, headers), []
        allowed, limit_headers = self._limit.take()
        headers |= limit_headers
        if not allowed:
            text = "You have exceeded your rate limit. Please try again in a little while."
            headers["Content-Type"] = "text/plain; charset=utf-8"
            return Answer(429, text.encode(), headers), []
        try:
            body, more_headers = self._route(request, query, caller)
        except ApiError as error:
            return json_answer(error.status, error.body, headers), []
        return json_answer(200, body, headers | more_headers), query.unread()

    def _route(
        self, request: Request, query: Parameters, caller: Caller
    ) -> tuple[Shape, dict[str, str]]:
        path = request.path.lstrip("/")
        below = paths.below_version(path)
        if request.method != "GET":
            raise ApiError(405, f"405: Method {request.method} not allowed on {below}")
        if caller.restricted and re.search(self.settings.forbidden_path, below):
            raise ApiError(403, "You do not have permission to access this resource")
        segments = below.removesuffix(".json").split("/")
        if not below.endswith(".json") and segments[-1] != "tasklists":
            raise not_found()
        if not path.startswith(paths.V3):
            if segments != ["teams"]:
                raise not_found()
            return self._v1.teams(query)
        return self._v3.body(segments, query, caller), {}
