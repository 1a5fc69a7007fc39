"""Each failure is named in one sentence; what is temporary is tried again."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tap_kit.stream import MAX_TRIES
from tap_teamwork.tap import TapTeamwork


def sentence(run):
    """Return the last line that the tap logged, after making sure it is no stack trace."""
    assert run.exit_code == 1
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert "Traceback" not in run.log
    return run.log.strip().splitlines()[-1]


def test_a_wrong_key_says_which_setting_to_look_at(run):
    words = sentence(run(api_key="twp_wrong"))
    assert "401" in words
    assert "TAP_TEAMWORK_API_KEY" in words
    assert "twp_wrong" not in words


def test_a_wrong_path_of_the_site_says_which_setting_to_look_at(run, sandbox, waits):
    assert "TAP_TEAMWORK_BASE_URL" in sentence(run(base_url=sandbox.url + "/elsewhere"))


@pytest.mark.parametrize("address", ["yourcompany.teamwork.com", "ftp://files.example", "https://"])
def test_an_address_that_is_none_is_named_at_once(run, waits, address):
    assert "no web address" in sentence(run(base_url=address))
    assert not waits


def test_a_failing_connection_shows_no_url(run, waits):
    done = run(base_url="http://127.0.0.1:1/secret-path")
    assert "secret-path" not in done.log


def test_a_loader_that_ended_is_named_and_shows_no_stack_trace(sandbox, tmp_path):
    config = tmp_path / "config.json"
    settings = {"base_url": sandbox.teamwork_url, "api_key": "twp_sandbox"}
    config.write_text(json.dumps(settings | {"requests_per_minute": 100_000}), encoding="utf-8")
    program = Path(sys.executable).with_name("tap-teamwork")
    command = f"'{program}' --config '{config}' | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "The loader ended before the tap" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_forbidden_list_says_whose_key_to_use(run, sandbox):
    sandbox.control.set(forbidden_path="^tags")
    words = sentence(run(api_key="twp_sandbox_restricted"))
    assert "403" in words
    assert "site administrator" in words


def test_a_list_that_is_longer_than_teamwork_shows_is_named(run, sandbox):
    sandbox.control.set(offset_ceiling=10)
    words = sentence(run(page_size=5))
    assert "50 000 rows" in words
    assert "'tags'" in words


def test_no_network_is_named_after_all_tries(run, waits):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        words = sentence(run(base_url=f"http://127.0.0.1:{port}"))
    assert "no connection" in words
    assert "TAP_TEAMWORK_BASE_URL" in words
    assert len(waits) == MAX_TRIES - 1


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 502, "html": True}),
        ("status", {"status": 503}),
        ("status", {"status": 504, "html": True}),
        ("status", {"status": 429}),
        ("html", {}),
        ("reset", {}),
        ("truncate", {}),
        ("malformed", {}),
    ],
)
def test_what_is_temporary_is_tried_again_and_loses_nothing(run, sandbox, waits, kind, options):
    sandbox.control.fault("tags.json", kind, times=3, **options)
    done = run("tags")
    assert done.exit_code == 0
    assert len(done.records("tags")) == len(sandbox.control.truth("tags"))
    assert len(waits) == 3


def test_an_answer_that_takes_too_long_is_tried_again(run, sandbox, waits):
    sandbox.control.fault("tags.json", "timeout", times=1, seconds=3)
    done = run("tags", request_timeout_seconds=1)
    assert done.exit_code == 0
    assert "no answer within 1 s" in done.log


def test_waiting_times_double(run, sandbox, waits):
    sandbox.control.fault("tags.json", "status", status=500, times=5)
    assert run("tags").exit_code == 0
    assert [int(wait) for wait in waits] == [1, 2, 4, 8, 16]


def test_it_gives_up_after_eight_tries_and_says_what_the_server_answered(run, sandbox, waits):
    sandbox.control.fault("tags.json", "status", status=503, times=None)
    words = sentence(run("tags"))
    assert "503" in words
    assert "'tags.json'" in words
    assert len(waits) == MAX_TRIES - 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "900"}, 900),
        ({"X-Rate-Limit-Reset": "11"}, 11),
        ({"x-ratelimit-reset": "12"}, 12),
        ({}, 60),
    ],
)
def test_a_rate_limit_waits_as_long_as_the_server_asks(run, sandbox, waits, headers, seconds):
    sandbox.control.set(retry_after=False)
    sandbox.control.fault("tags.json", "status", status=429, headers=headers)
    assert run("tags").exit_code == 0
    assert seconds <= waits[0] <= seconds + 1


def test_the_setting_sets_the_rate_that_all_streams_share():
    tap = TapTeamwork(config={"base_url": "-", "api_key": "-", "requests_per_minute": 7})
    assert [(rate.limit, rate.interval) for rate in tap.rates()] == [(7, 60_000)]
    assert len({id(tap.streams[name].requests_session) for name in ("tasks", "tags")}) == 1


@pytest.mark.parametrize("stream", ["tags", "tasks", "comments", "teams", "stages", "projects"])
def test_an_answer_without_its_envelope_is_an_error_and_never_an_empty_list(run, sandbox, stream):
    path = {"stages": "workflows"}.get(stream, stream)
    sandbox.control.fault(rf"{path}\.json", "missing_envelope")
    done = run(stream)
    assert "lacks" in sentence(done)
    assert "ACTIVATE_VERSION" not in {message["type"] for message in done.messages}
    assert done.state.get("bookmarks", {}).get(stream, {}).get("replication_key_value") is None


def test_a_page_size_that_teamwork_refuses_is_named_before_anything_is_asked(run, sandbox):
    done = run(page_size=501)
    assert done.exit_code == 1
    assert "page_size (TAP_TEAMWORK_PAGE_SIZE) has to be at most 500" in done.log
    assert sandbox.control.requests()["total"] == 0
