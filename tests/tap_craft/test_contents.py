"""Which documents are read, and what stays known when something goes wrong."""

from functools import partial

import pytest
from tap_craft.client import FAILURES_IN_A_ROW
from tap_craft.streams.contents import is_whole

LINKS = ["sandbox-documents"]


def read(run):
    return [record["document_id"] for record in run.records("document_contents")]


def texts(run):
    return {record["document_id"]: record["text"] for record in run.records("document_contents")}


def bookmark(run):
    return run.state["bookmarks"]["document_contents"].get("replication_key_value")


@pytest.fixture
def run(run):
    """Run the tap over a selection of documents, which costs less than a space."""
    return partial(run, link="documents")


@pytest.fixture
def write(craft):
    """Write some documents, each a second after the one before; return their ids."""

    def write(count, **values):
        return [
            craft.create_document(f"Protokoll {number}", f"TOP {number}", links=LINKS, **values)[
                "id"
            ]
            for number in range(count)
        ]

    return write


@pytest.fixture(autouse=True)
def nothing_is_broken(craft):
    broken = [row["id"] for row in craft.truth("documents") if row["_broken"]]
    if broken:
        craft.repair_documents(*broken)


def test_documents_are_read_from_the_oldest_change_to_the_newest(run):
    done = run("document_contents")
    moments = [record["last_modified_at"] for record in done.records("document_contents")]
    dated = [moment for moment in moments if moment]
    assert dated == sorted(dated)
    assert bookmark(done) == max(dated)


def test_two_edits_in_one_second_are_both_seen_if_the_run_is_between(run, craft, write, waits):
    first = run("document_contents")
    (document,) = write(1)
    second = run("document_contents", state=first.state)
    assert sum(waits) == pytest.approx(1, abs=0.3)
    assert read(second) == [document]


def test_a_document_that_cannot_be_read_is_named_kept_back_and_tried_again(run, craft, write):
    first = run("document_contents")
    ghost, other = write(2)
    craft.break_documents(ghost)
    second = run("document_contents", state=first.state)
    assert second.exit_code == 0
    assert read(second) == [other]
    assert f"1 documents could not be read and keep the content they had: {ghost}." in second.log
    third = run("document_contents", state=second.state)
    assert not read(third)
    assert ghost in third.log
    craft.repair_documents(ghost)
    assert read(run("document_contents", state=third.state)) == [ghost]


def test_a_document_that_keeps_failing_costs_one_request_in_each_run(run, craft, write, asked):
    (ghost,) = write(1)
    craft.break_documents(ghost)
    state = run("document_contents").state
    asked()
    run("document_contents", state=state)
    assert asked()["blocks"] == 1


def test_a_document_that_goes_between_list_and_read_is_left_to_the_next_run(run, craft, write):
    first = run("document_contents")
    other, gone = write(2)
    craft.hook("^blocks$", 1, {"action": "purge", "kind": "documents", "id": gone})
    second = run("document_contents", state=first.state)
    assert second.exit_code == 0
    assert read(second) == [other]
    assert gone in second.log


def test_when_all_documents_fail_the_run_ends_and_no_document_loses_its_turn(
    run, craft, write, sentence
):
    first = run("document_contents")
    new = write(6)
    craft.fault("^blocks$", "status", status=503, times=None)
    second = run("document_contents", state=first.state)
    assert "503" in sentence(second)
    craft.clear_faults()
    third = run("document_contents", state=second.state)
    assert sorted(read(third)) == sorted(new)


@pytest.mark.parametrize("failing", [1, FAILURES_IN_A_ROW, 7])
def test_broken_documents_side_by_side_never_hold_up_the_others_for_long(
    run, craft, write, failing
):
    state = run("document_contents").state
    new = write(failing + 1)
    craft.break_documents(*new[:failing])
    seen = []
    for _ in range(4):
        done = run("document_contents", state=state)
        state = done.state or state
        seen += read(done)
    assert seen == new[failing:]


@pytest.mark.parametrize("stop_after", [1, 10, 20])
def test_a_first_run_that_is_cut_off_goes_on_where_it_was(run, craft, stop_after, asked):
    whole = read(run("document_contents"))
    asked()
    craft.fault("^blocks$", "status", status=401, skip=stop_after, times=None)
    first = run("document_contents")
    assert first.exit_code == 1
    assert read(first) == whole[:stop_after]
    craft.clear_faults()
    second = run("document_contents", state=first.state)
    assert read(first) + read(second) == whole


def test_a_second_run_over_many_changes_reads_everything_once_more_rather_than_miss_one(
    run, craft, write, monkeypatch
):
    monkeypatch.setattr("tap_craft.sketch.CELLS_PER_PART", 8)
    old = write(60)
    first = run("document_contents")
    craft.purge(*old)
    second = run("document_contents", state=first.state, allow_mass_delete=True)
    assert "read once more" in second.log
    assert sorted(read(second)) == sorted(set(read(first)) - set(old))
    assert not read(run("document_contents", state=second.state))


def test_many_changes_of_one_second_go_on_where_they_were_cut_off(run, craft, write, monkeypatch):
    monkeypatch.setattr("tap_craft.sketch.CELLS_PER_PART", 8)
    write(60, lastModifiedAt="2030-01-01T00:00:00Z")
    craft.advance(200_000_000)
    craft.fault("^blocks$", "status", status=401, skip=55, times=None)
    first = run("document_contents")
    craft.clear_faults()
    second = run("document_contents", state=first.state)
    assert len(read(first)) == 55
    assert not set(read(first)) & set(read(second))


def test_many_documents_that_come_into_scope_at_once_are_read_over_several_runs(
    run, craft, monkeypatch
):
    monkeypatch.setattr("tap_craft.sketch.CELLS_PER_PART", 8)
    state = run("document_contents").state
    old = [
        craft.create_document("Alt", links=LINKS, lastModifiedAt=f"2020-01-01T00:00:{number:02d}Z")
        for number in range(60)
    ]
    craft.fault("^blocks$", "status", status=401, skip=50, times=None)
    first = run("document_contents", state=state)
    craft.clear_faults()
    second = run("document_contents", state=first.state)
    assert set(read(first)) | set(read(second)) >= {row["id"] for row in old}
    assert not set(read(first)) & set(read(second))
    assert not read(run("document_contents", state=second.state))


def test_nothing_older_than_the_start_date_is_read_until_it_changes(run, craft, write):
    (old,) = write(1, lastModifiedAt="2025-01-01T00:00:00Z")
    first = run("document_contents", start_date="2026-01-01T00:00:00Z")
    moments = [record["last_modified_at"] for record in first.records("document_contents")]
    assert moments
    assert min(filter(None, moments)) >= "2026-01-01"
    second = run("document_contents", state=first.state, start_date="2026-01-01T00:00:00Z")
    assert not read(second)
    craft.append(old, "doch noch")
    third = run("document_contents", state=second.state, start_date="2026-01-01T00:00:00Z")
    assert read(third) == [old]


def test_a_document_dated_in_the_future_is_read_once_and_does_not_move_the_bookmark(
    run, craft, write
):
    first = run("document_contents")
    (ahead,) = write(1, lastModifiedAt="2099-01-01T00:00:00Z")
    second = run("document_contents", state=first.state)
    assert read(second) == [ahead]
    assert bookmark(second) == craft.now()
    (later,) = write(1)
    third = run("document_contents", state=second.state)
    assert read(third) == [later]
    craft.append(ahead, "geändert")
    assert read(run("document_contents", state=third.state)) == [ahead]


@pytest.mark.parametrize("moment", [None, "", "gestern"])
def test_documents_without_a_moment_are_read_in_every_run(run, craft, moment):
    craft.set(served_fields={"documents": {"lastModifiedAt": moment}})
    first = run("document_contents")
    assert first.exit_code == 0
    assert set(read(run("document_contents", state=first.state))) == set(read(first))


def test_moments_with_fractions_of_a_second_are_the_same_moments(run, craft):
    first = run("document_contents")
    craft.set(millisecond_times=True)
    done = run("document_contents", state=first.state)
    assert done.exit_code == 0
    assert not read(run("document_contents", state=done.state))


def test_an_unchanged_document_gives_the_same_row_whatever_its_media_are_called(run):
    rows = [
        {row["document_id"]: row for row in run("document_contents").records("document_contents")}
        for _ in range(2)
    ]
    assert rows[0] == rows[1]
    assert any("craft-media:1" in row["markdown"] for row in rows[0].values())
    assert not any("r.craft.do" in str(row) for row in rows[0].values())


@pytest.mark.parametrize("kind", ["truncate", "malformed", "html", "reset", "empty_list"])
def test_an_answer_that_is_no_whole_page_is_asked_for_again(run, craft, kind):
    before = run("document_contents").records("document_contents")
    craft.fault("^blocks$", kind, skip=3, times=2)
    assert run("document_contents").records("document_contents") == before


NESTED = "<page>\n<content>\n    <page>\n    </page>\n    danach\n</content>\n</page>\n"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (NESTED, True),
        (NESTED[: NESTED.index("    danach")], False),
        (NESTED[:-4], False),
        ('<card cardLayout="small">\n</card>', True),
        ("ohne Seite", True),
        (" \n", False),
    ],
)
def test_a_page_is_whole_if_its_own_end_is_there(text, whole):
    assert is_whole(text) == whole


def test_untitled_empty_and_unknown_blocks_are_read_like_all_others(run, craft):
    empty = craft.create_document("", links=LINKS)["id"]
    odd = craft.create_document(
        "Neu", blocks=[{"type": "hologram", "text": "Block der Zukunft"}], links=LINKS
    )
    done = texts(run("document_contents"))
    assert done[empty] == ""
    assert "Block der Zukunft" in done[odd["id"]]


def test_a_state_whose_memory_is_damaged_reads_everything_once_more(run):
    first = run("document_contents")
    state = first.state
    state["bookmarks"]["document_contents"]["read"] = "?"
    assert set(read(run("document_contents", state=state))) == set(read(first))
