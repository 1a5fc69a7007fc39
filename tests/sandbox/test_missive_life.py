"""Life cycle: `api/missive.md`, section 12, lines 28 to 33."""

from __future__ import annotations

import pytest

OPENING = 1_773_129_600


@pytest.fixture
def conversation(missive):
    """The id of an old conversation with some messages."""
    rows = list(missive.conversations(all="true").values())
    return next(r["id"] for r in reversed(rows) if r.get("messages_count", 0) > 1)


def one(missive, conversation):
    (row,) = missive.rows(f"conversations/{conversation}")
    return row


@pytest.mark.parametrize("moves", [True, False])
@pytest.mark.parametrize("action", ["trash", "junk"])
def test_trash_and_spam_are_per_user_and_move_no_activity(
    missive, hand, conversation, moves, action
):
    flag = f"{action}ed"
    hand.set(trash_moves_activity=moves)
    before = one(missive, conversation)["last_activity_at"]
    getattr(hand, action)(conversation)
    row = one(missive, conversation)
    assert [user["name"] for user in row["users"] if user[flag]] == ["Sync Dienst"]
    assert row["last_activity_at"] == (OPENING + 1 if moves else before)
    assert conversation in missive.conversations(**{flag: "true"})
    getattr(hand, action)(conversation, users="all")
    assert all(user[flag] for user in one(missive, conversation)["users"])
    hand.restore(conversation, users="all")
    assert not any(user[flag] for user in one(missive, conversation)["users"])
    assert conversation in missive.conversations(all="true")


@pytest.mark.parametrize("moves", [True, False])
def test_labels_move_no_activity_unless_switched(missive, hand, conversation, moves):
    hand.set(labels_move_activity=moves)
    before = one(missive, conversation)
    label = missive.rows("shared_labels")[-1]["id"]
    hand.label(conversation, label_ids=[label])
    row = one(missive, conversation)
    assert label in [x["id"] for x in row["shared_labels"]]
    assert row["last_activity_at"] == (OPENING + 1 if moves else before["last_activity_at"])
    carried = [x["id"] for x in row["shared_labels"]]
    hand.unlabel(conversation, label_ids=carried)
    row = one(missive, conversation)
    assert row["shared_labels"] == []
    assert row["shared_label_names"] == ""


def test_renaming_moving_and_deleting_a_label_touch_no_activity(missive, hand, conversation):
    before = one(missive, conversation)["last_activity_at"]
    parent = hand.create("shared_labels", name="Archiv 2025")
    label = hand.create("shared_labels", name="Nachträge, alt", parent=parent["id"])
    assert label["name_with_parent_names"] == "Archiv 2025/Nachträge, alt"
    hand.label(conversation, label_ids=[label["id"]])
    hand.edit("shared_labels", parent["id"], name="Ablage 🗄️")
    (carried,) = [x for x in one(missive, conversation)["shared_labels"] if x["id"] == label["id"]]
    assert carried["name_with_parent_names"] == "Ablage 🗄️/Nachträge, alt"
    hand.delete("shared_labels", label["id"])
    row = one(missive, conversation)
    assert label["id"] not in [x["id"] for x in row["shared_labels"]]
    assert label["id"] not in [x["id"] for x in missive.rows("shared_labels", limit=200)]
    assert row["last_activity_at"] == before


def test_news_move_the_activity_of_a_conversation(missive, hand, conversation):
    me = next(user["id"] for user in missive.rows("users") if user.get("me"))
    for change in (
        lambda: hand.add_message(conversation, body="<p>Neu</p>"),
        lambda: hand.add_comment(conversation, "ok"),
        lambda: hand.close_conversations(conversation),
        lambda: hand.reopen_conversations(conversation),
        lambda: hand.assign(conversation, users=[me]),
        lambda: hand.unassign(conversation),
    ):
        before = one(missive, conversation)["last_activity_at"]
        change()
        row = missive.first()
        assert row["id"] == conversation
        assert row["last_activity_at"] > before
        assert row["last_activity_at"] >= OPENING


def test_archiving_snoozing_and_editing_move_no_activity(missive, hand, conversation):
    before = one(missive, conversation)
    hand.archive(conversation, users="all")
    hand.snooze(conversation)
    team = missive.rows("teams")[1]["id"]
    hand.edit("conversations", conversation, subject="Neuer Titel", color="good", team=team)
    row = one(missive, conversation)
    assert (row["subject"], row["color"], row["team"]["id"]) == ("Neuer Titel", "good", team)
    assert all(user["archived"] for user in row["users"])
    assert row["last_activity_at"] == before["last_activity_at"]


def test_closing_and_assigning_mark_the_users(missive, hand, conversation):
    someone = one(missive, conversation)["users"][1]["id"]
    hand.close_conversations(conversation)
    assert all(user["closed"] for user in one(missive, conversation)["users"])
    hand.assign(conversation, users=[someone])
    row = one(missive, conversation)
    assert someone in [user["id"] for user in row["assignees"]]
    hand.unassign(conversation)
    assert one(missive, conversation)["assignees"] == []


@pytest.mark.parametrize("survivor", ["target", "source"])
def test_a_merge_leaves_one_conversation_with_everything(missive, hand, survivor):
    hand.set(merge_survivor=survivor)
    rows = [
        r
        for r in missive.rows("conversations", all="true", limit=50)
        if 0 < r["messages_count"] < 10
    ]
    source, target = rows[0]["id"], rows[1]["id"]
    messages = {
        message["id"]
        for row_id in (source, target)
        for message in missive.rows(f"conversations/{row_id}/messages")
    }
    left, gone = (target, source) if survivor == "target" else (source, target)
    merged = hand.merge(source, target, subject="Zusammen")
    assert merged["id"] == left
    assert merged["subject"] == "Zusammen"
    assert merged["messages_count"] == len(messages)
    assert merged["last_activity_at"] == rows[0]["last_activity_at"]
    assert gone not in missive.conversations(all="true")
    assert one(missive, gone)["id"] == left
    path = f"conversations/{left}/messages"
    assert set(missive.walk(path, "delivered_at", 10)) == messages
    moved = missive.rows(f"messages/{','.join(messages)}")
    assert {message["conversation"]["id"] for message in moved} == {left}
    (old,) = [row for row in hand.truth("conversations") if row["id"] == gone]
    assert old["_merged_into"] == left
    assert missive.get(f"conversations/{gone}/messages").status_code == 404
    hand.set(nested_lists_follow_merges=True)
    assert missive.get(f"conversations/{gone}/messages").status_code == 200


def test_a_deleted_conversation_is_gone_with_its_messages(missive, hand, conversation):
    message = missive.rows(f"conversations/{conversation}/messages")[0]["id"]
    hand.delete("conversations", conversation)
    assert conversation not in missive.conversations(all="true")
    for path in (f"conversations/{conversation}", f"messages/{message}"):
        assert missive.get(path).status_code == 404
    (row,) = [row for row in hand.truth("messages") if row["id"] == message]
    assert row["_deleted"]


def test_a_deleted_or_moved_message_lowers_the_count(missive, hand, conversation):
    before = one(missive, conversation)
    deleted, moved = (m["id"] for m in missive.rows(f"conversations/{conversation}/messages")[:2])
    hand.delete("messages", deleted)
    assert one(missive, conversation)["messages_count"] == before["messages_count"] - 1
    assert missive.get(f"messages/{deleted}").status_code == 404
    other = missive.first()["id"]
    hand.move_messages(moved, conversation=other)
    row = one(missive, conversation)
    assert row["messages_count"] == before["messages_count"] - 2
    assert row["last_activity_at"] == before["last_activity_at"]
    assert missive.rows(f"messages/{moved}")["conversation"]["id"] == other


def test_an_edited_message_moves_its_update_time_and_no_activity(missive, hand, conversation):
    before = one(missive, conversation)
    message = missive.rows(f"conversations/{conversation}/messages")[0]["id"]
    hand.edit("messages", message, body="<p>Berichtigt: 4 bar</p>")
    row = missive.rows(f"messages/{message}")
    assert (row["body"], row["preview"]) == ("<p>Berichtigt: 4 bar</p>", "Berichtigt: 4 bar")
    assert row["updated_at"] == OPENING + 1
    assert one(missive, conversation) == before


def test_an_imported_message_is_old_but_recorded_now(missive, hand, conversation):
    old = 1_500_000_000
    message = hand.add_message(conversation, delivered_at=old, subject="Alt")
    listed = missive.walk(f"conversations/{conversation}/messages", "delivered_at", 10)
    assert list(listed)[-1] == message["id"]
    assert listed[message["id"]]["created_at"] == OPENING + 1
    assert one(missive, conversation)["last_activity_at"] == OPENING + 1


def test_a_message_can_be_anything_a_sender_sends(missive, hand, conversation):
    me = next(user["id"] for user in missive.rows("users") if user.get("me"))
    message = hand.add_message(
        conversation,
        id="no-uuid",
        type="fax_2000",
        body="NUL \x00 and a lot: " + "x" * 5_000_000,
        author=me,
        attachments=[{"filename": "Maße.pdf", "size": 12}],
        delivered_at=1_900_000_000.5,
    )
    row = missive.rows("messages/no-uuid")
    assert (row["type"], row["body"]) == ("fax_2000", message["body"])
    assert row["delivered_at"] == 1_900_000_000.5
    assert row["author"]["id"] == me
    assert row["attachments"][0]["filename"] == "Maße.pdf"


def test_an_edited_comment_changes_its_text_and_nothing_else(missive, hand, conversation):
    comment = hand.add_comment(conversation, "vorher")
    before = one(missive, conversation)
    path = f"conversations/{conversation}/comments"
    listed = missive.rows(path)[0]
    hand.edit("comments", comment["id"], body="nachher")
    assert missive.rows(path)[0] == listed | {"body": "nachher"}
    assert one(missive, conversation) == before
    hand.delete("comments", comment["id"])
    assert comment["id"] not in [row["id"] for row in missive.rows(path)]
    assert one(missive, conversation) == before


def test_after_four_hundred_messages_a_new_conversation_begins(missive, hand):
    full = hand.create("conversations", subject="Endlos")["id"]
    create = {"action": "create", "kind": "messages", "values": {"conversation": full}}
    rows = hand.mutate(*[create] * 401, same_second=True)
    assert {row["_conversation_id"] for row in rows[:400]} == {full}
    following = rows[400]["_conversation_id"]
    assert following != full
    assert one(missive, full)["messages_count"] == 400
    row = one(missive, following)
    assert (row["messages_count"], row["subject"]) == (1, "Endlos")
    assert rows[400]["references"]


def test_access_comes_and_goes_without_moving_activity(missive, hand, conversation):
    before = one(missive, conversation)
    hand.hide(conversation)
    assert missive.get(f"conversations/{conversation}").status_code == 404
    assert conversation not in missive.conversations(all="true")
    hand.reveal(conversation)
    row = missive.conversations(all="true")[conversation]
    assert row["last_activity_at"] == before["last_activity_at"]
    hand.make_guest(conversation)
    assert set(one(missive, conversation)) == {"id", "last_activity_at"}
    hand.make_full(conversation)
    assert one(missive, conversation)["messages_count"] == before["messages_count"]


def test_a_task_that_changes_moves_itself(missive, hand, conversation):
    task = hand.create("conversation_tasks", title="Prüfen", conversation=conversation)
    assert missive.rows("tasks")[0]["id"] == task["id"]
    other = hand.create("conversation_tasks", title="Anderes")
    assert missive.rows("tasks")[0]["id"] == other["id"]
    hand.close_tasks(task["id"])
    row = missive.rows("tasks")[0]
    assert (row["id"], row["state"], row["closed_at"]) == (task["id"], "closed", OPENING + 3)
    shown = one(missive, conversation)
    assert shown["completed_tasks_count"] >= 1
    comment = hand.add_comment(conversation, "erledigt?", task=task["id"])
    assert comment["task"]["description"] == "Prüfen"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("users", {"name": "Eva Neu", "email": "eva@x.example"}),
        ("teams", {"name": "Neu"}),
        ("shared_labels", {"name": "KG 410 neu"}),
        ("contact_books", {"name": "Neu"}),
        ("responses", {"title": "Neu"}),
    ],
)
def test_rows_of_full_lists_come_change_and_go(missive, hand, kind, values):
    (name,) = set(values) - {"email"}
    row = hand.create(kind, **values)["id"]
    assert row in [r["id"] for r in missive.rows(kind, limit=200)]
    hand.edit(kind, row, **{name: "Anders"})
    assert "Anders" in [r[name] for r in missive.rows(kind, limit=200)]
    hand.delete(kind, row)
    assert row not in [r["id"] for r in missive.rows(kind, limit=200)]


def test_created_conversations_carry_what_was_asked(missive, hand):
    users = [user["id"] for user in missive.rows("users")[:3]]
    label = missive.rows("shared_labels")[0]["id"]
    made = hand.create(
        "conversations",
        subject="2417",
        users=users,
        assignees=[users[1]],
        shared_label_ids=[label],
        team=None,
        last_activity_at=1_700_000_000,
    )
    row = one(missive, made["id"])
    assert [user["id"] for user in row["users"]] == users
    assert [user["id"] for user in row["assignees"]] == [users[1]]
    assert [x["id"] for x in row["shared_labels"]] == [label]
    assert row["last_activity_at"] == 1_700_000_000
    hand.edit("conversations", made["id"], assignees=[], shared_label_ids=[])
    row = one(missive, made["id"])
    assert row["assignees"] == row["shared_labels"] == []
