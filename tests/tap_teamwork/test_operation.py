"""What the person who runs the tap asks of it: a greeting, a word on its runs, a second look."""

import copy
import json

import pytest
from click.testing import CliRunner
from tap_teamwork.tap import TapTeamwork

CHANGES = ("tasks", "timelogs", "comments")


def ids(run, stream):
    return {row["id"] for row in run.records(stream)}


def bookmarks(run):
    """Return the state but for what it says of the run itself."""
    state = copy.deepcopy(run.state["bookmarks"])
    state["rejected_rows"].pop("last_run", None)
    return state


def test_a_greeting_costs_one_request_and_tells_the_servers_clock(sandbox, monkeypatch, caplog):
    monkeypatch.setenv("TAP_TEAMWORK_BASE_URL", sandbox.teamwork_url)
    for key, exit_code in (("twp_sandbox", 0), ("twp_another", 1)):
        monkeypatch.setenv("TAP_TEAMWORK_API_KEY", key)
        sandbox.control.clear_requests()
        greeted = CliRunner().invoke(TapTeamwork.cli, ["--config=ENV", "--greet"])
        assert greeted.exit_code == exit_code
        assert sandbox.control.requests()["total"] == 1
        if exit_code == 0:
            said = json.loads(greeted.stdout)
            assert said["server_time"] == sandbox.control.now()
            assert said["source"].startswith("127.0.0.1:")
    assert "Check api_key (TAP_TEAMWORK_API_KEY)" in caplog.messages[-1]
    assert "twp_another" not in caplog.text
    monkeypatch.setenv("TAP_TEAMWORK_READ_AGAIN_IDS", "123,456")
    refused = CliRunner().invoke(TapTeamwork.cli, ["--config=ENV", "--greet"])
    assert refused.exit_code == 1
    assert 'TAP_TEAMWORK_READ_AGAIN_IDS has to be a list in JSON, such as ["123"]' in caplog.text


def test_the_last_state_of_a_run_says_what_the_run_was(run, sandbox):
    first = run("tags", "tasks")
    noted = first.state["bookmarks"]["rejected_rows"]["last_run"]
    assert noted["started_at"] == sandbox.control.now() <= noted["ended_at"]
    assert noted["records"] == len(first.records("tags")) + len(first.records("tasks"))
    assert noted["requests"] == sandbox.control.requests()["total"]
    assert first.messages[-1]["type"] == "STATE"
    others = [message["value"] for message in first.messages if message["type"] == "STATE"][:-1]
    assert all("last_run" not in state["bookmarks"].get("rejected_rows", {}) for state in others)

    sandbox.control.fault("^tags", "status", status=403)
    failed = run("tags", state=first.state)
    assert failed.exit_code == 1
    assert failed.state["bookmarks"]["rejected_rows"]["last_run"] == noted
    edited = copy.deepcopy(first.state)
    edited["bookmarks"]["rejected_rows"]["last_run"] = "gestern"
    again = run("tags", state=edited)
    assert again.exit_code == 0
    assert again.state["bookmarks"]["rejected_rows"]["last_run"]["records"] == noted["records"] - (
        len(first.records("tasks"))
    )
    assert bookmarks(again)["tasks"] == first.state["bookmarks"]["tasks"]


def test_what_changed_since_a_moment_is_read_again_and_the_state_is_as_without(run, sandbox):
    first = run(*CHANGES)
    tasks = sandbox.control.truth("tasks", reachable=True)
    moments = sorted(row["updatedAt"] for row in tasks)
    moment, earlier = moments[len(moments) // 2], moments[len(moments) // 3]
    # Deletions are read by their own time, which is all that moves in some tests before this one.
    deleted = {row["id"] for row in tasks if (row["deletedAt"] or "") > moment}
    state = copy.deepcopy(first.state)
    plain = run(*CHANGES, state=state)
    again = run(*CHANGES, state=state, read_again_from=moment)
    assert bookmarks(again) == bookmarks(plain)
    since = run(*CHANGES, start_date=moment)
    for stream in CHANGES:
        others = deleted if stream == "tasks" else set()
        assert ids(again, stream) == ids(since, stream) | ids(plain, stream) | others
        assert len(ids(again, stream)) > len(ids(plain, stream))
    later = run("tasks", start_date=moment, read_again_from=earlier, state=since.state)
    assert ids(later, "tasks") == ids(since, "tasks") | deleted


def test_tasks_are_read_again_by_their_ids_and_a_missing_one_is_only_named(run, sandbox):
    first = run("tasks")
    rows = sandbox.control.truth("tasks", reachable=True)
    oldest = [row["id"] for row in sorted(rows, key=lambda row: row["updatedAt"])[:3]]
    plain = run("tasks", state=first.state)
    sandbox.control.clear_requests()
    again = run(
        "tasks", state=first.state, read_again_ids=[*map(str, oldest), oldest[0], 987654321]
    )
    assert ids(again, "tasks") == ids(plain, "tasks") | set(oldest)
    assert bookmarks(again) == bookmarks(plain)
    assert "does not show what 'tasks' was to read again (read_again_ids): 987654321." in again.log
    assert str(oldest[0]) not in again.log
    assert again.streams("ACTIVATE_VERSION") == []
    without_bookmark = run("tasks", read_again_ids=oldest)
    assert ids(without_bookmark, "tasks") == ids(first, "tasks")
    assert bookmarks(without_bookmark) == bookmarks(first)


@pytest.mark.parametrize("wrong", [["gestern"], ["1 or 2"], [[1]], "123"])
def test_ids_that_are_none_are_refused_in_one_sentence(run, wrong):
    refused = run("tasks", read_again_ids=wrong)
    assert refused.exit_code == 1
    assert "read_again_ids (TAP_TEAMWORK_READ_AGAIN_IDS) has to be a list of ids" in refused.log
    assert "gestern" not in refused.log
    assert "Traceback" not in refused.log
    assert refused.messages == [] or not refused.records("tasks")
