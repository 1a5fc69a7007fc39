"""The gate every API request passes: log, faults, hooks around an API's answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from starlette.requests import Request as HttpRequest

from planwerk_sandbox.http import Request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from planwerk_sandbox.control.desk import Desk
    from planwerk_sandbox.control.faults import Fault
    from planwerk_sandbox.http import Answer

_DROP_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER with zero seconds: closing sends a TCP reset."""


class Gate:
    """An ASGI application in front of an API."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._in_flight += 1
        try:
            await self._pass(scope, receive, send, self._in_flight)
        finally:
            self._in_flight -= 1

    async def _pass(self, scope: Scope, receive: Receive, send: Send, in_flight: int) -> None:
        api = self._desk.api
        http = HttpRequest(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        below = api.below_root(path)
        fault = self._desk.faults.strike(below)
        if fault is not None and fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "reset":
            self._note(http, path, None, [])
            self._desk.hooks.after(below)
            await _drop(scope, receive, reset=True)
            return
        answer = fault.instead(api) if fault else None
        unknown: list[str] = []
        if answer is None:
            authorization = http.headers.get("authorization")
            answer, unknown = api.answer(
                Request(
                    http.method,
                    path,
                    dict(http.query_params),
                    authorization,
                    in_flight,
                    http.headers,
                    http.query_params.multi_items(),
                )
            )
            answer = fault.spoil(answer, api) if fault else answer
        self._note(http, path, answer.status, unknown)
        # The answer is complete: what the hooks change now, only the next request can see.
        self._desk.hooks.after(below)
        await _send(answer, fault, scope, receive, send)

    def _note(self, http: HttpRequest, path: str, status: int | None, unknown: list[str]) -> None:
        api = self._desk.api
        below, link = api.below_root(path), api.link_of(path)
        entry = {
            "query": dict(http.query_params),
            "status": status,
            "user_agent": http.headers.get("user-agent"),
            "at": api.clock.now(),
            **({} if link is None else {"link": link}),
        }
        self._desk.log.note(below, api.general_path(below), entry, unknown)


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
