"""Query parameters: parsed strictly by value, ignored by unknown name (`api/teamwork.md` 1.3)."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from planwerk_sandbox.office.clock import api_time
from planwerk_sandbox.teamwork.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Collection

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_FIELDS = re.compile(r"fields\[(\w+)\]")


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

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read `true` or `false`; raises a 400 for anything else."""
        sent = self.text(name)
        if sent is None:
            return default
        if sent.lower() not in _FLAGS:
            raise bad_request(f"Invalid value {sent!r} for {name}: expected true or false")
        return _FLAGS[sent.lower()]

    def number(self, name: str, default: int) -> int:
        """Read a whole number from 1; raises a 400 for anything else."""
        sent = self.text(name)
        if sent is None:
            return default
        if not sent.isascii() or not sent.isdigit() or int(sent) < 1:
            raise bad_request(f"Invalid value {sent!r} for {name}: expected a number from 1")
        return int(sent)

    def ids(self, name: str) -> frozenset[int] | None:
        """Read a comma-joined list of ids; raises a 400 for anything else."""
        sent = self.text(name)
        if sent is None:
            return None
        try:
            return frozenset(int(part) for part in sent.split(","))
        except ValueError:
            raise bad_request(f"Invalid value {sent!r} for {name}: expected ids") from None

    def words(self, name: str, allowed: Collection[str]) -> list[str]:
        """Read a comma-joined list of known words; raises a 400 for an unknown one."""
        sent = self.text(name)
        words = sent.split(",") if sent else []
        for word in words:
            if word not in allowed:
                raise bad_request(f"Invalid value {word!r} for {name}")
        return words

    def word(self, name: str, allowed: Collection[str], default: str) -> str:
        """Read one known word; raises a 400 for an unknown one."""
        sent = self.text(name)
        if sent is not None and sent not in allowed:
            raise bad_request(f"Invalid value {sent!r} for {name}")
        return sent or default

    def moment(self, name: str) -> str | None:
        """Read an RFC 3339 date-time and return it in UTC with second precision."""
        sent = self.text(name)
        if sent is None:
            return None
        try:
            moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", sent))
        except ValueError:
            raise bad_request(f"Invalid value {sent!r} for {name}: expected a date-time") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return api_time(moment.astimezone(timezone.utc))

    def day(self, name: str) -> str | None:
        """Read a date (a date-time counts by its day) and return it as midnight UTC."""
        moment = self.moment(name)
        return None if moment is None else f"{moment[:10]}T00:00:00Z"

    def fields(self) -> dict[str, frozenset[str]]:
        """Read all `fields[kind]=a,b` as the attributes to keep by kind (6.3)."""
        kept = {}
        for name, sent in self.sent.items():
            if match := _FIELDS.fullmatch(name):
                self._read.add(name)
                kept[match[1]] = frozenset(sent.split(","))
        return kept
