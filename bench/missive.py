"""Missive: sizes of the office, the least requests that its API allows, and what changes."""

from __future__ import annotations

import os
from collections import Counter
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floors import LOOKBACK_SECONDS, overlapping_pages, pages_down_to, slices
from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planwerk_sandbox.client import Row
    from planwerk_sandbox.missive_client import MissiveControl
    from planwerk_sandbox.server import Sandbox

TITLE = "Missive"
ITEMS = "conversations"
SCALES = (0.1, 0.4, 1)
"""About 170, 620 and 1 520 conversations."""
BATCH = 10
"""Messages whose bodies come in one request: the tap's default; nothing says how many may (4)."""
PAGE, NESTED_PAGE, SLICE = 50, 10, 200
"""Rows of a page: of conversations and tasks, within a conversation, of other lists (3.1)."""
WHOLE = ("organizations", "users", "teams", "shared_labels", "contact_books", "responses")
"""What is listed whole in every run. The first of them proves the token and tells the clock."""
KINDS = ("conversations", "messages", "comments", "contact_groups", "contacts")

Truth = dict[str, Any]
"""All rows that a request can show, by kind, and the office's time as `now`."""


def account(sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    home = Path(os.environ["XDG_STATE_HOME"])
    return {
        "api_url": sandbox.missive_url,
        "api_token": "missive_pat-sandbox",
        "message_batch_size": BATCH,
        "requests_per_minute": 1_000_000,
        "requests_per_quarter_hour": 10_000_000,
        "spool_folder": str(home / f"spool {sandbox.url.rpartition(':')[2]}"),
    }


def control(sandbox: Sandbox) -> MissiveControl:
    """Return the control of the API."""
    return sandbox.missive


def truth(sandbox: Sandbox) -> Truth:
    """Return what there is to be read."""
    kinds = (*WHOLE, *KINDS, "conversation_tasks")
    rows = {kind: sandbox.missive.truth(kind, reachable=True) for kind in kinds}
    return {"now": sandbox.missive.now(), **rows}


def data(office: Truth) -> str:
    """Return how much there is."""
    kinds = ("conversations", "messages", "comments")
    return ", ".join(f"{in_groups(len(office[kind]))} {kind}" for kind in kinds)


def first_floor(office: Truth) -> int:
    """Return the least requests of a first run: every list to its end, every conversation whole.

    Messages are counted, comments are not (`api/missive.md`, 10); of what the token's owner sees
    as a guest no messages are counted either, and none are in the floor.
    """
    tasks = pages_down_to(len(office["conversation_tasks"]), PAGE)
    mail = _conversations(office, office["conversations"], Counter(), since=None)
    return _other_lists(office) + _contacts(None, office) + tasks + _mailboxes(office) + mail


def next_floor(before: Truth, after: Truth, *, is_daily: bool) -> int:
    """Return the least requests of a run after another.

    Lists of conversations and tasks are read down to the newest activity that the last run saw,
    less the overlap, because they cannot be asked for what changed since (3.4); trash and spam to
    their end in every run and all else once a day, because what puts a conversation there, or gives
    it a label, is no activity (5, 9.4). A conversation with new activity costs the newest page of
    its messages and of its comments, and the bodies of its new messages.
    """
    mail, tasks = after["conversations"], after["conversation_tasks"]
    known = {row["id"]: row for row in before["conversations"]}
    since = None if is_daily else _newest(before["conversations"]) - LOOKBACK_SECONDS
    begin = 0 if is_daily else _newest(before["conversation_tasks"]) - LOOKBACK_SECONDS
    tasks = [row for row in tasks if row["last_activity_at"] >= begin]
    active = [row for row in mail if _activity_of(row) != _activity_of(known.get(row["id"]))]
    had = Counter(row["_conversation_id"] for row in before["messages"])
    return (
        _other_lists(after)
        + _contacts(before, after)
        + pages_down_to(len(tasks), PAGE)
        + _mailboxes(after, since)
        + _conversations(after, active, had, since=known)
    )


def _other_lists(office: Truth) -> int:
    """Return the requests of what is listed whole; groups are asked for by book and kind (3.5)."""
    groups = Counter((row["contact_book"], row["kind"]) for row in office["contact_groups"])
    books = [row["id"] for row in office["contact_books"]]
    return sum(slices(len(office[kind]), SLICE) for kind in WHOLE) + sum(
        slices(groups[book, kind], SLICE) for book in books for kind in ("group", "organization")
    )


def _contacts(before: Truth | None, after: Truth) -> int:
    """Return the requests of contacts, which are asked for by book, the newest change first."""
    requests = 0
    for book in (row["id"] for row in after["contact_books"]):
        since = (
            float(max((row["modified_at"] for row in _in_book(before, book)), default=0))
            - LOOKBACK_SECONDS
        )
        changed = [row for row in _in_book(after, book) if row["modified_at"] >= since]
        requests += slices(len(changed), SLICE, overlap=0)
    return requests


def _in_book(office: Truth | None, book: str) -> list[Row]:
    """Return the contacts of a book; a deleted one does not say which it was in."""
    rows: list[Row] = office["contacts"] if office else []
    return [row for row in rows if row.get("contact_book") == book]


def _mailboxes(office: Truth, since: float | None = None) -> int:
    """Return the requests of the mailboxes that together have all conversations (5).

    One that seems empty is asked for twice.
    """
    (owner,) = (row["id"] for row in office["users"] if row.get("me"))
    boxes: dict[str, list[Row]] = {"all": [], "trashed": [], "junked": []}
    for row in office["conversations"]:
        own = [user for user in row["users"] if user["id"] == owner]
        trashed, junked = (any(user[flag] for user in own) for flag in ("trashed", "junked"))
        boxes["trashed" if trashed else "junked" if junked else "all"].append(row)
    listed = [row for row in boxes["all"] if row["last_activity_at"] >= (since or 0)]
    pages = (pages_down_to(len(rows), PAGE) for rows in (listed, boxes["trashed"], boxes["junked"]))
    return sum(pages) + sum(not rows for rows in boxes.values())


def _conversations(
    office: Truth,
    active: Iterable[Row],
    messages_before: Counter[str],
    since: dict[str, Row] | None,
) -> int:
    """Return the requests of conversations: their messages, comments and bodies.

    Args:
        office: All rows.
        active: The conversations with new activity.
        messages_before: How many messages each conversation had in the last run.
        since: The conversations as the last run saw them; None in a first run.
    """
    comments: dict[str, list[Row]] = {}
    for row in office["comments"]:
        comments.setdefault(row["_conversation_id"], []).append(row)
    requests = new_messages = 0
    for row in active:
        begin = _activity_of((since or {}).get(row["id"])) - LOOKBACK_SECONDS
        new = [c for c in comments.get(row["id"], ()) if c["created_at"] >= begin]
        requests += pages_down_to(len(new), NESTED_PAGE)
        count = 0 if row["_guest"] else row["messages_count"]
        if count:
            news = count - messages_before[row["id"]]
            requests += overlapping_pages(news, NESTED_PAGE)
            new_messages += news
    return requests + ceil(new_messages / BATCH)


def _activity_of(row: Row | None) -> float:
    return float(row["last_activity_at"]) if row else 0.0


def _newest(rows: Iterable[Row]) -> float:
    return max((_activity_of(row) for row in rows), default=0.0)


def change_one(sandbox: Sandbox, office: Truth) -> str:
    """Write one message into the oldest conversation."""
    oldest = min(_full(office), key=lambda row: (row["last_activity_at"], row["id"]))
    sandbox.missive.add_message(oldest["id"], body="<p>anbei der Nachtrag</p>")
    return "1 message into the oldest conversation"


def change_one_per_cent(sandbox: Sandbox, office: Truth) -> str:
    """Write a message into every hundredth conversation."""
    chosen = [row["id"] for row in _full(office)][::100]
    sandbox.missive.mutate(*(_message(conversation) for conversation in chosen))
    return f"a message into {len(chosen)} conversations"


def live_a_day(sandbox: Sandbox, office: Truth) -> str:
    """Let the office work for a day.

    For every 100 conversations 3 get a message and 1 a comment, 2 are new with two messages; 1 gets
    a label, 1 is closed and 1 trashed, without a message. Besides, a contact is changed.
    """
    api = sandbox.missive
    rows = [row["id"] for row in _full(office)]
    share = len(rows) // 100
    worked_on = rows[:: len(rows) // (8 * share)]
    answered, spoken_of, labelled, closed, trashed = (
        worked_on[begin * share : end * share]
        for begin, end in ((0, 3), (3, 4), (4, 5), (5, 6), (6, 7))
    )
    api.mutate(*(_message(conversation) for conversation in answered))
    for _ in range(2 * share):
        begun = api.add_message(subject="Bemusterung", body="<p>Guten Tag</p>")
        api.add_message(begun["_conversation_id"], body="<p>danke</p>")
    for conversation in spoken_of:
        api.add_comment(conversation, "ruft zurück")
    api.label(*labelled, label_ids=[office["shared_labels"][0]["id"]])
    api.close_conversations(*closed)
    api.trash(*trashed, users="all")
    api.edit(
        "contacts", next(r["id"] for r in office["contacts"] if not r["deleted"]), notes="Rohbau"
    )
    return (
        f"existing conversations: {len(answered)} get a message, {len(spoken_of)} a comment, "
        f"{share} a label, {share} closed, {share} trashed; {2 * share} new ones with 2 messages"
    )


def _full(office: Truth) -> list[Row]:
    """Return the conversations that the token's owner sees with all that is in them."""
    return [
        row
        for row in office["conversations"]
        if not row["_guest"]
        and row["messages_count"]
        and not any(user["trashed"] or user["junked"] for user in row["users"])
    ]


def _message(conversation: str) -> dict[str, Any]:
    values = {"conversation": conversation, "body": "<p>anbei der Nachtrag</p>"}
    return {"action": "create", "kind": "messages", "values": values}
