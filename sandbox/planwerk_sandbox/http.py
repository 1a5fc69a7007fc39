"""What an API sees of HTTP: a request to answer and a complete answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Request(NamedTuple):
    """What an API looks at in an HTTP request.

    Attributes:
        method: The verb in capitals.
        path: The path below the place where the API is mounted.
        query: The parameters; of one sent twice the last.
        authorization: The header of that name.
        in_flight: Requests in hand when this one arrived, itself included.
        headers: All headers, their names in small letters.
        pairs: Every parameter as it was sent, repeated ones included.
    """

    method: str
    path: str
    query: dict[str, str]
    authorization: str | None = None
    in_flight: int = 1
    headers: Mapping[str, str] = {}
    pairs: Sequence[tuple[str, str]] = ()


class Answer(NamedTuple):
    """A complete HTTP answer."""

    status: int
    body: bytes
    headers: dict[str, str]


def json_answer(status: int, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """Write an answer as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # UTF-8 has no lone surrogates; Python's backslash escape of one is its JSON escape as well.
    return Answer(
        status,
        text.encode(errors="backslashreplace"),
        headers | {"Content-Type": "application/json; charset=utf-8"},
    )
