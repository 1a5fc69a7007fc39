"""The address of an API, as a setting says it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from singer_sdk.exceptions import FatalAPIError


def checked_address(setting: str, address: object) -> str:
    """Return the address in a setting without a slash at its end.

    The value is not repeated in a refusal: it may be a key that was put into the wrong setting.

    Args:
        setting: The setting and its environment variable, for the refusal.
        address: Its value.

    Raises:
        FatalAPIError: One sentence, if that is no web address, has more in it than an address, or
            would show the key to everybody on the way.
    """
    text = str(address or "").strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or not text.isprintable() or " " in text:
        raise FatalAPIError(f"{setting} is no web address: it begins with https://.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise FatalAPIError(
            f"{setting} holds more than an address. Leave out what stands before @ and after ? or "
            "#; a key has a setting of its own."
        )
    if parts.scheme == "http" and not is_this_machine(host):
        raise FatalAPIError(
            f"{setting} begins with http://, which would show the key to everybody on the way. "
            "Use https://."
        )
    return text


def is_this_machine(host: str) -> bool:
    """Tell whether a host is the machine itself, so that nothing leaves it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
