"""What was asked of an API, counted, so that a test can assert on the cost of a run."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

_KEPT_ENTRIES = 20_000


class RequestLog:
    """Counts of all requests and the last of them in full."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._by_path: Counter[str] = Counter()
        self._by_link: dict[str, Counter[str]] = {}
        self._unknown: dict[tuple[str, str], None] = {}
        self._log: deque[dict[str, Any]] = deque(maxlen=_KEPT_ENTRIES)

    def note(
        self, path: str, general: str, entry: dict[str, Any], unknown_parameters: list[str]
    ) -> None:
        """Note one answered request.

        Args:
            path: Path below the API's root.
            general: The same with placeholders for ids, to count by.
            entry: What to keep of it; requests with a `link` are counted by link too.
            unknown_parameters: Parameters it sent that the endpoint does not know.
        """
        self._by_path[general] += 1
        if "link" in entry:
            self._by_link.setdefault(entry["link"], Counter())[general] += 1
        for name in unknown_parameters:
            self._unknown[general, name] = None
        self._log.append({"path": path, **entry})

    def shown(self) -> dict[str, Any]:
        """Return the counts and the log."""
        return {
            "total": self._by_path.total(),
            "by_path": dict(self._by_path),
            "by_link": self._by_link,
            "unknown_parameters": [{"path": p, "name": n} for p, n in self._unknown],
            "log": list(self._log),
        }
