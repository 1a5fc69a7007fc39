"""Query parameters: parsed strictly by value, ignored by unknown name."""

from __future__ import annotations

from planwerk_sandbox.missive.errors import bad_request

SMALLEST_LIMIT = 2


class Parameters:
    """The query parameters of one request; remembers which of them were read."""

    def __init__(self, sent: dict[str, str]) -> None:
        self.sent = sent
        self._read: set[str] = set()

    def unread(self) -> list[str]:
        """Return the names that the endpoint does not know."""
        return sorted(set(self.sent) - self._read)

    def text(self, name: str) -> str | None:
        """Read a parameter as it was sent; empty counts as not sent."""
        self._read.add(name)
        return self.sent.get(name) or None

    def required(self, name: str) -> str:
        """Read a parameter; raises a 400 where it is missing."""
        sent = self.text(name)
        if sent is None:
            raise bad_request(f"'{name}' is required")
        return sent

    def flag(self, name: str) -> bool:
        """Read a flag: only the word `true` counts (1.1)."""
        return self.text(name) == "true"

    def moment(self, name: str) -> float | None:
        """Read Unix seconds; raises a 400 for anything else."""
        sent = self.text(name)
        if sent is None:
            return None
        try:
            return float(sent)
        except ValueError:
            raise bad_request(f"'{name}' must be a timestamp") from None

    def count(self, name: str, default: int) -> int:
        """Read a whole number from 0; raises a 400 for anything else."""
        sent = self.text(name)
        if sent is None:
            return default
        if not sent.isascii() or not sent.isdigit():
            raise bad_request(f"'{name}' must be an integer")
        return int(sent)

    def limit(self, default: int, largest: int) -> int:
        """Read `limit`; raises a 400 where it is out of range (3.1)."""
        limit = self.count("limit", default)
        if limit < SMALLEST_LIMIT:
            raise bad_request(f"min 'limit' value is {SMALLEST_LIMIT}")
        if limit > largest:
            raise bad_request(f"max 'limit' value is {largest}")
        return limit
