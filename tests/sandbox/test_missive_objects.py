"""Objects: `api/missive.md`, section 12, lines 16 to 27."""

from __future__ import annotations

import pytest

CONVERSATION = {
    *("id", "created_at", "last_activity_at", "subject", "latest_message_subject"),
    *("organization", "team", "color", "assignees", "users", "assignee_names"),
    *("assignee_emails", "shared_labels", "shared_label_names", "authors", "external_authors"),
    *("messages_count", "attachments_count", "drafts_count", "send_later_messages_count"),
    *("tasks_count", "completed_tasks_count", "web_url", "app_url"),
}
FLAGS = {
    *("unassigned", "closed", "archived", "trashed"),
    *("junked", "assigned", "flagged", "snoozed"),
}
TASK = {"description", "state", "due_at", "started_at", "closed_at", "assignees", "team"}


@pytest.fixture(scope="module")
def truth(untouched):
    return untouched.missive.all_truth()


def message_of(truth, fits):
    """Return the truth of the first readable message that fits."""
    readable = {row["id"] for row in truth["conversations"] if not row["_guest"]}
    return next(m for m in truth["messages"] if m["_conversation_id"] in readable and fits(m))


def test_a_listed_conversation_is_complete(mail, truth):
    row = next(r for r in mail.rows("conversations", all="true") if r["assignees"])
    assert set(row) == CONVERSATION
    true = next(r for r in truth["conversations"] if r["id"] == row["id"])
    assert {k: v for k, v in true.items() if k[0] != "_"} == row
    assert set(row["users"][0]) == FLAGS | {"id", "name", "email"}
    assert row["assignees"] == [user for user in row["users"] if user["assigned"]]
    assert row["assignee_names"] == ", ".join(user["name"] for user in row["assignees"])
    assert row["web_url"].endswith(f"#inbox/conversations/{row['id']}")


def test_a_single_conversation_is_an_array_of_one_without_created_at(missive, hand):
    row = missive.first()
    (single,) = missive.rows(f"conversations/{row['id']}")
    assert single == {name: value for name, value in row.items() if name != "created_at"}
    hand.set(created_at_in_single=True)
    assert missive.rows(f"conversations/{row['id']}") == [row]


def test_counts_and_authors_tell_what_is_in_the_conversation(truth):
    messages: dict[str, list] = {}
    for message in truth["messages"]:
        messages.setdefault(message["_conversation_id"], []).append(message)
    tasks = [row["conversation"] for row in truth["conversation_tasks"]]
    for row in truth["conversations"]:
        own = sorted(messages.get(row["id"], []), key=lambda m: (m["delivered_at"], m["id"]))
        assert row["messages_count"] == len(own)
        assert row["attachments_count"] == sum(len(m["attachments"]) for m in own)
        assert row["tasks_count"] == tasks.count(row["id"])
        assert row["latest_message_subject"] == (own[-1].get("subject") if own else None)
        assert len(row["authors"]) == len({str(m["from_field"]).lower() for m in own})
        assert [a for a in row["authors"] if a in row["external_authors"]] == (
            row["external_authors"]
        )


def test_a_listed_message_has_neither_body_nor_conversation(mail, truth):
    true = message_of(truth, lambda m: m["type"] == "email" and not m["_redacted"])
    row = mail.walk(f"conversations/{true['_conversation_id']}/messages", "delivered_at", 10)[
        true["id"]
    ]
    assert row.pop("draft") is False
    for attachment in (*row["attachments"], *true["attachments"]):
        attachment.pop("url")
    assert row == {
        k: v for k, v in true.items() if k[0] != "_" and k not in ("body", "conversation")
    }


def test_one_message_is_an_object_and_several_are_an_array(missive, hand):
    row = next(r for r in missive.rows("conversations", all="true") if r["messages_count"] > 1)
    ids = [m["id"] for m in missive.rows(f"conversations/{row['id']}/messages")][:2]
    one = missive.rows(f"messages/{ids[0]}")
    assert one["id"] == ids[0]
    assert one["body"]
    both = missive.rows(f"messages/{','.join(ids)}")
    assert [message["id"] for message in both] == ids
    hand.set(batch_order="reversed")
    assert [m["id"] for m in missive.rows(f"messages/{','.join(ids)}")] == ids[::-1]


def test_unknown_ids_of_a_batch_are_dropped_or_the_whole_is_not_found(missive, hand):
    known = hand.truth("messages", reachable=True)[0]["id"]
    assert [m["id"] for m in missive.rows(f"messages/x,{known}")] == [known]
    hand.set(unknown_ids_in_batch="404")
    assert missive.get(f"messages/x,{known}").status_code == 404


def test_a_batch_may_not_be_larger_than_fifty_or_the_chosen_number(missive, hand):
    ids = [row["id"] for row in hand.truth("messages", reachable=True)[:51]]
    assert len(missive.rows(f"messages/{','.join(ids[:50])}")) == 50
    assert missive.refusal(f"messages/{','.join(ids)}") == (400, "max number of ids is 50")
    hand.set(largest_batch=3)
    assert missive.get(f"messages/{','.join(ids[:4])}").status_code == 400


def test_a_mail_in_two_conversations_is_found_by_its_message_id(mail, truth):
    ids = [m["email_message_id"] for m in truth["messages"] if m["type"] == "email"]
    double = next(i for i in ids if ids.count(i) == 2)
    rows = mail.rows("messages", email_message_id=double)
    assert len({row["id"] for row in rows}) == 2
    assert len({row["conversation"]["id"] for row in rows}) == 2
    assert rows[0]["body"] == rows[1]["body"]
    assert mail.refusal("messages") == (400, "'email_message_id' is required")


def test_the_conversation_in_a_message_has_no_times_and_short_labels(mail, truth):
    labelled = {r["id"] for r in truth["conversations"] if r["shared_labels"]}
    true = message_of(truth, lambda m: m["_conversation_id"] in labelled)
    inner = mail.rows(f"messages/{true['id']}")["conversation"]
    assert set(inner) == CONVERSATION - {"created_at", "last_activity_at"}
    assert all(set(label) == {"id", "name"} for label in inner["shared_labels"])


def test_a_guest_sees_only_that_a_conversation_exists(mail, truth):
    guests = [row["id"] for row in truth["conversations"] if row["_guest"]]
    listed = mail.conversations(all="true")
    assert guests
    for row_id in guests:
        assert set(listed[row_id]) == {"id", "last_activity_at"}
        assert mail.rows(f"conversations/{row_id}") == [listed[row_id]]
        assert mail.rows(f"conversations/{row_id}/messages") == []
    hidden = next(m for m in truth["messages"] if m["_conversation_id"] in guests)
    assert hidden["body"]
    assert mail.get(f"messages/{hidden['id']}").status_code == 404


@pytest.mark.parametrize("missing", [True, False])
def test_redacted_messages_lack_text_and_recipients(missive, hand, missing):
    truth = next(m for m in hand.truth("messages", reachable=True) if m["type"] == "email")
    hand.redact(truth["id"])
    hand.set(redacted_keys="missing" if missing else "null")
    row = missive.rows(f"messages/{truth['id']}")
    for name in ("body", "preview", "to_fields", "cc_fields", "bcc_fields", "reply_to_fields"):
        assert (name in row) != missing
        assert row.get(name) is None
        assert truth[name] is not None
    hand.unredact(truth["id"])
    assert missive.rows(f"messages/{truth['id']}")["body"] == truth["body"]


def test_labels_have_commas_umlauts_emoji_and_parents(mail, truth):
    labels = {row["id"]: row for row in mail.rows("shared_labels", limit=200)}
    names = [row["name"] for row in labels.values()]
    assert any("," in name for name in names)
    assert any("ä" in name for name in names)
    assert any("🏗" in name for name in names)
    twins = [row for row in labels.values() if row["name"] == "Bauleitung"]
    assert len({row["parent"] for row in twins}) == 2
    for row in labels.values():
        parent = labels.get(row["parent"])
        path = f"{parent['name_with_parent_names']}/{row['name']}" if parent else row["name"]
        assert row["name_with_parent_names"] == path
    folder = next(row["id"] for row in labels.values() if row["name"] == "Projekte")
    assert mail.rows("conversations", shared_label=folder) == []
    comma = next(
        row
        for row in truth["conversations"]
        if len(row["shared_labels"]) > 1 and any("," in x["name"] for x in row["shared_labels"])
    )
    leaves = [label["name"] for label in comma["shared_labels"]]
    assert comma["shared_label_names"] == ", ".join(leaves)
    assert comma["shared_label_names"].split(", ") != leaves


def test_a_label_of_delegates_is_carried_but_not_listed(mail, truth):
    (secret,) = [row for row in truth["shared_labels"] if row["visibility"] == "delegates"]
    assert secret["id"] not in {row["id"] for row in mail.rows("shared_labels", limit=200)}
    assert mail.rows("conversations", shared_label=secret["id"])


def test_comments_have_null_bodies_files_tasks_and_mentions_in_both_forms(mail, truth):
    rows = [row for row in truth["comments"] if not row["_deleted"]]
    assert any(row["body"] is None and row["attachment"] for row in rows)
    assert any(row["author"] is None for row in rows)
    assert any((row["author"] or {}).get("me") for row in rows)
    forms = {frozenset(mention) for row in rows for mention in row["mentions"]}
    assert frozenset(("id", "index", "length")) in forms
    assert frozenset(("team_id", "offset", "length")) in forms
    task = next(row["task"] for row in rows if row["task"] and row["task"]["assignees"])
    assert set(task) == TASK
    assert task["assignees"][0]["email"]
    known = {user["id"] for user in mail.rows("users")}
    assert any(row["author"] and row["author"]["id"] not in known for row in rows)
    served = mail.walk(f"conversations/{rows[0]['_conversation_id']}/comments", "created_at", 10)
    assert rows[0]["id"] in served


def test_sms_and_custom_messages_have_usernames_plain_text_and_no_subject(mail, truth):
    for channel in ("sms", "custom_text"):
        true = message_of(truth, lambda m, c=channel: m["type"] == c and not m["_redacted"])
        row = mail.rows(f"messages/{true['id']}")
        assert not {"subject", "to_fields", "email_message_id"} & set(row)
        assert "<" not in row["body"]
        if row["author"] is None:
            assert set(row["from_field"]) == {"id", "name", "username"}
        (conversation,) = mail.rows(f"conversations/{row['conversation']['id']}")
        assert any("phone_number" in author for author in conversation["authors"])


def test_a_chat_has_comments_but_no_message_organization_team_or_subject(mail, truth):
    row = next(
        r
        for r in truth["conversations"]
        if r["messages_count"] == 0
        and not r["_merged_into"]
        and r["organization"] is r["team"] is r["subject"] is None
    )
    assert row["latest_message_subject"] is None
    assert row["authors"] == []
    assert mail.rows(f"conversations/{row['id']}/messages") == []
    assert mail.rows(f"conversations/{row['id']}/comments")


def test_more_comments_than_a_page_holds_were_written_in_one_second(mail, truth):
    of = [(row["_conversation_id"], row["created_at"]) for row in truth["comments"]]
    conversation, second = max(set(of), key=of.count)
    assert of.count((conversation, second)) > 60
    path = f"conversations/{conversation}/comments"
    assert len(mail.rows(path, until=second)) > 60
    in_all = [row for row in truth["comments"] if row["_conversation_id"] == conversation]
    assert len(mail.walk(path, "created_at", 10)) == len(in_all)


def test_tasks_are_listed_with_ids_and_fetched_with_objects(mail, truth):
    rows = mail.walk("tasks", "last_activity_at", 50)
    assert len(rows) == len(truth["conversation_tasks"])
    row = next(row for row in rows.values() if row["assignees"] and row["team"])
    single = mail.rows(f"tasks/{row['id']}")
    assert [user["id"] for user in single["assignees"]] == row["assignees"]
    assert single["team"]["id"] == row["team"]
    assert "last_activity_at" not in single
    newest = mail.rows("tasks")[0]
    again = mail.rows("tasks", until=newest["last_activity_at"])
    assert newest in again


def test_tasks_are_filtered(mail):
    rows = list(mail.walk("tasks", "last_activity_at", 50).values())
    for name, value in (
        ("state", "closed"),
        ("type", "conversation"),
        ("team", next(row["team"] for row in rows if row["team"])),
        ("conversation", next(row["conversation"] for row in rows if row["conversation"])),
    ):
        found = mail.rows("tasks", limit=50, **{name: value})
        assert [row["id"] for row in found] == [r["id"] for r in rows if r[name] == value], name
    someone = next(row["assignees"][0] for row in rows if row["assignees"])
    assert all(someone in row["assignees"] for row in mail.rows("tasks", assignee=someone))
    due = sorted(row["due_at"] for row in rows if row["due_at"])
    between = mail.rows("tasks", limit=50, due_at_gteq=due[1], due_at_lteq=due[3])
    assert sorted(row["due_at"] for row in between) == due[1:4]
    assert len(mail.rows("tasks", limit=50, type="all")) == len(rows)


def test_times_can_have_fractions_and_rows_members_that_nobody_documented(missive, hand):
    hand.set(fractional_timestamps=True, extra_fields=True)
    rows = missive.conversations(all="true")
    assert any(row["last_activity_at"] % 1 for row in rows.values())
    assert all(row["beta_feature"] for row in rows.values())
    truth = {row["id"]: row for row in hand.truth("conversations", reachable=True)}
    assert all(truth[i]["last_activity_at"] == row["last_activity_at"] for i, row in rows.items())
    assert not any("beta_feature" in row for row in truth.values())
    second = int(missive.first()["last_activity_at"])
    assert all(
        row["last_activity_at"] <= second
        for row in missive.rows("conversations", all="true", until=second)
    )


def test_served_fields_are_put_over_rows_but_not_into_the_truth(missive, hand):
    hand.set(served_fields={"messages": {"type": "fax", "created_at": None}})
    row = hand.truth("messages", reachable=True)[0]
    assert row["type"] != "fax"
    assert missive.rows(f"messages/{row['id']}")["type"] == "fax"


def test_one_user_is_the_owner_of_the_token_and_leavers_are_not_listed(mail, truth):
    users = mail.rows("users")
    assert [user["name"] for user in users if user.get("me")] == ["Sync Dienst"]
    assert len(users) == len(truth["users"]) - 1
    assert len(mail.rows("teams")) == 4
    assert len(mail.rows("responses")) == 7


def test_posts_are_listed_below_their_conversation(mail, truth):
    post = truth["posts"][0]
    (row,) = mail.rows(f"conversations/{post['_conversation_id']}/posts")
    assert row["notification"]["title"] == "Anruf"


def test_bodies_are_html_as_mail_programs_write_it(truth):
    bodies = [m["body"] for m in truth["messages"] if m["type"] == "email"]
    for piece in (
        *("MsoNormal", "<div><br></div>", "moz-signature", 'dir="ltr"', "&nbsp;", "<table"),
        *("<ul><li>", "<blockquote", "<b>Von:</b>", "<a href=", "data-missive-attachment-id"),
    ):
        assert any(piece in body for body in bodies), piece
    assert max(len(body) for body in bodies) > 100_000
    for message in truth["messages"]:
        shown = [a["id"] for a in message["attachments"] if a["id"] in message["body"]]
        assert message["body"].count("data-missive-attachment-id") == len(shown)


def test_previews_are_the_start_of_the_text(truth):
    for message in truth["messages"]:
        assert 0 < len(message["preview"]) <= 130
        assert "<" not in message["preview"]
        assert "MsoNormal" not in message["preview"]
