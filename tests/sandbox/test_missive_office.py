"""The generated mail: its size, its mixture, and that a seed decides everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from planwerk_sandbox import running
from planwerk_sandbox.control.missive.truth import MissiveTruth
from planwerk_sandbox.missive.links import Links
from planwerk_sandbox.missive.settings import MissiveSettings
from planwerk_sandbox.office import build_office
from planwerk_sandbox.office.mail import LazyMail
from planwerk_sandbox.office.mail import build as mail_build

OPENING = 1_773_129_600


def truth_of(lazy):
    settings = MissiveSettings()
    return MissiveTruth(lazy, settings, Links("http://files.example", lazy.clock, settings))


def text(seed):
    truth = truth_of(LazyMail(build_office(seed, 0.05), seed, 0.05))
    return json.dumps([truth.rows(kind) for kind in truth.kinds], sort_keys=True)


@pytest.fixture(scope="module")
def lazy():
    """The mail of the default office."""
    return LazyMail(build_office(276, 0.05), 276, 1.0)


@pytest.fixture(scope="module")
def mail(lazy):
    return lazy.mail


@pytest.fixture(scope="module")
def rows(lazy):
    """Its truth without messages."""
    truth = truth_of(lazy)
    return {kind: truth.rows(kind) for kind in truth.kinds if kind != "messages"}


def test_the_same_seed_gives_the_same_mail_in_every_process_and_another_seed_another():
    program = (
        f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r});"  # noqa: PTH120
        "import test_missive_office as t; print(t.text(7))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = text(7)
    assert other.stdout.strip() == here
    assert text(8) != here


def test_the_default_office_has_the_promised_size(mail, rows):
    messages = mail.rows("messages")
    assert 1_450 <= len(rows["conversations"]) <= 1_600
    assert 5_500 <= len(messages) <= 6_500
    assert 2_200 <= len(rows["comments"]) <= 2_800
    assert 250 <= len(rows["conversation_tasks"]) <= 350
    assert len(rows["contacts"]) == 400
    assert sum(row["_deleted"] for row in rows["contacts"]) == 12
    assert len(rows["contact_books"]) == 3
    assert {row["kind"] for row in rows["contact_groups"]} == {"group", "organization"}


def test_the_default_office_has_every_rare_case(mail, rows):
    conversations = rows["conversations"]
    counts = Counter(row["messages_count"] for row in conversations)
    assert counts[400] == 1
    assert counts[0] > 30
    (_, bulk), (_, next_most) = Counter(
        row["last_activity_at"] for row in conversations
    ).most_common(2)
    assert bulk == 120
    assert next_most < 10
    me = next(u["id"] for u in rows["users"] if u.get("me"))
    flags = [{u["id"]: u for u in row["users"]} for row in conversations]
    for flag, low, high in (("trashed", 30, 90), ("junked", 15, 50)):
        assert low < sum(seats.get(me, {}).get(flag, False) for seats in flags) < high
    assert any(
        seats[me]["trashed"] != all(u["trashed"] for u in seats.values())
        for seats in flags
        if me in seats
    )
    assert sum(row["_merged_into"] is not None for row in conversations) == 3
    assert 5 < sum(row["_guest"] for row in conversations) < 40
    redacted = [m for m in mail.rows("messages").values() if m.redacted]
    assert 20 < len(redacted) < 110
    share = len({row["_conversation_id"] for row in rows["comments"]}) / len(conversations)
    assert 0.2 < share < 0.3


def test_nothing_happened_in_the_minutes_before_the_office_opened(mail, rows):
    for row in mail.conversations.values():
        inside = [m.delivered_at for m in row.messages] + [c.created_at for c in row.comments]
        assert max(inside, default=0) <= row.last_activity_at <= OPENING - 600
    assert max(row["last_activity_at"] for row in rows["conversation_tasks"]) <= OPENING - 600


def test_a_mail_continues_its_thread_in_the_next_conversation(mail):
    full = next(r for r in mail.conversations.values() if len(r.messages) == 400)
    thread = full.messages[0].thread
    others = {m.conversation.id for m in mail.rows("messages").values() if m.thread is thread} - {
        full.id
    }
    assert len(others) == 1


def test_the_people_and_projects_are_those_of_the_teamwork_half(untouched):
    emails = {p["email"] for p in untouched.control.truth("people") if not p["deleted"]}
    users = untouched.missive.truth("users")
    assert len([u for u in users if u["email"] in emails]) == len(users) - 2
    subjects = str([r["latest_message_subject"] for r in untouched.missive.truth("conversations")])
    projects = [p["name"] for p in untouched.control.truth("projects")]
    assert sum(name in subjects for name in projects) == len(projects)
    tags = {tag["name"] for tag in untouched.control.truth("tags")}
    labels = {label["name"] for label in untouched.missive.truth("shared_labels")}
    assert len(tags & labels) > 100


def test_the_mail_is_not_built_before_somebody_looks(monkeypatch):
    built = []
    monkeypatch.setattr(mail_build, "Mail", lambda *_: built.append(1) or 1 / 0)
    with running(scale=0.02) as sandbox:
        assert sandbox.control.truth("tasks")
        sandbox.missive.settings()
    assert built == []
