"""Refusals of the API, as `api/missive.md` 1.4 lists them."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def bad_request(sentence: str) -> ApiError:
    """Build the answer to a parameter that is refused."""
    return ApiError(400, sentence)


def not_found() -> ApiError:
    """Build the answer to a path or id that is unknown or not visible any more."""
    return ApiError(404, "Not found")
