"""Polite HTTP: limits shared by all requests, and the waiting times that a server asks for."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pyrate_limiter import (
    InMemoryBucket,
    Limiter,
    RateItem,
    SingleBucketFactory,
    SQLiteBucket,
)
from requests_ratelimiter import LimiterSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import requests
    from pyrate_limiter import AbstractBucket, Rate

DEFAULT_RATE_LIMIT_WAIT_SECONDS = 60
LONG_WAIT_SECONDS = 30
SHORTEST_WAIT_SECONDS = 0.05
LONGEST_RATE_LIMIT_RESET_SECONDS = 120
FIRST_EPOCH = 1_000_000_000
"""A rate-limit reset above this number is a moment in epoch seconds, below it a waiting time."""

logger = logging.getLogger(__name__)


class PatientLimiter(Limiter):
    """A limiter that waits for its turn, and says so where that takes long.

    Args:
        bucket: Where requests are counted.
        on_wait: Told the seconds before each wait.
    """

    def __init__(
        self, bucket: AbstractBucket, on_wait: Callable[[float], object] = lambda _: None
    ) -> None:
        # Without the thread that empties the bucket at intervals: that happens while we wait.
        super().__init__(SingleBucketFactory(bucket, schedule_leak=False))
        self._bucket, self._on_wait = bucket, on_wait

    def try_acquire(
        self,
        name: str = "pyrate",
        weight: int = 1,
        blocking: bool = True,  # noqa: ARG002, FBT001, FBT002
        timeout: float = -1,  # noqa: ARG002
    ) -> bool:
        """Wait until a request may be sent."""
        try:
            self._wait_for_turn(name, weight)
        except (OSError, sqlite3.Error) as error:
            _warn_of_counting("on disk", error)
            self._bucket = InMemoryBucket(self._bucket.rates)
            self._wait_for_turn(name, weight)
        return True

    def _wait_for_turn(self, name: str, weight: int) -> None:
        bucket = self._bucket
        while not bucket.put(item := RateItem(name, _now(bucket), weight)):
            seconds = int(bucket.waiting(item)) / 1000 + SHORTEST_WAIT_SECONDS  # type: ignore[arg-type]
            if seconds >= LONG_WAIT_SECONDS:
                logger.warning("The limit of requests is reached; going on %s.", in_words(seconds))
            self._on_wait(seconds)
            time.sleep(seconds)
            bucket.leak(_now(bucket))


def _warn_of_counting(where: object, error: Exception) -> None:
    logger.warning("Requests cannot be counted %s across runs (%s).", where, error)


def _now(bucket: AbstractBucket) -> int:
    """Return the bucket's clock in milliseconds."""
    return int(bucket.now())  # type: ignore[no-untyped-call]


class PoliteSession(LimiterSession):
    """A session that sends a key only where it belongs.

    A redirect to another origin is not followed: it is the answer, and its status a refusal. And
    no `.netrc` adds or replaces a key.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a redirect leads, if that is within the same origin."""
        target = super().get_redirect_target(resp)
        if target is None or origin(urljoin(resp.url, target)) == origin(resp.url):
            return target
        return None

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Leave the key as it is: the origin is the same."""


def origin(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def polite_session(
    rates: Iterable[Rate],
    shared: Path | None = None,
    on_wait: Callable[[float], object] = lambda _: None,
) -> LimiterSession:
    """Return a session that keeps all the given rates at once, over all requests sent with it.

    Args:
        rates: The rates. One that another makes superfluous is left out.
        shared: File in which all runs on this machine count their requests together.
        on_wait: Told the seconds before each wait for a turn.
    """
    return PoliteSession(
        limiter=PatientLimiter(_bucket(_effective(rates), shared), on_wait),
        per_host=False,
        limit_statuses=(),
    )


def _effective(rates: Iterable[Rate]) -> list[Rate]:
    """Return the rates that can be reached, the shortest interval first."""
    effective: list[Rate] = []
    for rate in sorted(rates, key=lambda rate: rate.interval):
        while effective and effective[-1].limit >= rate.limit:
            effective.pop()
        if not effective or rate.limit * effective[-1].interval < (
            effective[-1].limit * rate.interval
        ):
            effective.append(rate)
    return effective


def _bucket(rates: list[Rate], shared: Path | None) -> AbstractBucket:
    if shared is None:
        return InMemoryBucket(rates)
    try:
        shared.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        bucket = SQLiteBucket.init_from_file(rates, db_path=str(shared), use_file_lock=True)
        newest = bucket.peek(0)
        if isinstance(newest, RateItem) and newest.timestamp > _now(bucket):
            # The machine's clock was set back: these requests would block until it has caught up.
            bucket.flush()
        bucket.leak(_now(bucket))
    except (OSError, sqlite3.Error) as error:
        _warn_of_counting(f"in {shared}", error)
        return InMemoryBucket(rates)
    return bucket


def in_words(seconds: float) -> str:
    """Return a waiting time for a person, a long one with the time of day when it ends."""
    if seconds < LONG_WAIT_SECONDS:
        return f"in {seconds:.0f} s"
    end = dt.datetime.now().astimezone() + dt.timedelta(seconds=seconds)
    return f"at {end:%H:%M:%S} (in {seconds:.0f} s)"


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
