"""Polite HTTP: limits shared by all requests, and the waiting times that a server asks for."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pyrate_limiter import Limiter
from requests_ratelimiter import LimiterSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import requests
    from pyrate_limiter import Rate

DEFAULT_RATE_LIMIT_WAIT_SECONDS = 60
LONGEST_RATE_LIMIT_RESET_SECONDS = 120
FIRST_EPOCH = 1_000_000_000
"""A rate-limit reset above this number is a moment in epoch seconds, below it a waiting time."""


def polite_session(rates: Iterable[Rate]) -> LimiterSession:
    """Return a session that keeps all the given rates at once, over all requests sent with it."""
    return LimiterSession(
        limiter=Limiter(sorted(rates, key=lambda rate: rate.interval)),
        per_host=False,
        limit_statuses=(),
    )


def server_time(headers: Mapping[str, str]) -> dt.datetime:
    """Return the server's clock from an answer's `Date` header, or ours where it sends none."""
    now = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
    return _http_date(headers.get("Date", "")) or now


def _http_date(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(dt.timezone.utc)
    except (TypeError, ValueError):
        return None


def seconds_asked_for(response: requests.Response | None) -> float | None:
    """Return how long the server wants us to wait, or None where it does not say.

    `Retry-After` (seconds or an HTTP date) is taken as it is. A 429 without it waits for the
    rate limit's reset, given in seconds or as an epoch time, else a minute.
    """
    if response is None:
        return None
    retry_after = response.headers.get("Retry-After", "").strip()
    if retry_after.isdigit():
        return float(retry_after)
    if at := _http_date(retry_after):
        return max(0.0, (at - server_time(response.headers)).total_seconds())
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    for header in ("X-Rate-Limit-Reset", "X-RateLimit-Reset"):
        reset = response.headers.get(header, "").strip()
        if reset.isdigit():
            wait = float(reset)
            wait = wait - time.time() if wait > FIRST_EPOCH else wait
            return min(max(wait, 1.0), LONGEST_RATE_LIMIT_RESET_SECONDS)
    return DEFAULT_RATE_LIMIT_WAIT_SECONDS


@dataclass(frozen=True)
class Answer:
    """A decoded answer: the JSON object and the response's headers."""

    body: dict[str, Any]
    headers: Mapping[str, str]
