"""Faults on chosen requests of an API."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.http import Answer, json_answer

if TYPE_CHECKING:
    from planwerk_sandbox.api import Api

KINDS = (
    "status",
    "html",
    "timeout",
    "reset",
    "truncate",
    "malformed",
    "missing_envelope",
    "empty_list",
)
_HTML = "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
_HTML_TYPE = "text/html; charset=utf-8"


@dataclass
class Fault:
    """A fault on the requests whose path matches.

    Attributes:
        path: Regular expression, searched in the path below the API's root.
        kind: One of `KINDS`.
        skip: Matching requests that pass first.
        times: Requests that fail after them; null for all.
        status: Status of kind `status`.
        html: Whether the body of kind `status` is an HTML page instead of JSON.
        headers: Headers of kind `status`, for instance `Retry-After`.
        seconds: Delay of kind `timeout`.
        matched: Matching requests so far.
        fired: Requests that failed so far.
    """

    path: str
    kind: str
    skip: int = 0
    times: int | None = 1
    status: int = 500
    html: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 1.0
    matched: int = 0
    fired: int = 0

    def strikes(self) -> bool:
        """Count a matching request and say whether it fails."""
        self.matched += 1
        if self.matched <= self.skip or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True

    def instead(self, api: Api) -> Answer | None:
        """Return the answer that replaces the API's, if this kind has one."""
        headers = {"Date": api.clock.http_date()}
        if self.kind == "html":
            page = _HTML.format(title="Maintenance")
            return Answer(200, page.encode(), headers | {"Content-Type": _HTML_TYPE})
        if self.kind != "status":
            return None
        title = f"Error {self.status}"
        if self.html:
            body = _HTML.format(title=title).encode()
            return Answer(self.status, body, headers | {"Content-Type": _HTML_TYPE} | self.headers)
        return json_answer(self.status, api.error_body(title), headers | self.headers)

    def spoil(self, answer: Answer, api: Api) -> Answer:
        """Return the API's answer as this kind leaves it."""
        match self.kind:
            case "malformed":
                return answer._replace(body=answer.body[: max(len(answer.body) // 2, 1)])
            case "missing_envelope":
                return json_answer(answer.status, api.without_envelope, answer.headers)
            case "empty_list":
                return answer._replace(body=_emptied(answer.body))
            case _:
                return answer


def _emptied(body: bytes) -> bytes:
    if not body.startswith(b"{"):  # a text has no list: nothing is left of it
        return b""
    content = json.loads(body)
    for key, value in content.items():
        if isinstance(value, list):
            content[key] = []
    page = content.get("meta", {}).get("page")
    if page:
        page |= {"count": 0, "hasMore": False}
    return json.dumps(content).encode()


class Faults:
    """The faults in force, in the order they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, values: dict[str, Any]) -> None:
        """Add a fault from its JSON.

        Raises:
            ValueError: If a member is unknown, or path or kind are missing or do not fit.
        """
        allowed = {"path", "kind", "skip", "times", "status", "html", "headers", "seconds"}
        unknown = set(values) - allowed
        if unknown:
            raise ValueError(f"A fault has no member {', '.join(sorted(unknown))}.")
        if not isinstance(values.get("path"), str) or values.get("kind") not in KINDS:
            raise ValueError(f"A fault needs a path (regular expression) and a kind: {KINDS}.")
        check_pattern(values["path"])
        self._faults.append(Fault(**values))

    def strike(self, path: str) -> Fault | None:
        """Return the first fault that strikes a request; all matching ones count it."""
        struck = [
            fault for fault in self._faults if re.search(fault.path, path) and fault.strikes()
        ]
        return struck[0] if struck else None

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def shown(self) -> list[dict[str, Any]]:
        """Return all faults with their counts."""
        return [asdict(fault) for fault in self._faults]


def check_pattern(pattern: str) -> None:
    """Raise `ValueError` with a sentence if a pattern is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}.") from None
