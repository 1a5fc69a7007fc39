"""Missive's limits, on a clock that the sandbox and the tap share and the test moves."""

import math

import pytest
from planwerk_sandbox.server import running
from tap_missive.tap import TapMissive

MAIL = ("conversations", "messages", "comments")


@pytest.fixture
def sandbox():
    """An office whose mail takes more requests than Missive allows in a quarter of an hour."""
    with running(scale=0.3) as started:
        started.missive.set(limits="office")
        yield started


@pytest.fixture
def slept(sandbox, monkeypatch):
    """Seconds that the tap has slept; the office's clock has moved on by as many."""
    seconds = []

    def sleep(wanted):
        seconds.append(math.ceil(wanted))
        sandbox.missive.advance(seconds[-1])

    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setattr(
        "pyrate_limiter.buckets.sqlite_bucket.time_ns",
        lambda: (1_800_000_000 + sum(seconds)) * 1_000_000_000,
    )
    return seconds


def run(sandbox, run_tap, **settings):
    account = {"api_url": sandbox.missive_url, "api_token": "missive_pat-sandbox"}
    done = run_tap(TapMissive, {**account, **settings}, MAIL, None)
    assert done.exit_code == 0
    for stream in MAIL:
        read = {record["id"] for record in done.records(stream)}
        assert read >= {row["id"] for row in sandbox.missive.truth(stream, reachable=True)}
    return done


def refusals(sandbox):
    return [entry for entry in sandbox.missive.requests()["log"] if entry["status"] == 429]


def test_missive_never_has_to_refuse_a_request(sandbox, run_tap, slept):
    done = run(sandbox, run_tap)
    assert sandbox.missive.requests()["total"] > 900
    assert refusals(sandbox) == []
    assert 720 <= sum(slept) <= 1_000
    assert "going on at" in done.log


def test_a_refused_request_waits_as_long_as_missive_says(sandbox, run_tap, slept):
    done = run(sandbox, run_tap, requests_per_minute=100_000, requests_per_quarter_hour=1_000_000)
    assert len(refusals(sandbox)) >= 3
    assert 840 <= sum(slept) <= 960
    assert "trying again at" in done.log
