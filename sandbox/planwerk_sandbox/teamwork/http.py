"""What the API sees of HTTP: a request to answer and a complete answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planwerk_sandbox.teamwork.shapes import Shape

V3, V1 = "projects/api/v3/", "projects/api/v1/"
"""Roots of the API's versions below the site's root; v1 answers at the site's root as well."""


class Request(NamedTuple):
    """What the API looks at in an HTTP request; the path is below the site's root."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str | None = None


class Answer(NamedTuple):
    """A complete HTTP answer."""

    status: int
    body: bytes
    headers: dict[str, str]


def api_path(path: str) -> str:
    """Return a path below the root of its API version, as fact sheets and logs write it."""
    path = path.lstrip("/")
    for prefix in (V3, V1):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


def json_answer(status: int, body: Shape, headers: dict[str, str]) -> Answer:
    """Write an answer as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # UTF-8 has no lone surrogates; Python's backslash escape of one is its JSON escape as well.
    return Answer(
        status,
        text.encode(errors="backslashreplace"),
        headers | {"Content-Type": "application/json; charset=utf-8"},
    )
