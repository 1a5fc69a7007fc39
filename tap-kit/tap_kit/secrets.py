"""Secrets of the settings, kept out of everything that the tap writes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORTEST = 8
"""Characters of the shortest secret that is looked for; keys and tokens are longer."""


def secrets_in(config: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Return the values of the settings that are marked as secret."""
    return [
        value.strip()
        for name, setting in schema["properties"].items()
        if setting.get("secret") and isinstance(value := config.get(name), str)
    ]


class Hidden:
    """Secrets, and how a text looks without them."""

    def __init__(self) -> None:
        self._secrets: list[str] = []

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these from now on, as they are and as they stand in an address."""
        spellings = {
            spelling
            for secret in secrets
            if len(secret) >= SHORTEST
            for spelling in (secret, quote(secret, safe=""), quote(secret))
        }
        # The longest first: one may be a part of another.
        self._secrets = sorted(spellings.union(self._secrets), key=len, reverse=True)

    def without(self, text: str) -> str:
        """Return the text with *** for every secret."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def guard_logs(self) -> None:
        """Let nothing that is logged show a secret: neither messages nor traces, at any level."""
        for handler in logging.getLogger().handlers:
            formatter = handler.formatter or logging.Formatter()
            within = formatter.within if isinstance(formatter, _Guard) else formatter
            handler.setFormatter(_Guard(within, self))


class _Guard(logging.Formatter):
    """A formatter around another one."""

    def __init__(self, within: logging.Formatter, hidden: Hidden) -> None:
        super().__init__()
        self.within, self._hidden = within, hidden

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as the other one writes it, without secrets."""
        return self._hidden.without(self.within.format(record))
