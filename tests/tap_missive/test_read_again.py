"""Conversations that are read again because somebody wants it, and the greeting."""

import copy
import json

from click.testing import CliRunner
from tap_missive import moments
from tap_missive.tap import TapMissive

MAIL = ("conversations", "messages", "comments")


def ids(run, stream):
    return {row["id"] for row in run.records(stream)}


def within(sandbox, kind, conversations):
    rows = sandbox.missive.truth(kind, reachable=True)
    return {row["id"] for row in rows if row["_conversation_id"] in conversations}


def bookmark(run):
    state = run.state["bookmarks"]["conversations"]
    return {name: state.get(name) for name in ("replication_key_value", "read_from", "swept_at")}


def visible(sandbox):
    """Return the conversations that the token's owner sees fully, the oldest activity first."""
    rows = sandbox.missive.truth("conversations", reachable=True)
    full = [row for row in rows if not row["_guest"]]
    return sorted(full, key=lambda row: row["last_activity_at"])


def test_a_greeting_is_the_cheapest_call(sandbox, monkeypatch):
    monkeypatch.setenv("TAP_MISSIVE_API_URL", sandbox.missive_url)
    monkeypatch.setenv("TAP_MISSIVE_API_TOKEN", "missive_pat-sandbox")
    greeted = CliRunner().invoke(TapMissive.cli, ["--config=ENV", "--greet"])
    assert greeted.exit_code == 0
    assert json.loads(greeted.stdout)["server_time"] == sandbox.missive.now()
    assert list(sandbox.missive.requests()["by_path"]) == ["organizations"]


def test_conversations_since_a_moment_are_read_again_with_all_that_is_in_them(run, sandbox):
    first = run(*MAIL)
    sandbox.missive.advance(600)
    plain = run(*MAIL, state=copy.deepcopy(first.state))
    assert not ids(plain, "messages")
    rows = visible(sandbox)
    middle = rows[len(rows) // 2]["last_activity_at"]
    since = {row["id"] for row in rows if row["last_activity_at"] >= middle}
    again = run(*MAIL, state=plain.state, read_again_from=moments.iso(middle))
    assert ids(again, "conversations") >= since
    for stream in ("messages", "comments"):
        assert ids(again, stream) == within(sandbox, stream, since), stream
        assert len(again.records(stream)) == len(ids(again, stream))
    assert bookmark(again) == bookmark(plain)
    assert not ids(run(*MAIL, state=again.state), "messages")


def test_a_stopped_run_says_how_far_it_read_again_and_spoils_nothing(run, sandbox, monkeypatch):
    monkeypatch.setattr("tap_missive.streams.conversations.GROUP", 5)
    first = run(*MAIL)
    sandbox.missive.fault("/comments", "status", status=401, skip=8)
    stopped = run(*MAIL, state=first.state, read_again_from="2020-01-01")
    assert stopped.exit_code == 1
    assert (
        "Stopped on the way of reading again; conversations with activity up to 20" in stopped.log
    )
    sandbox.missive.clear_faults()
    again = run(*MAIL, state=stopped.state, read_again_from="2020-01-01")
    assert ids(again, "messages") == ids(first, "messages")
    assert len(again.records("messages")) == len(ids(first, "messages"))
    for done in (again, run(*MAIL, state=again.state)):
        assert bookmark(done) == bookmark(first)


def test_conversations_are_read_again_by_their_ids(run, sandbox):
    first = run(*MAIL)
    rows = visible(sandbox)
    old, merged, target, gone = (row["id"] for row in rows[:4])
    sandbox.missive.advance(600)
    sandbox.missive.merge(merged, target)
    sandbox.missive.delete("conversations", gone)
    sandbox.missive.advance(600)
    plain = run(*MAIL, state=copy.deepcopy(first.state))
    again = run(*MAIL, state=plain.state, read_again_ids=[old, merged, gone])
    assert ids(again, "conversations") >= {old, target}
    expected = within(sandbox, "messages", {old, target})
    assert ids(again, "messages") == expected
    assert ids(again, "comments") == within(sandbox, "comments", {old, target})
    assert bookmark(again) == bookmark(plain)
    assert f"was to read again (read_again_ids): {gone}." in again.log
    assert not any(row["is_deleted"] for row in again.records("conversations"))
    young = run(*MAIL, start_date=moments.iso(rows[-1]["last_activity_at"]), read_again_ids=[old])
    assert old in young.log
    assert old not in ids(young, "conversations")
