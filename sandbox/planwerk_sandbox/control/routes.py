"""The control interface: JSON over HTTP below `/control`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from planwerk_sandbox.control.desk import Desk
    from planwerk_sandbox.office.clock import OfficeClock

_FLAGS = ("true", "1")


class ControlRoutes:
    """The handlers of the control interface.

    Args:
        desks: What they show and change, by the name of the API.
        clock: The office's clock.
        about: What `GET /control/` says of the running server.
    """

    def __init__(self, desks: dict[str, Desk], clock: OfficeClock, about: dict[str, Any]) -> None:
        self._desks = desks
        self._clock = clock
        self._about = about

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/control`."""
        return [
            Route("/", self.show_about),
            Route("/clock", self.clock, methods=["GET", "POST"]),
            Route("/truth/{api}", self.truth),
            Route("/truth/{api}/{kind}", self.truth),
            Route("/{api}/mutations", self.mutate, methods=["POST"]),
            Route("/{api}/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/{api}/hooks", self.hooks, methods=["GET", "POST", "DELETE"]),
            Route("/{api}/requests", self.requests, methods=["GET", "DELETE"]),
            Route("/{api}/settings", self.settings, methods=["GET", "POST", "DELETE"]),
        ]

    async def show_about(self, _: Request) -> Response:
        """Say who answers here."""
        return _answer(self._about)

    async def mutate(self, request: Request) -> Response:
        """Carry out one mutation, a list, or `{"mutations": [...], "same_second": true}`."""
        desk = self._desk(request)
        body = await _json(request)
        same_second = False
        if isinstance(body, dict) and "mutations" in body:
            same_second = bool(body.get("same_second"))
            body = body["mutations"]
        mutations = body if isinstance(body, list) else [body]
        try:
            rows = desk.mutations.run(mutations, same_second=same_second)
        except ValueError as error:
            raise _refused(error) from None
        return _answer({"rows": rows, "now": self._clock.now()})

    async def clock(self, request: Request) -> Response:
        """Show the office's clock, or advance it."""
        clock = self._clock
        if request.method == "POST":
            seconds = (await _object(request)).get("advance_seconds")
            if type(seconds) is not int:
                raise HTTPException(400, 'Send {"advance_seconds": n} with a whole number.')
            try:
                clock.advance(seconds)
            except ValueError as error:
                raise _refused(error) from None
        return _answer({"now": clock.now()})

    async def faults(self, request: Request) -> Response:
        """Show, add or clear faults."""
        faults = self._desk(request).faults
        if request.method == "POST":
            try:
                faults.add(await _object(request))
            except ValueError as error:
                raise _refused(error) from None
        if request.method == "DELETE":
            faults.clear()
        return _answer({"faults": faults.shown()})

    async def hooks(self, request: Request) -> Response:
        """Show, add or clear hooks."""
        hooks = self._desk(request).hooks
        if request.method == "POST":
            try:
                hooks.add(await _object(request))
            except ValueError as error:
                raise _refused(error) from None
        if request.method == "DELETE":
            hooks.clear()
        return _answer({"hooks": hooks.shown()})

    async def requests(self, request: Request) -> Response:
        """Show or clear the request log."""
        log = self._desk(request).log
        if request.method == "DELETE":
            log.clear()
        return _answer(log.shown())

    async def settings(self, request: Request) -> Response:
        """Show, change or restore the settings."""
        api = self._desk(request).api
        changes: dict[str, Any] = {}
        if request.method == "POST":
            changes = await _object(request)
        if request.method == "DELETE":
            changes = asdict(type(api.settings)())
        try:
            api.settings.change(changes)
        except ValueError as error:
            raise _refused(error) from None
        if changes:
            api.restart_rate_limit()
        return _answer(asdict(api.settings))

    async def truth(self, request: Request) -> Response:
        """Show the rows of one kind or of all kinds."""
        desk = self._desk(request)
        flavour = request.query_params.get("flavour")
        if flavour is not None and flavour not in desk.flavours:
            known = ", ".join(desk.flavours) or "none"
            raise HTTPException(400, f"Unknown flavour {flavour!r}; known are {known}.")
        truth = desk.truth if flavour is None else desk.flavours[flavour]
        reachable = request.query_params.get("reachable") in _FLAGS
        kind = request.path_params.get("kind")
        if kind is not None and kind not in truth.kinds:
            known = ", ".join(truth.kinds)
            raise HTTPException(400, f"Unknown kind {kind!r}; known are {known}.")
        kinds = truth.kinds if kind is None else [kind]
        return _answer({kind: truth.rows(kind, reachable=reachable) for kind in kinds})

    def _desk(self, request: Request) -> Desk:
        api = request.path_params["api"]
        if api not in self._desks:
            known = ", ".join(self._desks)
            raise HTTPException(404, f"There is no API {api!r} here; known are {known}.")
        return self._desks[api]


async def refuse(_: Request, error: Exception) -> Response:
    """Answer a refused control request with its sentence."""
    refusal = cast("HTTPException", error)  # it is registered for these alone
    return _answer({"error": refusal.detail}, refusal.status_code)


def _refused(error: ValueError) -> HTTPException:
    return HTTPException(400, str(error))


async def _json(request: Request) -> Any:  # noqa: ANN401  # any JSON
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise HTTPException(400, f"The body is no JSON: {error}.") from None


async def _object(request: Request) -> dict[str, Any]:
    body = await _json(request)
    if not isinstance(body, dict):
        raise HTTPException(400, "The body must be a JSON object.")
    return body


def _answer(content: Any, status: int = 200) -> Response:  # noqa: ANN401  # any JSON
    # Escaped to ASCII, so that a lone surrogate, which UTF-8 cannot write, comes back as it was.
    return Response(json.dumps(content), status, media_type="application/json")
