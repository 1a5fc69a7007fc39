"""What a run does with a state that was edited, or with settings that have changed since."""

import copy

import pytest

CHANGES = ("tasks", "timelogs", "comments")


def ids(run, stream):
    return {row["id"] for row in run.records(stream)}


@pytest.mark.parametrize("member", ["replication_key_value", "deletions_read_until"])
def test_a_moment_in_the_future_skips_nothing(run, member):
    first = run(*CHANGES)
    state = copy.deepcopy(first.state)
    for stream in CHANGES if member == "replication_key_value" else ["tasks"]:
        state["bookmarks"][stream][member] = "2099-01-01T00:00:00Z"
    again = run(*CHANGES, state=state)
    assert again.exit_code == 0
    for stream in CHANGES if member == "replication_key_value" else ["tasks"]:
        assert ids(again, stream) == ids(first, stream)
    for done in (first, again):
        del done.state["bookmarks"]["rejected_rows"]["last_run"]
    assert again.state == first.state


def test_an_earlier_start_date_is_noticed_once_and_a_later_one_takes_nothing_away(run, sandbox):
    moments = sorted(row["updatedAt"] for row in sandbox.control.truth("tasks", reachable=True))
    earlier, later = moments[len(moments) // 3], moments[2 * len(moments) // 3]
    first = run(*CHANGES, start_date=later)
    second = run(*CHANGES, start_date=earlier, state=first.state)
    assert "start_date was set to an earlier moment" in second.log
    assert ids(second, "tasks") == ids(run("tasks", start_date=earlier), "tasks")
    for start_date in (earlier, later):
        third = run(*CHANGES, start_date=start_date, state=second.state)
        assert len(third.records("tasks")) < len(first.records("tasks")) // 2
    whole = run(*CHANGES, state=third.state)
    assert ids(whole, "tasks") == ids(run("tasks"), "tasks")


def test_the_state_of_another_site_is_refused_before_anything_is_read(run, sandbox):
    streams = ("tasks", "tags")
    first = run(*streams)
    sandbox.control.clear_requests()
    for stream in streams:
        state = copy.deepcopy(first.state)
        state["bookmarks"][stream]["source"] = "other.teamwork.com"
        refused = run(stream, state=state)
        assert refused.exit_code == 1
        assert f"'{stream}' belongs to other.teamwork.com" in refused.log
        assert "clear the state" in refused.log
        assert not refused.records(stream)
        assert refused.state == state
    del state["bookmarks"]["tags"]["source"]
    adopted = run("tags", state=state)
    assert adopted.exit_code == 0
    assert (
        adopted.state["bookmarks"]["tags"]["source"] == first.state["bookmarks"]["tags"]["source"]
    )


def test_without_a_state_all_is_read_again(run):
    first = run(*CHANGES, "tags")
    again = run(*CHANGES, "tags")
    for stream in (*CHANGES, "tags"):
        assert again.records(stream) == first.records(stream)
