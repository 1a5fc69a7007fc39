"""Refusals of the API, as `api/craft.md` 1.3 lists them."""

from __future__ import annotations

from typing import Any

from planwerk_sandbox.http import Answer

_PAGE = (
    "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
)
_HTML = {"Content-Type": "text/html; charset=utf-8"}


class ApiError(Exception):
    """A refusal with a status and a JSON body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body["error"])
        self.status = status
        self.body = body


class UnknownRouteError(Exception):
    """A path that the link does not offer: answered with an HTML page."""


def invalid(sentence: str) -> ApiError:
    """Build the answer to a parameter that is missing or refused."""
    details = [{"code": "custom", "message": sentence}]
    body = {"error": "Validation failed", "code": "VALIDATION_ERROR", "details": details}
    return ApiError(400, body)


def not_found(what: str) -> ApiError:
    """Build the answer to an id or a day that is unknown or out of the link's scope."""
    return ApiError(404, {"error": f"{what} not found", "code": "NOT_FOUND_ERROR"})


def no_such_link() -> ApiError:
    """Build the answer to a dead or unknown link: it has no `NOT_FOUND_ERROR`."""
    return ApiError(404, {"error": "Link not found"})


def no_key() -> ApiError:
    """Build the answer to a missing or wrong key."""
    body = {"error": "Invalid Authorization header", "code": "INVALID_AUTH_HEADER"}
    return ApiError(401, body)


def forbidden(sentence: str) -> ApiError:
    """Build the answer to what the link's permission excludes."""
    return ApiError(403, {"error": sentence, "code": "FORBIDDEN"})


def page(status: int, title: str, headers: dict[str, str]) -> Answer:
    """Write an HTML page, as the edge and unknown routes answer."""
    return Answer(status, _PAGE.format(title=title).encode(), headers | _HTML)
