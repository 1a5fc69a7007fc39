"""Uploaded files: another address at each read, good for a while, on a host of their own."""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import JSONResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from planwerk_sandbox.craft.settings import CraftSettings
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.documents.model import Block

_KEPT = 100_000
_TOKEN_BYTES = 9


class _Address(NamedTuple):
    block: Block
    expires: int


class Media:
    """Gives out addresses of files and serves them (`api/craft.md`, section 6).

    Only the last 100 000 addresses are known; older ones have expired.
    """

    def __init__(self, clock: OfficeClock, settings: CraftSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._numbers = count(1)
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._asked: list[dict[str, Any]] = []

    def address(self, block: Block) -> str:
        """Return an address for the file of a block that was never given out before."""
        digest = hashlib.sha256(b"planwerk %d" % next(self._numbers)).digest()[:_TOKEN_BYTES]
        token = base64.b64encode(digest, b"Az").decode()
        expires = self._clock.epoch() + self._settings.media_lifetime_seconds
        self._addresses[token] = _Address(block, expires)
        if len(self._addresses) > _KEPT:
            self._addresses.popitem(last=False)
        return f"{self._settings.media_host.rstrip('/')}/{token}"

    async def serve(self, request: Request) -> Response:
        """Serve a file to whoever knows its address."""
        address = self._addresses.get(request.path_params["token"])
        response: Response
        if address is None or self._clock.epoch() >= address.expires:
            response = PlainTextResponse("Not available", self._settings.media_expired_status)
        else:
            fields = address.block.fields
            word = f"{address.block.id} ".encode()
            size = fields.get("fileSize", 1_000)
            content = (word * (size // len(word) + 1))[:size]
            response = Response(content, media_type=fields.get("mimeType", "image/png"))
        self._asked.append(
            {
                "path": request.url.path,
                "status": response.status_code,
                "authorization": "authorization" in request.headers,
                "at": self._clock.now(),
            }
        )
        return response

    async def requests(self, request: Request) -> Response:
        """Show or clear what was asked, for the control interface."""
        if request.method == "DELETE":
            self._asked.clear()
        return JSONResponse({"requests": self._asked})
