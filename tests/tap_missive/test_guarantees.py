"""What nobody would see at once: mail that is easily lost, and state that is easily trusted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tap_missive import moments

MAIL = ("conversations", "messages", "comments")
A_DAY_LATER = 90_000


def ids(*runs, stream):
    return {record["id"] for run in runs for record in run.records(stream)}


def assert_complete(sandbox, *runs):
    for stream in MAIL:
        reachable = {row["id"] for row in sandbox.missive.truth(stream, reachable=True)}
        assert ids(*runs, stream=stream) >= reachable, stream


def conversations(sandbox):
    """Conversations that the token's owner sees fully, the oldest activity first."""
    rows = sandbox.missive.truth("conversations", reachable=True)
    full = [
        row
        for row in rows
        if not row["_guest"] and not any(user["trashed"] or user["junked"] for user in row["users"])
    ]
    return sorted(full, key=lambda row: row["last_activity_at"])


def most_commented(sandbox):
    found = {}
    for row in sandbox.missive.truth("comments", reachable=True):
        found.setdefault(row["_conversation_id"], []).append(row["id"])
    return max(found, key=lambda conversation: len(found[conversation]))


def test_an_old_message_that_is_moved_below_others_is_found(run, sandbox):
    control = sandbox.missive
    last = max(conversations(sandbox), key=lambda row: row["messages_count"])["id"]
    source = next(row["id"] for row in conversations(sandbox) if row["messages_count"] == 1)
    control.hide(source)
    first = run(*MAIL)
    control.advance(600)
    control.merge(source, last)
    control.advance(A_DAY_LATER)
    assert_complete(sandbox, first, run(*MAIL, state=first.state))


def test_the_old_comments_of_a_guest_come_when_he_becomes_a_full_user(run, sandbox):
    conversation = most_commented(sandbox)
    sandbox.missive.make_guest(conversation)
    first = run(*MAIL)
    sandbox.missive.make_full(conversation)
    sandbox.missive.advance(A_DAY_LATER)
    assert_complete(sandbox, first, run(*MAIL, state=first.state))


def test_a_list_that_was_too_short_is_read_again_after_a_stop_too(run, sandbox):
    control = sandbox.missive
    short = next(row["id"] for row in conversations(sandbox)[3:] if row["messages_count"] > 2)
    control.fault(f"^conversations/{short}/messages", "empty_list", times=2)
    control.fault("^conversations/.*/comments", "status", status=401)
    stopped = run(*MAIL)
    assert stopped.exit_code == 1
    control.clear_faults()
    resumed = run(*MAIL, state=stopped.state)
    control.advance(A_DAY_LATER)
    assert_complete(sandbox, stopped, resumed, run(*MAIL, state=resumed.state))


def test_a_list_that_lags_behind_its_count_is_read_again(run, sandbox):
    control = sandbox.missive
    conversation = conversations(sandbox)[3]["id"]
    first = run(*MAIL)
    control.advance(600)
    control.add_message(conversation, body="<p>neu</p>")
    control.advance(600)
    control.fault(f"^conversations/{conversation}/messages", "empty_list", times=2)
    second = run(*MAIL, state=first.state)
    control.advance(A_DAY_LATER)
    assert_complete(sandbox, first, second, run(*MAIL, state=second.state))


def test_a_run_whose_output_was_lost_is_repeated(run, sandbox):
    first = run(*MAIL)
    sandbox.missive.advance(600)
    sandbox.missive.add_message(conversations(sandbox)[0]["id"], body="<p>neu</p>")
    sandbox.missive.advance(600)
    run(*MAIL, state=first.state)
    assert_complete(sandbox, first, run(*MAIL, state=first.state))


def test_a_state_that_was_copied_to_a_second_loader_costs_neither_a_message(run, sandbox):
    control = sandbox.missive
    first = run(*MAIL)
    one, other = [first], [first]
    for number in range(3):
        for loader in (one, other):
            control.advance(600)
            control.add_message(conversations(sandbox)[number]["id"], body=f"<p>{number}</p>")
            control.advance(600)
            loader.append(run(*MAIL, state=loader[-1].state))
    for loader in (one, other):
        loader.append(run(*MAIL, state=loader[-1].state))
        assert_complete(sandbox, *loader)


def of_another(state, **members):
    """Return a state that was written with another token."""
    changed = json.loads(json.dumps(state))
    for bookmark in changed["bookmarks"].values():
        if "account" in bookmark:
            bookmark |= {"account": "former", **members}
    return changed


def test_the_token_of_another_user_reads_all_it_can_see_and_marks_nothing(run, sandbox):
    streams = (*MAIL, "shared_labels", "conversation_tasks")
    hidden = conversations(sandbox)[3]["id"]
    sandbox.missive.hide(hidden)
    first = run(*streams)
    assert "shared_labels" in first.streams("ACTIVATE_VERSION")
    sandbox.missive.reveal(hidden)
    state = of_another(first.state, owner="a colleague", lineage="another")
    second = run(*streams, state=state)
    assert_complete(sandbox, second)
    assert len(second.records("conversation_tasks")) == len(first.records("conversation_tasks"))
    third = run(*streams, state=second.state)
    for done in (second, third):
        assert "shared_labels" not in done.streams("ACTIVATE_VERSION")
        assert "belongs to another user" in done.log
    meant = run(*streams, state=third.state, allow_mass_delete=True)
    last = run(*streams, state=meant.state)
    for done in (meant, last):
        assert "shared_labels" in done.streams("ACTIVATE_VERSION")


def test_a_new_token_of_the_same_user_goes_on_with_what_is_known(run, sandbox, home):
    first = run(*MAIL)
    gone = conversations(sandbox)[3]["id"]
    sandbox.missive.delete("conversations", gone)
    sandbox.missive.advance(A_DAY_LATER)
    sandbox.missive.clear_requests()
    (spool,) = (home / "tap-missive").glob("*.spool-1.sqlite")
    spool.rename(spool.with_name("former.spool-1.sqlite"))
    second = run(*MAIL, state=of_another(first.state))
    assert second.exit_code == 0, second.log
    marked = {row["id"] for row in second.records("conversations") if row["is_deleted"]}
    assert marked == {gone}
    assert not second.records("messages")
    assert spool.exists()
    assert not spool.with_name("former.spool-1.sqlite").exists()


def test_the_token_of_another_organization_is_refused(run, sandbox):
    first = run(*MAIL, "contacts", "shared_labels")
    for stream in ("conversations", "contacts", "shared_labels"):
        state = json.loads(json.dumps(first.state))
        state["bookmarks"][stream]["source"] = "1b2c another"
        refused = run(stream, state=state)
        assert refused.exit_code == 1
        assert f"'{stream}' belongs to 1b2c another" in refused.log
        assert not refused.records(stream)
        assert refused.state == state
        state["bookmarks"][stream]["source"] += f" {first.state['bookmarks'][stream]['source']}"
        assert run(stream, state=state).exit_code == 0


def test_access_that_was_lost_and_given_back_goes_on_as_before(run, sandbox):
    control = sandbox.missive
    first = run(*MAIL)
    most = [row["id"] for row in conversations(sandbox)]
    control.hide(*most)
    control.advance(A_DAY_LATER)
    refused = run(*MAIL, state=first.state)
    assert refused.exit_code == 1
    control.reveal(*most)
    control.add_message(most[0], body="<p>neu</p>")
    control.advance(600)
    last = run(*MAIL, state=refused.state)
    assert last.exit_code == 0
    assert not [row for row in last.records("conversations") if row["is_deleted"]]
    assert_complete(sandbox, first, last)


def test_a_mailbox_that_is_emptied_by_its_owner_is_no_mass_deletion(run, sandbox):
    first = run(*MAIL, mailboxes="inbox")
    listed = [row["id"] for row in first.records("conversations")]
    sandbox.missive.archive(*listed)
    sandbox.missive.advance(A_DAY_LATER)
    second = run(*MAIL, state=first.state, mailboxes="inbox")
    assert second.exit_code == 0
    assert not [row for row in second.records("conversations") if row["is_deleted"]]


def test_fresh_mail_in_the_trash_does_not_move_the_bookmark_over_a_resumed_listing(run, sandbox):
    control = sandbox.missive
    in_trash, quiet, noisy = (row["id"] for row in conversations(sandbox)[2:5])
    control.trash(in_trash, users="all")
    first = run(*MAIL)
    control.advance(600)
    control.add_message(noisy, body="<p>eins</p>")
    control.advance(10)
    control.fault("^conversations$", "status", skip=1, status=401)
    stopped = run(*MAIL, state=first.state)
    control.clear_faults()
    control.advance(600)
    control.add_message(quiet, body="<p>zwei</p>")
    control.advance(3_000)
    control.add_message(in_trash, body="<p>drei</p>")
    control.advance(600)
    assert_complete(sandbox, first, stopped, run(*MAIL, state=stopped.state))


def test_an_earlier_start_date_is_heeded_in_a_resumed_run_too(run, sandbox):
    control = sandbox.missive
    control.fault("^messages/", "status", skip=3, status=401)
    stopped = run(*MAIL, start_date="2026-01-15T00:00:00Z")
    assert stopped.exit_code == 1
    control.clear_faults()
    assert_complete(sandbox, stopped, run(*MAIL, state=stopped.state))


def test_nothing_older_than_the_start_date_is_read(run):
    done = run(*MAIL, start_date="2026-01-15T00:00:00Z")
    moments = [row["last_activity_at"] for row in done.records("conversations")]
    assert moments
    assert min(moments) >= "2026-01-15"


def test_streams_that_are_selected_later_are_filled_by_the_next_sweep(run, sandbox):
    first = run("conversations")
    assert not first.records("messages")
    sandbox.missive.advance(A_DAY_LATER)
    assert_complete(sandbox, run(*MAIL, state=first.state))


def test_a_filter_on_conversations_holds_for_their_mail(run, sandbox):
    subject = "subject is not None"
    done = run(*MAIL, stream_maps={"conversations": {"__filter__": subject}})
    kept = ids(done, stream="conversations")
    assert 0 < len(kept) < len(sandbox.missive.truth("conversations", reachable=True))
    assert {row["conversation_id"] for row in done.records("messages")} <= kept


def test_a_new_contact_book_is_read_whole_and_a_deleted_contact_is_told(run, sandbox):
    control = sandbox.missive
    first = run("contacts")
    book = control.create("contact_books", name="Neu", organization=None)["id"]
    control.create("contacts", contact_book=book, first_name="Ada", modified_at=1_500_000_000)
    gone = next(row["id"] for row in control.truth("contacts") if not row["deleted"])
    control.delete("contacts", gone)
    second = run("contacts", state=first.state)
    rows = {row["id"]: row for row in second.records("contacts")}
    assert rows[gone]["deleted"]
    assert [row["first_name"] for row in rows.values() if row["contact_book_id"] == book] == ["Ada"]


def test_a_book_that_came_empty_by_mistake_loses_no_contact(run, sandbox):
    control = sandbox.missive
    books = [row["id"] for row in control.truth("contact_books", reachable=True)]
    control.fault("^contacts$", "empty_list")
    first = run("contacts")
    control.advance(600)
    changed = [control.create("contacts", contact_book=book, first_name="Ada") for book in books]
    control.fault("^contacts$", "empty_list")
    second = run("contacts", state=first.state)
    third = run("contacts", state=second.state)
    assert not {row["id"] for row in changed} <= ids(second, stream="contacts")
    reachable = {row["id"] for row in control.truth("contacts", reachable=True)}
    assert ids(first, second, third, stream="contacts") >= reachable


def test_a_task_in_a_conversation_that_becomes_visible_is_found_by_the_sweep(run, sandbox):
    control = sandbox.missive
    conversation = conversations(sandbox)[0]["id"]
    task = control.create("conversation_tasks", title="alt", conversation=conversation)["id"]
    control.hide(conversation)
    control.advance(600)
    for number in range(60):
        control.create("conversation_tasks", title=f"neu {number}")
    first = run("conversation_tasks", lookback_seconds=0)
    control.reveal(conversation)
    control.advance(600)
    second = run("conversation_tasks", state=first.state, lookback_seconds=0)
    assert task not in ids(second, stream="conversation_tasks")
    control.advance(A_DAY_LATER)
    third = run("conversation_tasks", state=second.state)
    assert task in ids(third, stream="conversation_tasks")


def test_a_first_listing_that_came_empty_by_mistake_is_no_sweep(run, sandbox):
    sandbox.missive.fault("^conversations$", "empty_list", times=2)
    first = run(*MAIL)
    known = ids(first, stream="conversations")
    assert not known & {row["id"] for row in conversations(sandbox)}
    assert_complete(sandbox, first, run(*MAIL, state=first.state))


def test_a_task_that_changes_comes_again(run, sandbox):
    first = run("conversation_tasks")
    task = sandbox.missive.truth("conversation_tasks")[0]["id"]
    sandbox.missive.advance(600)
    sandbox.missive.close_tasks(task)
    second = run("conversation_tasks", state=first.state)
    states = {row["id"]: row["state"] for row in second.records("conversation_tasks")}
    assert states[task] == "closed"


def test_rows_that_go_while_a_list_is_read_mark_nothing(run, sandbox):
    control = sandbox.missive
    for number in range(60):
        control.create("shared_labels", name=f"Los {number}")
    first = run("shared_labels")
    labels = [row["id"] for row in control.truth("shared_labels", reachable=True)]
    assert len(labels) > 200
    action = {"action": "delete", "kind": "shared_labels", "id": labels[0]}
    control.hook("^shared_labels", 1, action)
    second = run("shared_labels", state=first.state)
    assert "ACTIVATE_VERSION" not in [message["type"] for message in second.messages]
    assert "went while they were read" in second.log


def test_a_loader_that_ended_is_named_and_not_the_spool(sandbox, tmp_path):
    config = tmp_path / "config.json"
    settings = {
        "api_url": sandbox.missive_url,
        "api_token": "missive_pat-sandbox",
        "requests_per_minute": 100_000,
        "requests_per_quarter_hour": 1_000_000,
        "spool_folder": str(tmp_path / "spool"),
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    program = Path(sys.executable).with_name("tap-missive")
    command = f"XDG_STATE_HOME='{tmp_path}' '{program}' --config '{config}' | head -60 > /dev/null"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "The loader ended before the tap" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("odd", [{"users": [None]}, {"messages_count": "7"}])
def test_odd_members_of_a_conversation_cost_no_mail(run, sandbox, odd):
    sandbox.missive.set(served_fields={"conversations": odd})
    done = run(*MAIL)
    assert done.exit_code == 0, done.log
    assert_complete(sandbox, done)


def test_an_unclear_answer_about_an_unlisted_conversation_marks_nothing(run, sandbox):
    first = run(*MAIL)
    sandbox.missive.advance(A_DAY_LATER)
    sandbox.missive.fault("^conversations/[^/]+$", "empty_list", times=None)
    second = run(*MAIL, state=first.state, mailboxes="all")
    assert "does not tell whether it is gone" in second.log
    sandbox.missive.clear_faults()
    third = run(*MAIL, state=second.state, mailboxes="all")
    assert third.exit_code == 0
    for done in (second, third):
        assert not [row for row in done.records("conversations") if row["is_deleted"]]


def test_an_earlier_start_date_brings_the_older_mail_at_once(run, sandbox):
    streams = (*MAIL, "conversation_tasks")
    rows = conversations(sandbox)
    start_date = moments.iso(rows[2 * len(rows) // 3]["last_activity_at"])
    first = run(*streams, start_date=start_date)
    assert rows[0]["id"] not in ids(first, stream="conversations")
    second = run(*streams, state=first.state)
    assert_complete(sandbox, first, second)
    assert "start_date was set to an earlier moment" in second.log
    third = run(*streams, state=second.state, start_date=start_date)
    assert not third.records("messages")


def test_moments_in_the_future_skip_nothing(run, sandbox):
    first = run(*MAIL, "contacts")
    state = json.loads(json.dumps(first.state))
    for stream, member in (
        ("conversations", "replication_key_value"),
        ("conversations", "swept_at"),
        ("contacts", "replication_key_value"),
    ):
        state["bookmarks"][stream][member] = "2099-01-01T00:00:00Z"
    books = state["bookmarks"]["contacts"]["contact_books"]
    books.update(dict.fromkeys(books, "2099-01-01T00:00:00Z"))
    conversation = conversations(sandbox)[2]["id"]
    sandbox.missive.add_message(conversation, body="<p>neu</p>")
    sandbox.missive.advance(600)
    second = run(*MAIL, "contacts", state=state)
    assert conversation in ids(second, stream="conversations")
    assert ids(second, stream="contacts") == ids(first, stream="contacts")
    assert second.state["bookmarks"]["conversations"]["replication_key_value"] < "2099"
    assert second.state["bookmarks"]["conversations"]["swept_at"] < "2099"
    assert_complete(sandbox, first, second)
