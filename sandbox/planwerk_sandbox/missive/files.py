"""The attachments host: another origin, where a signature opens a file and nothing else does."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from planwerk_sandbox.missive.links import Links
    from planwerk_sandbox.office.mail import LazyMail
    from planwerk_sandbox.office.mail.model import Attachment

_STARTS = {
    "pdf": b"%PDF-1.4\n",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "vnd.ms-excel": b"PK\x03\x04",
    "msword": b"PK\x03\x04",
}


class AttachmentsHost:
    """An ASGI application that serves files and notes what it was asked."""

    def __init__(self, lazy: LazyMail, links: Links) -> None:
        self._lazy = lazy
        self._links = links
        self._asked: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        response = self._response(request)
        self._asked.append(
            {
                "path": request.scope["path"],
                "status": response.status_code,
                "authorization": "authorization" in request.headers,
                "at": self._lazy.clock.now(),
            }
        )
        await response(scope, receive, send)

    async def requests(self, request: Request) -> Response:
        """Show or clear what was asked, for the control interface."""
        if request.method == "DELETE":
            self._asked.clear()
        return JSONResponse({"requests": self._asked})

    def _response(self, request: Request) -> Response:
        if request.method != "GET":
            return PlainTextResponse("Method not allowed", 405)
        path = request.scope["path"]
        if not self._links.accepts(path, dict(request.query_params)):
            return PlainTextResponse("Access denied", 403)
        file = self._lazy.mail.attachments.get(path.split("/")[1])
        if file is None:
            return PlainTextResponse("Not found", 404)
        return Response(content(file), media_type=f"{file.media_type}/{file.sub_type}")


def content(file: Attachment) -> bytes:
    """Return the bytes of a file: the first ones fit its type, the rest depends on its id."""
    start = _STARTS.get(file.sub_type, b"")
    word = f"{zlib.crc32(file.id.encode()):08x} ".encode()
    return (start + word * (file.size // len(word) + 1))[: file.size]
