"""The gate every API request passes: log, faults, hooks around the API's answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import Request as HttpRequest

from planwerk_sandbox.control.faults import Faults
from planwerk_sandbox.control.hooks import Hooks
from planwerk_sandbox.control.mutations import Mutations
from planwerk_sandbox.control.request_log import RequestLog
from planwerk_sandbox.teamwork.http import Request, api_path

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from planwerk_sandbox.control.faults import Fault
    from planwerk_sandbox.teamwork.api import TeamworkApi
    from planwerk_sandbox.teamwork.http import Answer

_DROP_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER with zero seconds: closing sends a TCP reset."""


class Desk(NamedTuple):
    """What the control interface holds in its hands."""

    api: TeamworkApi
    mutations: Mutations
    faults: Faults
    hooks: Hooks
    log: RequestLog


def open_desk(api: TeamworkApi) -> Desk:
    """Lay out the control of one API."""
    mutations = Mutations(api.office, api.settings)
    return Desk(api, mutations, Faults(), Hooks(mutations), RequestLog())


class Gate:
    """An ASGI application in front of the API."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http = HttpRequest(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        below = api_path(path)
        fault = self._desk.faults.strike(below)
        if fault is not None and fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "reset":
            self._note(http, below, None, [])
            self._desk.hooks.after(below)
            await _drop(scope, receive, reset=True)
            return
        answer = fault.instead(self._desk.api.office.clock.http_date()) if fault else None
        unknown: list[str] = []
        if answer is None:
            request = Request(
                http.method, path, dict(http.query_params), http.headers.get("authorization")
            )
            answer, unknown = self._desk.api.answer(request)
            answer = fault.spoil(answer) if fault else answer
        self._note(http, below, answer.status, unknown)
        # The answer is complete: what the hooks change now, only the next request can see.
        self._desk.hooks.after(below)
        await _send(answer, fault, scope, receive, send)

    def _note(self, http: HttpRequest, below: str, status: int | None, unknown: list[str]) -> None:
        entry = {
            "query": dict(http.query_params),
            "status": status,
            "user_agent": http.headers.get("user-agent"),
            "at": self._desk.api.office.clock.now(),
        }
        self._desk.log.note(below, entry, unknown)


async def _send(
    answer: Answer, fault: Fault | None, scope: Scope, receive: Receive, send: Send
) -> None:
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    if fault is not None and fault.kind == "truncate":
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _drop(scope, receive, reset=False)
        return
    await send({"type": "http.response.body", "body": answer.body})


async def _drop(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """Close the connection under the client and wait until it is closed."""
    transport: asyncio.Transport = scope["state"]["transport"]
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP_AT_ONCE)
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
