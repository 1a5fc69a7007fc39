"""Limits are kept by all runs on the machine together, on a clock that the test controls."""

import logging
import sqlite3

import pytest
import requests
from pyrate_limiter import Duration, Rate, SQLiteBucket
from tap_kit.http import polite_session


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self, monkeypatch):
        self.now, self.slept = 1_800_000_000.0, []
        monkeypatch.setattr("time.sleep", self.sleep)
        monkeypatch.setattr(
            "pyrate_limiter.buckets.sqlite_bucket.time_ns", lambda: int(self.now * 1e9)
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def send(clock, tmp_path, requests_mock):
    """Send some requests in a run of their own; return when each was sent."""
    requests_mock.get("http://api.example/")

    def send(count, *rates, file="requests.sqlite"):
        session = polite_session(rates, tmp_path / "limits" / file)
        request = requests.Request("GET", "http://api.example/").prepare()
        moments = []
        for _ in range(count):
            session.send(request)
            moments.append(clock.now)
        return moments

    return send


MISSIVE = (Rate(290, Duration.MINUTE), Rate(880, 15 * Duration.MINUTE))


def most_within(moments, seconds):
    """Return how many requests the fullest window of this length has."""
    return max(
        sum(1 for moment in moments if start <= moment < start + seconds) for start in moments
    )


def test_a_minute_and_a_quarter_of_an_hour_are_never_overfull(send):
    moments = send(1_900, *MISSIVE)
    assert most_within(moments, 60) == 290
    assert most_within(moments, 900) == 880
    assert moments[-1] - moments[0] == pytest.approx(1_800, abs=10)


def test_the_next_run_with_the_same_token_goes_on_counting(send, clock):
    first = send(880, *MISSIVE)
    second = send(1, *MISSIVE)
    assert second[0] - first[0] == pytest.approx(900, abs=1)
    clock.now += 60
    other = send(1, *MISSIVE, file="other token.sqlite")
    assert other[0] == clock.now


def test_a_long_wait_is_announced_with_the_time_it_ends(send, caplog):
    with caplog.at_level(logging.WARNING):
        send(881, *MISSIVE)
    assert len(caplog.messages) <= 5
    assert "going on at" in caplog.messages[-1]
    assert "(in 720 s)" in caplog.messages[-1]


def test_a_rate_that_another_makes_superfluous_does_no_harm(send):
    assert len(send(100, Rate(10_000, Duration.MINUTE), Rate(880, 15 * Duration.MINUTE))) == 100
    assert len(send(100, Rate(290, Duration.MINUTE), Rate(10_000, 15 * Duration.MINUTE))) == 100


def test_a_clock_that_is_set_back_does_not_block(send, clock):
    send(880, *MISSIVE)
    clock.now -= 86_400
    clock.slept.clear()
    send(1, *MISSIVE)
    assert clock.slept == []


def test_a_folder_that_cannot_be_used_costs_only_the_common_count(send, tmp_path, caplog):
    (tmp_path / "limits").write_text("a file")
    with caplog.at_level(logging.WARNING):
        send(3, *MISSIVE)
    assert "cannot be counted" in caplog.text


def test_a_disk_that_is_full_in_the_middle_of_a_run_costs_only_the_common_count(
    send, monkeypatch, caplog
):
    put = SQLiteBucket.put

    def put_until_full(bucket, item):
        if bucket.count() == 2:
            raise sqlite3.OperationalError("database or disk is full")
        return put(bucket, item)

    monkeypatch.setattr(SQLiteBucket, "put", put_until_full)
    with caplog.at_level(logging.WARNING):
        assert len(send(5, *MISSIVE)) == 5
    assert [text for text in caplog.messages if "cannot be counted" in text] == caplog.messages
    assert len(caplog.messages) == 1
