"""Addresses of files: signed, good for a while, another one at each read (section 7)."""

from __future__ import annotations

import hashlib
import hmac
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.clock import OfficeClock
    from planwerk_sandbox.office.mail.model import Attachment

_KEY = b"planwerk-sandbox"
_NUMBER = 8


class Links:
    """Signs and checks the addresses of files on the attachments host.

    Args:
        host: The address of that host, without a slash at its end.
        clock: The office's clock.
        settings: The settings of the API.
    """

    def __init__(self, host: str, clock: OfficeClock, settings: MissiveSettings) -> None:
        self._host = host
        self._clock = clock
        self._settings = settings
        self._numbers = count(1)

    def bare(self, file: Attachment) -> str:
        """Return the address without signature, which stays the same."""
        return self._host + quote(_path(file))

    def signed(self, file: Attachment) -> str:
        """Return an address that works until it expires."""
        expires = str(self._clock.epoch() + self._settings.attachment_lifetime_seconds)
        query = {
            "Expires": expires,
            "Signature": _signature(_path(file), expires, f"{next(self._numbers):08x}"),
            "Key-Pair-Id": "APKASANDBOX",
        }
        return f"{self.bare(file)}?{urlencode(query)}"

    def accepts(self, path: str, query: dict[str, str]) -> bool:
        """Whether the signature of a request fits its path and has not expired."""
        expires, sent = query.get("Expires", ""), query.get("Signature", "")
        wanted = _signature(path, expires, sent[:_NUMBER])
        return hmac.compare_digest(sent.encode(), wanted.encode()) and self._clock.epoch() < int(
            expires
        )


def _path(file: Attachment) -> str:
    return f"/{file.id}/{file.filename or 'attachment'}"


def _signature(path: str, expires: str, number: str) -> str:
    """Sign a path; the number in front makes every signature another one."""
    said = f"{path} {expires} {number}".encode()
    return f"{number}{hmac.new(_KEY, said, hashlib.sha256).hexdigest()}~__"
