"""Query parameters: parsed strictly by value, ignored by unknown name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.craft import days
from planwerk_sandbox.craft.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planwerk_sandbox.office.clock import OfficeClock


class Parameters:
    """The query parameters of one request; remembers which of them were read."""

    def __init__(self, sent: Sequence[tuple[str, str]], clock: OfficeClock) -> None:
        self._sent = sent
        self._clock = clock
        self._read: set[str] = set()

    def names(self) -> set[str]:
        """Return the names of all parameters."""
        return {name for name, _ in self._sent}

    def unread(self) -> list[str]:
        """Return the names that the endpoint does not know."""
        return sorted(self.names() - self._read)

    def every(self, name: str) -> list[str]:
        """Read a parameter that may be repeated."""
        self._read.add(name)
        return [value for key, value in self._sent if key == name]

    def text(self, name: str) -> str | None:
        """Read a parameter; empty counts as not sent."""
        values = self.every(name)
        return values[-1] or None if values else None

    def flag(self, name: str) -> bool:
        """Read `true` or `false`; raises a 400 for any other spelling."""
        sent = self.text(name)
        if sent not in (None, "true", "false"):
            raise invalid(f"{name} must be true or false")
        return sent == "true"

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """Read one of some words; raises a 400 for any other."""
        sent = self.text(name)
        if sent is not None and sent not in choices:
            raise invalid(f"{name} must be one of {', '.join(choices)}")
        return sent

    def day(self, name: str) -> str | None:
        """Read a day; raises a 400 for anything else, a time of day included."""
        sent = self.text(name)
        return None if sent is None else days.parsed(name, sent, self._clock)

    def depth(self) -> int:
        """Read `maxDepth`; raises a 400 for anything below -1 or no whole number."""
        sent = self.text("maxDepth")
        try:
            depth = -1 if sent is None else int(sent)
        except ValueError:
            depth = -2
        if depth < -1:
            raise invalid("maxDepth must be a whole number from -1")
        return depth
