"""The generated documents: their number, their mixture, and that a seed decides everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from planwerk_sandbox import running
from planwerk_sandbox.control.craft.truth import CraftTruth
from planwerk_sandbox.control.missive.truth import MissiveTruth
from planwerk_sandbox.craft.settings import CraftSettings
from planwerk_sandbox.missive.links import Links
from planwerk_sandbox.missive.settings import MissiveSettings
from planwerk_sandbox.office import build_office
from planwerk_sandbox.office.documents import LazySpace
from planwerk_sandbox.office.documents import build as documents_build
from planwerk_sandbox.office.documents.space import walk
from planwerk_sandbox.office.mail import LazyMail

OPENING = "2026-03-10T08:00:00Z"


def text(seed):
    truth = CraftTruth(LazySpace(build_office(seed, 0.05), seed, 0.1), CraftSettings())
    return json.dumps([truth.rows(kind) for kind in truth.kinds], sort_keys=True)


@pytest.fixture(scope="module")
def space():
    """The documents of the default office."""
    return LazySpace(build_office(276, 0.05), 276, 1.0).space


@pytest.fixture(scope="module")
def truth():
    return CraftTruth(LazySpace(build_office(276, 0.05), 276, 1.0), CraftSettings())


def test_the_same_seed_gives_the_same_documents_in_every_process_and_another_seed_others():
    program = (
        f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r});"  # noqa: PTH120
        "import test_craft_office as t; print(t.text(7))"
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


def test_the_mail_is_the_same_whether_or_not_documents_were_read_before():
    def mail(*, after_documents):
        office = build_office(7, 0.05)
        lazy = LazyMail(office, 7, 0.02)
        if after_documents:
            assert LazySpace(office, 7, 0.1).space.documents
        settings = MissiveSettings()
        truth = MissiveTruth(lazy, settings, Links("http://files.example", office.clock, settings))
        return json.dumps([truth.rows(kind) for kind in truth.kinds])

    assert mail(after_documents=True) == mail(after_documents=False)


def test_the_default_office_has_the_promised_size(space, truth):
    assert 380 <= len(space.documents) <= 420
    assert 55 <= len(space.folders) <= 70
    places = Counter(
        "trash" if d.trashed else d.location or "folder" for d in space.documents.values()
    )
    assert places["folder"] > 300
    assert 35 <= places["daily_notes"] <= 60
    assert min(places["trash"], places["unsorted"], places["templates"]) >= 4
    assert 0.4 < len(space.links["sandbox-documents"].documents) / len(space.documents) < 0.6
    assert len(truth.rows("collections")) > 40
    assert len(truth.rows("tasks")) > 300


def test_scale_multiplies_documents_and_a_small_office_has_every_rare_case():
    office = build_office(276, 0.05)
    assert 1_900 <= len(LazySpace(office, 276, 5.0).space.documents) <= 2_100
    small = LazySpace(office, 276, 0.01).space
    assert len(small.documents) < 80
    assert any(document.broken for document in small.documents.values())
    days = Counter(document.daily_note_date for document in small.documents.values())
    del days[None]
    assert max(days.values()) == 2
    assert "2026-03-10" in days


def test_folders_are_named_like_the_projects(untouched):
    projects = {p["name"] for p in untouched.control.truth("projects")}
    assert projects <= {folder["name"] for folder in untouched.craft.truth("folders")}


def test_nothing_changed_before_it_was_made_or_after_the_office_opened(space):
    for document in space.documents.values():
        assert document.created_at <= document.modified_at <= OPENING, document.root.text


def test_the_listing_time_of_a_document_covers_all_its_blocks(space):
    for document in space.documents.values():
        for block in walk(document.root):
            assert block.created_at <= block.modified_at <= document.modified_at


def test_some_documents_share_the_second_of_an_import_and_few_others_do(space):
    seconds = Counter(document.modified_at for document in space.documents.values())
    (_, imported), (_, next_most) = seconds.most_common(2)
    assert (imported, next_most <= 2) == (12, True)


def test_no_two_blocks_share_an_id(space):
    ids = [b.id.lower() for d in space.documents.values() for b in walk(d.root)]
    assert len(set(ids)) == len(ids)


def test_documents_are_in_german_and_english_about_the_same_projects(truth):
    texts = " ".join(row["_markdown"] for row in truth.rows("document_contents"))
    for word in ("Mängel", "Jour fixe", "2417 Neubau Kita Lindenhof", "Chiller", "KG 4"):
        assert word in texts, word


def test_the_documents_are_not_built_before_somebody_looks(monkeypatch):
    monkeypatch.setattr(documents_build, "Space", lambda *_, **__: 1 / 0)
    with running(scale=0.02) as sandbox:
        assert sandbox.control.truth("tasks")
        sandbox.craft.settings()
