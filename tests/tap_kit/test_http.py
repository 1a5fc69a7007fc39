"""Politeness: several rates at once, the server's clock and the waiting times it asks for."""

import datetime as dt
import time

import pytest
import requests
import requests_mock
from pyrate_limiter import Duration, Rate
from tap_kit.http import polite_session, seconds_asked_for, server_time


def answer(status, headers):
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    return response


def test_all_rates_are_kept_at_once():
    session = polite_session([Rate(4, Duration.SECOND), Rate(2, 250)])
    moments = []
    adapter = requests_mock.Adapter()
    adapter.register_uri("GET", "mock://api.example/", text="{}")
    session.mount("mock://", adapter)
    for _ in range(5):
        session.get("mock://api.example/")
        moments.append(time.monotonic())
    assert moments[2] - moments[0] >= 0.24
    assert moments[4] - moments[0] >= 0.99


def test_the_servers_clock_is_read_from_its_answers():
    clock = server_time({"Date": "Tue, 10 Mar 2026 08:00:00 GMT"})
    assert clock == dt.datetime(2026, 3, 10, 8, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_without_a_date_our_own_clock_is_used(headers):
    assert abs(server_time(headers) - dt.datetime.now(dt.timezone.utc)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "900"}, 900),
        (503, {"Retry-After": "5"}, 5),
        (429, {"Retry-After": "5", "X-Rate-Limit-Reset": "50"}, 5),
        (
            429,
            {
                "Date": "Tue, 10 Mar 2026 08:00:00 GMT",
                "Retry-After": "Tue, 10 Mar 2026 08:01:30 GMT",
            },
            90,
        ),
        (429, {"x-ratelimit-reset": "30"}, 30),
        (429, {"X-Rate-Limit-Reset": "100000"}, 120),
        (429, {"X-Rate-Limit-Reset": "0"}, 1),
        (429, {"X-Rate-Limit-Reset": "soon"}, 60),
        (429, {"Retry-After": "soon"}, 60),
        (429, {}, 60),
        (500, {}, None),
    ],
)
def test_the_waiting_time_is_what_the_server_asks_for(status, headers, seconds):
    assert seconds_asked_for(answer(status, headers)) == seconds


def test_a_reset_in_epoch_seconds_is_a_moment():
    wait = seconds_asked_for(answer(429, {"X-Rate-Limit-Reset": str(int(time.time()) + 20)}))
    assert 18 <= wait <= 20


def test_a_failure_without_an_answer_asks_for_nothing():
    assert seconds_asked_for(None) is None
