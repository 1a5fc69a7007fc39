"""What arrives stays true while people edit, move, rename, trash, restore and purge."""

import pytest

FLAVOURS = ["space", "documents", "daily"]


def by_id(run, stream):
    return {record["id"]: record for record in run.records(stream)}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_edit_brings_the_new_content_of_that_document_alone(run, craft, flavour):
    first = run(link=flavour)
    document = first.records("document_contents")[0]["document_id"]
    craft.append(document, "Nachtrag vom Bauherrn")
    second = run(link=flavour, state=first.state)
    (record,) = second.records("document_contents")
    assert record["document_id"] == document
    assert record["text"].endswith("Nachtrag vom Bauherrn")
    assert not run(link=flavour, state=second.state).records("document_contents")


def test_a_rename_and_a_move_show_in_the_row_of_the_document(run, craft, a_document):
    first = run()
    folder = craft.create_folder("Neubau")
    craft.rename(a_document["id"], "Protokoll 2")
    craft.move(a_document["id"], folder=folder["id"])
    record = by_id(run(state=first.state), "documents")[a_document["id"]]
    assert (record["title"], record["folder_path"]) == ("Protokoll 2", ["Neubau"])


def test_a_trashed_document_is_marked_and_a_restored_one_is_not(run, craft, a_document):
    first = run()
    craft.trash(a_document["id"])
    second = run(state=first.state)
    record = by_id(second, "documents")[a_document["id"]]
    assert (record["is_deleted"], record["location"]) == (True, "trash")
    craft.restore(a_document["id"])
    record = by_id(run(state=second.state), "documents")[a_document["id"]]
    assert (record["is_deleted"], record["location"]) == (False, "unsorted")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_purged_document_is_missing_from_a_complete_version(run, craft, flavour):
    first = run(link=flavour)
    (document, *_) = by_id(first, "documents")
    craft.purge(document)
    second = run(link=flavour, state=first.state)
    assert second.exit_code == 0
    assert document not in by_id(second, "documents")
    assert "documents" in second.streams("ACTIVATE_VERSION")
    assert not second.records("document_contents")


def test_a_trashed_daily_note_is_missing_from_a_complete_version(run, craft):
    first = run(link="daily")
    (document, *_) = by_id(first, "documents")
    craft.trash(document)
    second = run(link="daily", state=first.state)
    assert document not in by_id(second, "documents")
    assert "documents" in second.streams("ACTIVATE_VERSION")


def test_a_deleted_document_of_a_selection_is_marked_and_has_no_title(run, craft):
    first = run(link="documents")
    document = first.records("document_contents")[0]["document_id"]
    craft.trash(document)
    second = run(link="documents", state=first.state)
    record = by_id(second, "documents")[document]
    assert (record["is_deleted"], record["title"]) == (True, None)
    assert not second.records("document_contents")
    craft.restore(document)
    third = run(link="documents", state=second.state)
    assert not by_id(third, "documents")[document]["is_deleted"]


def test_a_document_that_comes_into_the_selection_is_read_however_old_it_is(run, craft):
    first = run(link="documents")
    old = craft.create_document("Alt", "Bestand", lastModifiedAt="2020-01-01T00:00:00Z")["id"]
    craft.add_to_scope(old)
    second = run(link="documents", state=first.state)
    assert old in by_id(second, "documents")
    assert [record["document_id"] for record in second.records("document_contents")] == [old]
    craft.remove_from_scope(old)
    third = run(link="documents", state=second.state)
    assert old not in by_id(third, "documents")
    assert not third.records("document_contents")
    craft.add_to_scope(old)
    fourth = run(link="documents", state=third.state)
    assert [record["document_id"] for record in fourth.records("document_contents")] == [old]


def test_a_document_that_was_changed_without_a_network_is_read_though_it_is_dated_back(
    run, craft, a_document
):
    first = run()
    craft.append(a_document["id"], "Unterwegs geschrieben")
    craft.edit("documents", a_document["id"], lastModifiedAt="2021-05-01T10:00:00Z")
    (record,) = run(state=first.state).records("document_contents")
    assert record["text"].endswith("Unterwegs geschrieben")


def test_an_earlier_start_date_brings_just_the_documents_in_between(run):
    moments = sorted(row["last_modified_at"] for row in run().records("document_contents"))
    earlier, later = moments[len(moments) // 3], moments[2 * len(moments) // 3]
    first = run("document_contents", "documents", start_date=later)
    state = first.state
    second = run("document_contents", "documents", start_date=earlier, state=state)
    found = {row["last_modified_at"] for row in second.records("document_contents")}
    assert min(found) == earlier
    assert max(found) < later
    for start_date in (earlier, later):
        third = run("document_contents", start_date=start_date, state=second.state)
        assert not third.records("document_contents")
    last = run("document_contents", state=second.state).records("document_contents")
    assert max(row["last_modified_at"] for row in last) < earlier


def test_a_bookmark_in_the_future_skips_nothing(run, craft, a_document):
    first = run()
    first.state["bookmarks"]["document_contents"]["replication_key_value"] = "2099-01-01T00:00:00Z"
    craft.append(a_document["id"], "Nachtrag")
    assert a_document["id"] in {
        row["document_id"] for row in run(state=first.state).records("document_contents")
    }
