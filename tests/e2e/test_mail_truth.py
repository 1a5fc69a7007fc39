"""Every row of the mail in the warehouse equals the truth, whatever happened in Missive."""

import pytest
from mail_truth import FULL_TABLES, STREAMS, WITHIN_CONVERSATIONS, compare, full_conversations

SCALE = 0.05
"""About 80 conversations: two pages."""


def sync(mail, **settings):
    assert mail.sync(**settings), mail.log


@pytest.fixture
def loaded(mail):
    """A pipeline that has run once."""
    sync(mail)
    return mail


def test_the_first_run_brings_every_row_as_it_is(loaded):
    assert compare(loaded) > 1_000
    assert loaded.value("select count(*) from raw_missive.messages where body_text <> ''") > 0


@pytest.mark.parametrize(
    "switches",
    [
        {"until_inclusive": False, "all_includes_trashed": True, "created_at_in_single": True},
        {"labels_move_activity": True, "trash_moves_activity": True, "merge_survivor": "source"},
        {"unknown_ids_in_batch": "404", "largest_batch": 3, "batch_order": "reversed"},
        {
            "fractional_timestamps": True,
            "extra_fields": True,
            "redacted_keys": "missing",
            "empty_404": True,
            "nested_lists_follow_merges": True,
        },
    ],
    ids=", ".join,
)
def test_every_change_arrives_in_each_position_of_the_switches(mail, switches):
    control = mail.control
    control.set(**switches)
    sync(mail)
    old, labelled, trashed, merged, survivor, gone, hidden, redacted = (
        row["id"] for row in full_conversations(mail)[5:13]
    )
    labels = [row["id"] for row in control.truth("shared_labels", reachable=True)]
    control.advance(60)
    control.add_message(old, body="<p>Nachtrag 08 anbei</p>", subject="WG: Nachtrag")
    control.add_comment(old, "bitte prüfen")
    control.label(labelled, label_ids=labels[:2])
    control.edit("shared_labels", labels[3], name="KG 410, neu 🚿")
    control.trash(trashed, users="all")
    control.merge(merged, survivor)
    control.delete("conversations", gone)
    control.hide(hidden)
    control.edit("conversations", redacted, subject="Neuer Betreff", color="good")
    control.assign(labelled, users=[row["id"] for row in control.truth("users")[:1]])
    control.advance(90_000)
    sync(mail)
    compare(mail)
    assert mail.value("select is_trashed from raw_missive.conversations where id = %s", trashed)
    marks = "select id from raw_missive.conversations where is_deleted order by id"
    assert mail.rows(marks) == sorted([gone, hidden])
    assert mail.value("select count(*) from raw_missive.conversations where merged_into_id <> ''")


def test_seconds_that_are_cut_within_a_page_lose_only_what_cannot_be_listed(mail):
    mail.control.set(complete_ties=False)
    sync(mail)
    tied = {}
    for stream, moment, limit in (
        ("conversations", "last_activity_at", 50),
        ("comments", "created_at", 10),
    ):
        for row in mail.control.truth(stream, reachable=True):
            tied.setdefault((stream, row.get("_conversation_id"), row[moment], limit), []).append(
                row["id"]
            )
    beyond = [ids for (*_, limit), ids in tied.items() if len(ids) > limit]
    assert beyond
    within = {id_ for ids in beyond for id_ in ids}
    lost_conversations = within - set(mail.rows("select id from raw_missive.conversations"))
    children = {
        row["id"]
        for stream in WITHIN_CONVERSATIONS
        for row in mail.control.truth(stream)
        if row["_conversation_id"] in lost_conversations
    }
    compare(mail, but_for=within | children)
    assert "further rows of that second cannot be listed" in mail.log


def test_activity_between_the_pages_is_not_missed(mail):
    control = mail.control
    conversations = [row["id"] for row in full_conversations(mail)]
    for request in range(1, 4):
        for number in range(2):
            control.hook(
                "^conversations$",
                request,
                {
                    "action": "create",
                    "kind": "messages",
                    "values": {
                        "conversation": conversations[3 * request + number],
                        "body": f"<p>während der Seite {request}</p>",
                    },
                },
            )
    control.hook(
        "^conversations/.*/comments",
        20,
        {
            "action": "create",
            "kind": "comments",
            "values": {"conversation": conversations[1], "body": "zwischendurch"},
        },
    )
    sync(mail)
    control.advance(60)
    sync(mail)
    compare(mail)


def test_nothing_is_erased_by_a_row_that_knows_less(loaded):
    control = loaded.control
    shared, redacted = full_conversations(loaded)[-2:]
    message = next(
        row
        for row in control.truth("messages", reachable=True)
        if row["_conversation_id"] == redacted["id"] and row["body"] and not row["_redacted"]
    )
    contact = next(row for row in control.truth("contacts") if not row["_deleted"])
    control.make_guest(shared["id"])
    control.redact(message["id"])
    control.add_message(redacted["id"], body="<p>neu</p>")
    control.delete("contacts", contact["id"])
    control.advance(90_000)
    before = loaded.rows(
        "select subject, latest_message_subject, created_at, shared_label_ids, users"
        " from raw_missive.conversations where id = %s",
        shared["id"],
    )
    sync(loaded)
    after = (
        "select subject, latest_message_subject, created_at, shared_label_ids, users"
        " from raw_missive.conversations where id = %s and is_guest"
    )
    assert loaded.rows(after, shared["id"]) == before
    assert loaded.rows(
        "select body, preview, to_fields from raw_missive.messages where id = %s", message["id"]
    ) == [(message["body"], message["preview"], message["to_fields"])]
    assert loaded.rows(
        "select first_name, last_name, deleted from raw_missive.contacts where id = %s",
        contact["id"],
    ) == [(contact.get("first_name"), contact.get("last_name"), True)]

    control.make_full(shared["id"])
    control.unredact(message["id"])
    control.restore_contacts(contact["id"])
    control.advance(90_000)
    sync(loaded)
    compare(loaded)


def test_a_conversation_that_becomes_visible_comes_with_its_old_mail(mail):
    old = full_conversations(mail)[3]["id"]
    mail.control.hide(old)
    sync(mail)
    mail.control.reveal(old)
    mail.control.advance(90_000)
    sync(mail)
    compare(mail)
    assert mail.value("select count(*) from raw_missive.messages where conversation_id = %s", old)


def test_an_imported_and_a_moved_message_are_found_below_the_newest(loaded):
    control = loaded.control
    target, source, *_ = (
        row["id"] for row in full_conversations(loaded) if row["messages_count"] > 2
    )
    moved = next(
        row["id"] for row in control.truth("messages") if row["_conversation_id"] == source
    )
    control.advance(60)
    control.add_message(target, body="<p>alt</p>", delivered_at=1_500_000_000)
    control.move_messages(moved, conversation=target)
    control.advance(90_000)
    sync(loaded)
    compare(loaded)


def test_the_last_label_and_the_last_assignee_can_be_taken_away(loaded):
    control = loaded.control
    labelled = next(row for row in full_conversations(loaded) if row["shared_labels"])
    control.unlabel(labelled["id"], label_ids=[label["id"] for label in labelled["shared_labels"]])
    control.unassign(labelled["id"])
    control.advance(90_000)
    sync(loaded)
    compare(loaded)
    found = "select shared_label_ids, assignee_ids from raw_missive.conversations where id = %s"
    assert loaded.rows(found, labelled["id"]) == [([], [])]


def test_a_run_with_nothing_new_asks_little_and_writes_nothing(loaded):
    written = [
        f"select id, xmin::text from raw_missive.{stream} order by id"
        for stream in STREAMS
        if stream not in FULL_TABLES
    ]
    before = [loaded.rows(query) for query in written]
    loaded.control.clear_requests()
    sync(loaded)
    asked = loaded.control.requests()["by_path"]
    assert asked["conversations"] == 3
    assert not [path for path in asked if path.startswith(("conversations/", "messages/"))]
    assert all(asked[stream] <= 2 for stream in FULL_TABLES if stream != "contact_groups")
    assert [loaded.rows(query) for query in written] == before


def test_one_new_message_in_an_old_conversation_costs_three_requests(loaded):
    control = loaded.control
    control.clear_requests()
    sync(loaded)
    idle = control.requests()["total"]
    control.advance(600)
    control.add_message(full_conversations(loaded)[0]["id"], body="<p>neu</p>")
    control.advance(600)
    control.clear_requests()
    sync(loaded)
    assert control.requests()["total"] - idle <= 4
    compare(loaded)
