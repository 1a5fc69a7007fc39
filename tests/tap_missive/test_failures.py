"""Each failure is named in one sentence, and no bookmark moves past it."""

import pytest
from filelock import FileLock
from tap_missive import memory

MAIL = ("conversations", "messages", "comments")


def sentence(run):
    """Return the last line that the tap logged, after making sure it is no stack trace."""
    assert run.exit_code == 1
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert "Traceback" not in run.log
    return run.log.strip().splitlines()[-1]


def ids(run, stream="conversations"):
    return {record["id"] for record in run.records(stream)}


def reachable(sandbox, stream):
    return {row["id"] for row in sandbox.missive.truth(stream, reachable=True)}


def test_a_wrong_token_says_which_setting_to_look_at_and_does_not_show_it(run):
    words = sentence(run(api_token="missive_pat-wrong"))
    assert "401" in words
    assert "TAP_MISSIVE_API_TOKEN" in words
    assert "missive_pat-wrong" not in words


def test_a_wrong_address_says_which_setting_to_look_at(run, sandbox, waits):
    assert "api_url" in sentence(run(api_url=sandbox.url + "/missive/v9"))


def test_a_mailbox_that_does_not_exist_is_named_with_those_that_do(run):
    words = sentence(run(*MAIL, mailboxes="all, papierkorb"))
    assert "papierkorb" in words
    assert "trashed" in words


def test_a_refusal_repeats_the_servers_own_sentence(run, sandbox):
    sandbox.missive.fault("^conversations$", "status", status=400)
    assert "Error 400" in sentence(run(*MAIL))


FAULTS = (
    {"kind": "status", "status": 502, "html": True},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "850"}},
    {"kind": "truncate"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 429},
    {"kind": "html"},
    {"kind": "reset"},
    {"kind": "malformed"},
)
PATHS = ("^conversations$", "/messages$", "^messages/", "/comments$")


@pytest.mark.parametrize(
    ("path", "fault"),
    [("^messages/", fault) for fault in FAULTS]
    + [(path, fault) for path in PATHS for fault in FAULTS[:3] if path != "^messages/"],
)
def test_what_is_temporary_is_tried_again_and_loses_nothing(run, sandbox, waits, path, fault):
    sandbox.missive.fault(path, times=2, **fault)
    done = run(*MAIL)
    assert done.exit_code == 0
    for stream in MAIL:
        assert ids(done, stream) >= reachable(sandbox, stream)
    if "headers" in fault:
        assert waits[:2] == pytest.approx([850, 850], abs=1)
        assert "trying again at" in done.log


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_without_its_envelope_ends_the_run_and_the_next_one_gets_it_all(
    run, sandbox, path
):
    sandbox.missive.fault(path, "missing_envelope")
    first = run(*MAIL)
    assert "lacks" in sentence(first)
    second = run(*MAIL, state=first.state)
    assert second.exit_code == 0
    for stream in MAIL:
        assert ids(first, stream) | ids(second, stream) >= reachable(sandbox, stream)


def test_a_conversation_that_goes_while_it_is_read_is_marked_and_the_others_are_read(run, sandbox):
    gone = sandbox.missive.truth("conversations", reachable=True)[0]["id"]
    action = {"action": "delete", "kind": "conversations", "id": gone}
    sandbox.missive.hook("^conversations$", 3, action)
    done = run(*MAIL)
    assert done.exit_code == 0
    marks = [record for record in done.records("conversations") if record["id"] == gone]
    assert [record["is_deleted"] for record in marks] == [False, True]
    for stream in MAIL:
        assert ids(done, stream) >= reachable(sandbox, stream)


def test_a_404_that_was_a_mistake_marks_nothing_and_the_next_sweep_reads_again(run, sandbox):
    sandbox.missive.fault("/messages$", "status", status=404, times=1)
    first = run(*MAIL)
    assert first.exit_code == 0
    assert not [record for record in first.records("conversations") if record["is_deleted"]]
    sandbox.missive.advance(100_000)
    second = run(*MAIL, state=first.state)
    assert ids(first, "messages") | ids(second, "messages") >= reachable(sandbox, "messages")


@pytest.mark.parametrize("times", [1, 2])
def test_an_empty_list_within_a_conversation_that_has_messages_is_read_again(run, sandbox, times):
    sandbox.missive.fault("/messages$", "empty_list", skip=3, times=times)
    first = run(*MAIL)
    sandbox.missive.advance(100_000)
    second = run(*MAIL, state=first.state)
    assert ("read again with the next full sweep" in first.log) == (times == 2)
    assert ids(first, "messages") | ids(second, "messages") >= reachable(sandbox, "messages")


@pytest.mark.parametrize("mailbox", ["trashed", "junked"])
def test_a_mailbox_that_comes_empty_is_asked_for_again(run, sandbox, mailbox):
    sandbox.missive.fault("^conversations$", "empty_list")
    asked_twice = run(*MAIL, mailboxes=mailbox)
    assert ids(asked_twice, "conversations")
    assert ids(asked_twice, "conversations") == ids(run(*MAIL, mailboxes=mailbox), "conversations")


def test_an_empty_mailbox_where_there_was_a_full_one_fails_and_the_bookmark_stays(run, sandbox):
    first = run(*MAIL)
    sandbox.missive.fault("^conversations$", "empty_list", times=None)
    second = run(*MAIL, state=first.state)
    assert "allow_mass_delete" in sentence(second)
    kept = second.state["bookmarks"]["conversations"]
    bookmark = first.state["bookmarks"]["conversations"]["replication_key_value"]
    assert kept["replication_key_value"] == bookmark


@pytest.mark.parametrize("emptied", ["responses", "contact_groups", "contact_books"])
def test_a_short_list_that_came_empty_by_mistake_marks_nothing(run, sandbox, emptied):
    streams = ("responses", "contact_books", "contact_groups")
    first = run(*streams)
    sandbox.missive.fault(f"^{emptied}$", "empty_list")
    second = run(*streams, state=first.state)
    for name in streams:
        is_told = name in second.streams("ACTIVATE_VERSION")
        assert is_told == (ids(second, name) == reachable(sandbox, name))
    third = run(*streams, state=second.state)
    assert third.streams("ACTIVATE_VERSION") == first.streams("ACTIVATE_VERSION")


def test_the_last_row_of_a_list_is_gone_when_two_runs_find_none(run, sandbox):
    first = run("responses")
    rows = sandbox.missive.truth("responses", reachable=True)
    sandbox.missive.delete("responses", *(row["id"] for row in rows))
    second = run("responses", state=first.state)
    assert second.streams("ACTIVATE_VERSION") == []
    assert "until the next run" in second.log
    assert run("responses", state=second.state).streams("ACTIVATE_VERSION") == ["responses"]


def test_losing_access_to_most_conversations_marks_nothing_unless_allowed(run, sandbox):
    first = run(*MAIL)
    rows = sandbox.missive.truth("conversations", reachable=True)
    hidden = [row["id"] for row in rows[: len(rows) * 3 // 4]]
    sandbox.missive.hide(*hidden)
    sandbox.missive.advance(100_000)
    second = run(*MAIL, state=first.state)
    assert "allow_mass_delete" in sentence(second)
    assert not second.records("conversations")
    third = run(*MAIL, state=second.state, allow_mass_delete=True)
    marked = {row["id"] for row in third.records("conversations") if row["is_deleted"]}
    assert marked == set(hidden)


def test_moments_that_are_no_numbers_end_the_run_before_the_order_is_guessed(run, sandbox):
    sandbox.missive.set(served_fields={"conversations": {"last_activity_at": "gestern"}})
    assert "none of which has a usable moment" in sentence(run(*MAIL))


def test_a_moment_in_the_future_does_not_move_the_bookmark_beyond_the_servers_clock(run, sandbox):
    newest = sandbox.missive.truth("conversations", reachable=True)[0]["id"]
    sandbox.missive.edit("conversations", newest, last_activity_at=4_000_000_000)
    done = run(*MAIL)
    assert done.exit_code == 0
    assert ids(done) >= reachable(sandbox, "conversations")
    assert done.state["bookmarks"]["conversations"]["replication_key_value"] == (
        sandbox.missive.now()
    )


def test_moments_that_contradict_the_order_of_the_list_end_the_run(run, sandbox):
    sandbox.missive.set(served_fields={"conversations": {"last_activity_at": 4_000_000_000}})
    assert "newer than" in sentence(run(*MAIL))


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "fax", "preview": None},
        {"id_of_the_future": "x", "attachments": None, "from_field": None},
        {"created_at": "neulich", "updated_at": None},
        {"created_at": 1e18},
        {"to_fields": {}, "references": "no list"},
        {"conversation": None},
    ],
)
def test_odd_values_never_cost_a_message(run, sandbox, odd):
    sandbox.missive.set(served_fields={"messages": odd})
    done = run(*MAIL)
    assert done.exit_code == 0, done.log
    assert ids(done, "messages") >= reachable(sandbox, "messages")


@pytest.mark.parametrize(
    "odd",
    [
        {"users": None, "shared_labels": None},
        {"assignees": None, "organization": "bare id", "messages_count": None},
        {"messages_count": 1},
        {"messages_count": 1_000},
    ],
)
def test_odd_values_never_cost_a_conversation_or_its_mail(run, sandbox, odd):
    sandbox.missive.set(served_fields={"conversations": odd})
    done = run(*MAIL)
    assert done.exit_code == 0, done.log
    assert ids(done) >= reachable(sandbox, "conversations")
    if odd.get("messages_count") != 1:
        assert ids(done, "messages") >= reachable(sandbox, "messages")


def test_ids_that_are_no_uuids_are_taken_as_they_are(run, sandbox):
    created = sandbox.missive.create("shared_labels", name="Nachtrag")
    sandbox.missive.set(served_fields={"shared_labels": {"parent": "1abe-not/a uuid"}})
    (record,) = (
        row for row in run("shared_labels").records("shared_labels") if row["id"] == created["id"]
    )
    assert record["parent_id"] == "1abe-not/a uuid"


def test_a_second_run_at_the_same_time_is_refused_with_a_sentence(run, sandbox, tmp_path):
    folder = tmp_path / "spool"
    folder.mkdir()
    name = memory.account(sandbox.missive_url, "missive_pat-sandbox")
    with FileLock(folder / f"{name}.spool-{memory.VERSION}.sqlite.lock"):
        words = sentence(run(*MAIL, spool_folder=str(folder)))
    assert "Another run of tap-missive" in words


def test_a_folder_that_cannot_be_used_is_named_with_the_setting(run, tmp_path):
    (tmp_path / "a file").write_text("")
    words = sentence(run(*MAIL, spool_folder=str(tmp_path / "a file" / "spool")))
    assert "spool_folder" in words


def test_a_damaged_spool_is_named_and_may_be_deleted(run, sandbox, tmp_path):
    folder = tmp_path / "spool"
    first = run(*MAIL, spool_folder=str(folder))
    (spool,) = folder.glob("*.sqlite")
    for file in folder.glob("*.sqlite*"):
        file.write_bytes(b"no database " * 1_000)
    assert str(spool) in sentence(run(*MAIL, spool_folder=str(folder), state=first.state))
    for file in folder.glob("*"):
        file.unlink()
    again = run(*MAIL, spool_folder=str(folder), state=first.state)
    assert again.exit_code == 0
    assert ids(again) >= reachable(sandbox, "conversations")
    assert len(again.records("messages")) <= 30
