"""The link to Craft, which is the credential: its address may show up nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

from singer_sdk.exceptions import FatalAPIError

_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#@\s]+)(?:/[^?#\s]*)?/links/(?P<id>[^/?#\s]+)/api/v1"
)
_THIS_MACHINE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?")


@dataclass(frozen=True)
class Link:
    """The address that Craft shows for a link.

    Attributes:
        url: The root of the API, without a slash at its end.
        host: The host's name, which is no secret.
        id: The link's id, which is one.
        key: The key of the link; empty for none.
    """

    url: str = field(repr=False)
    host: str
    id: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What tells two links apart and gives neither away."""
        return sha256(self.id.encode()).hexdigest()[:8]


def link(api_url: str, api_key: str | None = None) -> Link:
    """Return the link in the settings as people paste them.

    Raises:
        FatalAPIError: One sentence, without address and key, if they are none of a link.
    """
    url = api_url.strip().rstrip("/")
    found = _LINK.fullmatch(url)
    if not found:
        raise FatalAPIError(
            "api_url (TAP_CRAFT_API_URL) is not the address of a link's API. Craft shows it where "
            "the link is made; it reads https://connect.craft.do/links/.../api/v1."
        )
    if found["scheme"] == "http" and not _THIS_MACHINE.fullmatch(found["host"]):
        raise FatalAPIError(
            "api_url (TAP_CRAFT_API_URL) begins with http://, which would show the link to "
            "everybody on the way. Use https://."
        )
    key = (api_key or "").strip()
    if not key.isascii() or not key.isprintable():
        raise FatalAPIError(
            "api_key (TAP_CRAFT_API_KEY) holds a character that no key has, perhaps a line break "
            "or a quotation mark. Copy it once more."
        )
    return Link(url, found["host"], found["id"], key)
