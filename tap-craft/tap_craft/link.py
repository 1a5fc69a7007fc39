"""The link to Craft, which is the credential: its address may show up nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from singer_sdk.exceptions import FatalAPIError

_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#\s]+)(?:/[^?#\s]*)?/links/(?P<id>[^/?#\s]+)/api/v1"
)
_THIS_MACHINE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?")


@dataclass(frozen=True)
class Link:
    """The address that Craft shows for a link.

    Attributes:
        url: The root of the API, without a slash at its end.
        host: The host's name, which is no secret.
        id: The link's id, which is one.
    """

    url: str
    host: str
    id: str


def link(api_url: str) -> Link:
    """Return the link in a setting as people paste it.

    Raises:
        FatalAPIError: One sentence, without the address, if it is not the address of a link.
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
    return Link(url, found["host"], found["id"])
