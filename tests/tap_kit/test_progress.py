"""What a person, or a program, reads in the log while a run goes on and when a stream ends."""

import json
import logging
import time

import pytest
from planwerk_sandbox.server import running
from pyrate_limiter import Rate
from singer_sdk.logging import StructuredFormatter
from tap_kit import progress
from tap_kit.tally import Tally, duration
from tap_teamwork.tap import TapTeamwork


@pytest.fixture(scope="module")
def office():
    with running(scale=0.02) as started:
        yield started


@pytest.fixture
def run(office, run_tap, monkeypatch):
    """Run the tap for tags; lines come a hundred times as fast as usual."""
    office.control.reset_settings()
    office.control.clear_faults()
    for name in ("FIRST_LINE_SECONDS", "LINE_SECONDS", "LONG_SECONDS"):
        monkeypatch.setattr(progress, name, getattr(progress, name) / 100)

    def run(*streams, **settings):
        config = {"base_url": office.teamwork_url, "api_key": "twp_sandbox", **settings}
        return run_tap(TapTeamwork, config, streams or ["tags"], None)

    return run


def lines(caplog):
    """Return what Meltano gets: a JSON object for each line of the tap."""
    texts = map(StructuredFormatter().format, caplog.records)
    return [json.loads(text) for text in texts]


def is_end(line):
    return "outcome" in line["extra"]


def test_a_run_that_waits_for_its_first_answer_says_so_at_once(run, office, caplog):
    office.control.fault("^me", "timeout", seconds=0.4)
    done = run("milestones", "tags")
    assert done.exit_code == 0
    assert {message["type"] for message in done.messages} >= {"SCHEMA", "RECORD", "STATE"}
    told = [line for line in lines(caplog) if line["level"] == "info"]
    assert told[0]["message"].startswith("Reading begins; ")
    assert "Connecting; no answer for 0 s" in [line["message"] for line in told]
    assert told[-1]["message"].startswith("tags: ")
    assert "METRIC" not in done.log
    assert "Beginning sync" not in done.log


def test_a_run_that_waits_for_a_limit_says_how_long_and_for_what(run, monkeypatch, caplog):
    monkeypatch.setattr(TapTeamwork, "rates", lambda _: [Rate(1, 200)])
    assert run("tags", "people").exit_code == 0
    waiting = [line["extra"] for line in lines(caplog) if "waiting_seconds" in line["extra"]]
    assert {line["waiting_for"] for line in waiting} == {"the limit of requests"}
    assert "waiting 0 s for the limit of requests" in caplog.text


def test_a_stream_ends_with_its_numbers_also_when_it_fails(run, office, caplog):
    run("tasks", "tags")
    ended = {line["stream_name"]: line["extra"] for line in lines(caplog) if is_end(line)}
    assert ended["tags"]["outcome"] == ended["tasks"]["outcome"] == "complete"
    assert ended["tags"]["records"] == len(office.control.truth("tags"))
    assert ended["tasks"]["bookmark_before"] is None
    assert ended["tasks"]["bookmark_after"].startswith("2026-03-")
    assert ended["tasks"]["requests"] >= 1
    office.control.fault("^tags", "status", status=403)
    failed = run()
    assert failed.exit_code == 1
    (line,) = filter(is_end, lines(caplog))
    assert (line["stream_name"], line["extra"]["outcome"]) == ("tags", "failed")
    assert line["message"] == "tags: failed after 0 records, 2 requests, 0 s"


def test_what_is_left_is_told_where_it_is_known(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now)
    tally, inner = Tally("conversations"), Tally("messages")
    for _ in range(1_200):
        tally.count_record()
    tally.within["messages"], inner.requests, inner.records = inner, 600, 2_500
    assert tally.words() == "conversations: 1 200 records, 2 500 messages, 600 requests"
    tally.expect(10_000)
    now += 240
    assert tally.words() == (
        "conversations: 1 200 of 10 000 records, 2 500 messages, 5 per second, 29 min left, "
        "600 requests"
    )
    tally.expect(1_000)
    assert tally.expected is None
    assert [duration(seconds) for seconds in (40, 3_600, 90_000)] == ["40 s", "60 min", "25.0 h"]


def test_a_quiet_log_shows_nothing_of_it(run, caplog):
    caplog.set_level(logging.WARNING, logger="tap-teamwork")
    run()
    assert "records" not in caplog.text
