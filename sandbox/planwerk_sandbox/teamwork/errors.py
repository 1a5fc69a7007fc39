"""Refusals of the API, as `api/teamwork.md` 1.4 lists them."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal with a status and the error body of v3."""

    def __init__(self, status: int, detail: str, title: str = "unexpected error") -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"errors": [{"title": title, "detail": detail}]}


def bad_request(detail: str) -> ApiError:
    """Build the answer to a parameter that is refused."""
    return ApiError(400, detail, "bad request")


def not_found() -> ApiError:
    """Build the answer to an unknown, hidden or deleted item."""
    return ApiError(404, "404: Not found", "not found")
