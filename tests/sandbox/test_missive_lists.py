"""Lists: `api/missive.md`, section 12, lines 8 to 15."""

from __future__ import annotations

from collections import Counter

import pytest

LIMITS = {
    "conversations": (50, {"all": "true"}),
    "tasks": (50, {}),
    "users": (200, {}),
    "contacts": (200, {"contact_book": "x"}),
}
NESTED = ("messages", "comments", "drafts", "posts")


@pytest.fixture(scope="module")
def bulk_second(untouched):
    """The second that more conversations share than fit on a page, and how many they are."""
    rows = untouched.missive.truth("conversations", reachable=True)
    ((second, count),) = Counter(row["last_activity_at"] for row in rows).most_common(1)
    assert count > 50
    return second, count


def test_conversations_without_a_mailbox_are_refused(mail):
    sentence = "You need to paginate at least one mailbox"
    assert mail.refusal("conversations") == (400, sentence)
    assert mail.refusal("conversations", all="yes") == (400, sentence)
    assert mail.refusal("conversations", all="true", inbox="true")[0] == 400


@pytest.mark.parametrize(("path", "limit"), [*LIMITS.items(), *((n, (10, {})) for n in NESTED)])
def test_a_limit_out_of_range_is_refused(mail, path, limit):
    largest, query = limit
    if path in NESTED:
        path = f"conversations/{mail.first()['id']}/{path}"
    assert mail.refusal(path, limit=1, **query) == (400, "min 'limit' value is 2")
    sentence = f"max 'limit' value is {largest}"
    assert mail.refusal(path, limit=largest + 1, **query) == (400, sentence)
    assert mail.get(path, limit=largest, **query).status_code == 200


def test_pages_hold_25_conversations_10_messages_and_50_labels_unless_asked(mail, bulk_second):
    assert len(mail.rows("conversations", all="true", until=bulk_second[0] - 1)) == 25
    assert len(mail.rows("shared_labels")) == 50
    busy = next(r for r in mail.conversations(all="true").values() if r["messages_count"] > 20)
    assert len(mail.rows(f"conversations/{busy['id']}/messages")) == 10


def test_lists_go_from_the_newest_to_the_oldest_and_by_id_within_a_second(mail, bulk_second):
    rows = list(mail.conversations(all="true").values())
    assert rows == sorted(rows, key=lambda row: (-row["last_activity_at"], row["id"]))
    second, count = bulk_second
    assert [row["last_activity_at"] for row in rows].count(second) == count


@pytest.mark.parametrize("inclusive", [True, False])
def test_until_is_inclusive_unless_switched(missive, hand, inclusive):
    hand.set(until_inclusive=inclusive)
    second = missive.rows("conversations", all="true")[3]["last_activity_at"]
    rows = missive.rows("conversations", all="true", until=second)
    assert (rows[0]["last_activity_at"] == second) == inclusive
    assert missive.refusal("conversations", all="true", until="soon")[0] == 400


@pytest.mark.parametrize("inclusive", [True, False])
def test_the_recommended_walk_finds_everything_with_either_bound(missive, hand, inclusive):
    hand.set(until_inclusive=inclusive)
    found = set()
    for mailbox in ("all", "trashed", "junked"):
        found |= set(missive.conversations(**{mailbox: "true"}))
    assert found == {row["id"] for row in hand.truth("conversations", reachable=True)}
    for row in hand.truth("conversations"):
        if row["messages_count"] > 20 and not row["_guest"]:
            path = f"conversations/{row['id']}/messages"
            assert len(missive.walk(path, "delivered_at", 10)) == row["messages_count"]


def test_a_page_goes_on_until_its_last_second_is_complete(mail, bulk_second):
    second, count = bulk_second
    page = mail.rows("conversations", all="true", limit=5, until=second)
    assert len(page) == count
    assert {row["last_activity_at"] for row in page} == {second}


def test_a_page_can_be_cut_hard(missive, hand, bulk_second):
    hand.set(complete_ties=False)
    rows = missive.rows("conversations", all="true", limit=5, until=bulk_second[0])
    assert len(rows) == 5


def test_trash_and_spam_are_not_in_all_unless_switched(missive, hand):
    everything = missive.conversations(all="true")
    trash, spam = missive.conversations(trashed="true"), missive.conversations(junked="true")
    assert trash
    assert spam
    assert not set(everything) & (set(trash) | set(spam))
    hand.set(all_includes_trashed=True)
    assert set(missive.conversations(all="true")) == set(everything) | set(trash) | set(spam)


@pytest.mark.parametrize("name", ["assigned", "closed", "snoozed", "flagged", "trashed", "junked"])
def test_a_mailbox_shows_what_the_owner_of_the_token_marked(missive, hand, name):
    me = next(user["id"] for user in missive.rows("users") if user.get("me"))
    conversation = missive.first()["id"]
    act = {
        "assigned": lambda: hand.assign(conversation, users=[me]),
        "closed": lambda: hand.close_conversations(conversation),
        "snoozed": lambda: hand.snooze(conversation),
        "trashed": lambda: hand.trash(conversation),
        "junked": lambda: hand.junk(conversation),
    }
    if name in act:
        act[name]()
        assert conversation in missive.conversations(**{name: "true"})
    for row in missive.conversations(**{name: "true"}).values():
        (mine,) = [user for user in row["users"] if user["id"] == me]
        assert mine[name]


def test_the_inbox_holds_what_is_neither_archived_nor_closed(mail):
    rows = mail.conversations(inbox="true").values()
    assert rows
    for row in rows:
        (mine,) = [user for user in row["users"] if user["name"] == "Sync Dienst"]
        assert not any(mine[flag] for flag in ("archived", "closed", "trashed"))


def test_drafts_are_a_mailbox_and_a_list_but_no_messages(mail):
    row = mail.first(drafts="true")
    (draft,) = mail.rows(f"conversations/{row['id']}/drafts")
    assert (draft["draft"], draft["delivered_at"]) == (True, None)
    assert "email_message_id" not in draft
    listed = mail.walk(f"conversations/{row['id']}/messages", "delivered_at", 10)
    assert draft["id"] not in listed
    assert all(message["draft"] is False for message in listed.values())


def test_labels_and_teams_have_mailboxes(mail):
    rows = mail.conversations(all="true").values()
    label = next(row["shared_labels"][0]["id"] for row in rows if row.get("shared_labels"))
    labelled = mail.conversations(shared_label=label)
    assert set(labelled) == {
        r["id"] for r in rows if label in [x["id"] for x in r.get("shared_labels", ())]
    }
    team = mail.rows("teams")[0]["id"]
    whole = mail.conversations(team_all=team)
    assert set(whole) == {r["id"] for r in rows if (r.get("team") or {}).get("id") == team}
    inbox, closed = mail.conversations(team_inbox=team), mail.conversations(team_closed=team)
    assert inbox
    assert closed
    assert inbox | closed == whole


def test_an_unknown_label_or_team_has_no_conversations_or_is_not_found(missive, hand):
    assert missive.rows("conversations", shared_label="x") == []
    assert missive.rows("conversations", team_inbox="x") == []
    hand.set(unknown_mailbox_404=True)
    assert missive.get("conversations", team_all="x").status_code == 404


def test_conversations_are_narrowed_by_organization_and_address(mail):
    service = mail.rows("organizations")[1]["id"]
    for row in mail.conversations(all="true", organization=service).values():
        assert row["organization"]["id"] == service
    row = next(r for r in mail.rows("conversations", all="true") if r["external_authors"])
    address = row["external_authors"][0]["address"]
    assert row["id"] in mail.conversations(all="true", email=address.upper())
    assert row["id"] in mail.conversations(all="true", domain=address.partition("@")[2])
    assert mail.rows("conversations", all="true", email="nobody@nowhere.example") == []


def test_a_conversation_with_news_jumps_to_the_top_between_two_pages(missive, hand):
    deep = list(missive.conversations(all="true"))[-1]
    news = {"action": "create", "kind": "messages", "values": {"conversation": deep}}
    hand.hook("^conversations$", 1, news)
    page = missive.rows("conversations", all="true", limit=50)
    assert deep not in [row["id"] for row in page]
    bound = page[-1]["last_activity_at"]
    below = missive.conversations(all="true", until=bound - 1)
    assert below
    assert deep not in below
    assert missive.first()["id"] == deep
    assert hand.hooks()[0]["fired"] is True


def test_offset_lists_are_sliced_and_empty_beyond_their_end(mail):
    whole = [row["id"] for row in mail.rows("shared_labels", limit=200)]
    second = [row["id"] for row in mail.rows("shared_labels", limit=60, offset=60)]
    assert second == whole[60:120]
    assert mail.rows("shared_labels", offset=len(whole)) == []
    assert mail.refusal("shared_labels", offset="-1")[0] == 400


def test_contacts_need_a_book_and_groups_a_book_and_a_kind(mail):
    assert mail.refusal("contacts") == (400, "'contact_book' is required")
    assert mail.refusal("contact_groups", contact_book="x") == (400, "'kind' is required")
    assert mail.refusal("contact_groups", contact_book="x", kind="y")[0] == 400
    book = mail.rows("contact_books")[0]["id"]
    for kind in ("group", "organization"):
        for group in mail.rows("contact_groups", contact_book=book, kind=kind):
            assert set(group) == {"id", "name"}


def test_contacts_are_listed_by_name_or_by_their_last_change(mail):
    book = mail.rows("contact_books")[0]["id"]
    rows = mail.rows("contacts", contact_book=book, limit=200)
    names = [row["last_name"] or "" for row in rows]
    assert names == sorted(names)
    times = [
        row["modified_at"]
        for row in mail.rows("contacts", contact_book=book, order="last_modified", limit=200)
    ]
    assert times == sorted(times, reverse=True)
    assert mail.refusal("contacts", contact_book=book, order="size")[0] == 400
    found = mail.rows("contacts", contact_book=book, search=rows[9]["last_name"].upper())
    assert rows[9]["id"] in [row["id"] for row in found]


def test_changed_contacts_can_be_asked_for_and_deleted_ones_are_tombstones(missive, hand):
    book = missive.rows("contact_books")[0]["id"]
    kept, gone, back = (row["id"] for row in missive.rows("contacts", contact_book=book)[:3])
    hand.edit("contacts", kept, last_name="Neumann")
    hand.delete("contacts", gone)
    hand.delete("contacts", back)
    hand.restore_contacts(back)
    since = {"contact_book": book, "modified_since": 1773129601}
    assert {row["id"] for row in missive.rows("contacts", **since)} == {kept, back}
    rows = missive.rows("contacts", **since, include_deleted="true", order="last_modified")
    assert [row["id"] for row in rows] == [back, gone, kept]
    assert rows[1] == {"id": gone, "deleted": True, "modified_at": 1773129602}
    ids = [r["id"] for r in missive.rows("contacts", contact_book=book, include_deleted="true")]
    assert gone not in ids
    assert missive.get(f"contacts/{gone}").status_code == 404
    assert missive.rows(f"contacts/{kept}")["last_name"] == "Neumann"


def test_users_labels_and_responses_can_be_asked_for_by_organization(mail):
    first, second = (row["id"] for row in mail.rows("organizations"))
    labels = mail.rows("shared_labels", limit=200)
    assert mail.rows("shared_labels", limit=200, organization=first) == labels
    assert mail.rows("teams", organization=second) == []
    personal = [row for row in mail.rows("responses") if row["organization"] is None]
    assert len(personal) == 1
    assert len(mail.rows("responses", organization=first)) == 6
    response = personal[0]["id"]
    assert mail.rows(f"responses/{response}") == personal[0]
