"""Changes of documents, folders, blocks and links: `api/craft.md`, section 9, 15, 21 and 29."""

from __future__ import annotations

import re

import pytest
from planwerk_sandbox import ControlError

NOW = "2026-03-10T08:00:01Z"


@pytest.fixture
def document(craft):
    """The id of a living document in a folder that every link but the daily one shows."""
    return craft.named("Verschachtelte Seiten")


def listed(craft, document, **query):
    rows = craft.items("documents", fetchMetadata="true", **query)
    return next((row for row in rows if row["id"] == document), None)


def truth(pen, document, kind="documents", **options):
    key = "document_id" if kind == "document_contents" else "id"
    return next(row for row in pen.truth(kind, **options) if row[key] == document)


def test_an_edit_in_a_nested_page_moves_the_listing_but_not_the_root(craft, pen, document):
    root = craft.body("blocks", id=document, fetchMetadata="true")
    inner = root["content"][1]["content"][0]["content"][0]
    pen.edit_block(inner["id"], text="Geändert", listStyle="bullet")
    assert listed(craft, document)["lastModifiedAt"] == NOW
    after = craft.body("blocks", id=document, fetchMetadata="true")
    assert after["metadata"] == root["metadata"]
    page = after["content"][1]
    assert page["metadata"] == root["content"][1]["metadata"]
    changed = page["content"][0]["content"][0]
    assert changed["markdown"] == "- Geändert"
    assert changed["metadata"]["lastModifiedAt"] == NOW
    assert "- Geändert" in truth(pen, document, "document_contents")["_markdown"]


def test_a_new_title_moves_listing_and_root(craft, pen, document):
    pen.rename(document, "Neuer Titel")
    row = listed(craft, document)
    assert (row["title"], row["lastModifiedAt"]) == ("Neuer Titel", NOW)
    root = craft.body("blocks", id=document, fetchMetadata="true")
    assert root["metadata"]["lastModifiedAt"] == NOW
    assert root["markdown"] == "Neuer Titel"


def test_moving_trashing_restoring_and_commenting_move_no_time(craft, pen, document):
    before = listed(craft, document)
    folder = pen.create_folder("Neu")["id"]
    block = craft.body("blocks", id=document)["content"][0]["id"]
    pen.move(document, folder=folder)
    assert listed(craft, document, folderId=folder) == before
    pen.move(document, location="templates")
    assert listed(craft, document, location="templates") == before
    pen.trash(document)
    pen.restore(document)
    pen.add_comment(block, "Bitte prüfen")
    assert listed(craft, document) == before
    metadata = craft.body("blocks", id=block, fetchMetadata="true")["metadata"]
    assert [comment["content"] for comment in metadata["comments"]] == ["Bitte prüfen"]


def test_moves_and_comments_can_count_as_changes(craft, pen, document):
    pen.set(moves_change_documents=True, comments_change_documents=True)
    pen.move(document, location="unsorted")
    assert listed(craft, document)["lastModifiedAt"] == NOW
    pen.add_comment(craft.body("blocks", id=document)["content"][0]["id"], "Hm")
    assert listed(craft, document)["lastModifiedAt"] == "2026-03-10T08:00:02Z"


def test_a_trashed_document_is_only_in_the_trash_and_can_still_be_read(craft, pen, document):
    folder = truth(pen, document)["_folder_id"]
    before = truth(pen, document, "document_contents")["_markdown"]
    pen.trash(document)
    assert listed(craft, document, location="trash")
    assert listed(craft, document, folderId=folder) is None
    assert re.sub(r"https://r\.craft\.do/\w+", "craft-media:1", craft.markdown(document)) == before
    assert craft.body("blocks", id=document)["content"]
    row = truth(pen, document)
    assert (row["_deleted"], row["_location"], row["_folder_ids"]) == (True, "trash", [])
    pen.restore(document)
    assert listed(craft, document, folderId=folder)


def test_a_trashed_document_is_marked_in_a_link_of_selected_documents(craft, pen, document):
    selected = craft.through("documents")
    pen.trash(document)
    assert listed(selected, document) == {
        "id": document,
        "title": "[Deleted Document]",
        "isDeleted": True,
    }
    assert selected.get("blocks", id=document).status_code == 200
    pen.restore(document)
    assert listed(selected, document)["isDeleted"] is False


def test_a_purged_document_is_gone_from_everywhere(craft, pen, document):
    block = craft.body("blocks", id=document)["content"][0]["id"]
    pen.trash(document)
    pen.purge(document)
    assert listed(craft, document) is None
    assert listed(craft, document, location="trash") is None
    assert listed(craft.through("documents"), document) is None
    for row_id in (document, block):
        assert craft.refusal("blocks", id=row_id) == (404, "NOT_FOUND_ERROR")
    assert truth(pen, document)["_purged"] is True
    assert document not in {row["id"] for row in pen.truth("documents", reachable=True)}
    with pytest.raises(ControlError, match="There is no row"):
        pen.restore(document)


def test_a_document_taken_from_the_selection_leaves_the_list_without_a_mark(craft, pen, document):
    selected = craft.through("documents")
    pen.remove_from_scope(document)
    assert listed(selected, document) is None
    assert selected.refusal("blocks", id=document) == (404, "NOT_FOUND_ERROR")
    assert truth(pen, document, flavour="documents")["_in_scope"] is False
    assert listed(craft, document)
    pen.add_to_scope(document)
    assert listed(selected, document)
    assert truth(pen, document, flavour="documents")["_in_scope"] is True


def test_the_truth_tells_where_a_document_is(craft, pen):
    top = pen.create_folder("Projekt / A")["id"]
    below = pen.create_folder("Protokolle", parent=top)["id"]
    row = pen.create_document("Protokoll", "Text", folder=below)
    assert row["_folder_id"] == below
    assert row["_folder_ids"] == [top, below]
    assert row["_folder_path"] == ["Projekt / A", "Protokolle"]
    assert row["_location"] is None
    pen.rename_folder(top, "Projekt B")
    pen.move_folder(below, None)
    assert truth(pen, row["id"])["_folder_path"] == ["Protokolle"]
    moved = pen.move(row["id"], location="templates")[0]
    assert (moved["_folder_id"], moved["_location"]) == (None, "templates")
    names = [folder["name"] for folder in craft.items("folders")]
    assert {"Projekt B", "Protokolle"} <= set(names)


def test_a_deleted_folder_leaves_its_documents_to_the_one_above_or_unsorted(craft, pen):
    top = pen.create_folder("Oben")["id"]
    below = pen.create_folder("Unten", parent=top)["id"]
    deepest = pen.create_folder("Ganz unten", parent=below)["id"]
    row = pen.create_document("Protokoll", folder=below)["id"]
    pen.delete_folders(below)
    assert listed(craft, row, folderId=top)
    assert truth(pen, deepest, "folders")["_path"] == ["Oben", "Ganz unten"]
    assert truth(pen, below, "folders")["_deleted"] is True
    pen.delete_folders(top)
    assert listed(craft, row, location="unsorted")
    assert truth(pen, deepest, "folders")["_path"] == ["Ganz unten"]
    assert craft.refusal("documents", folderId=top) == (404, "NOT_FOUND_ERROR")


def test_blocks_are_added_at_a_place_and_a_deleted_page_leaves_what_was_in_it(craft, pen, document):
    pen.add_block(document, "Ganz vorn", position=0, textStyle="h1")
    page = craft.body("blocks", id=document)["content"][2]
    assert page["markdown"] == "Ebene 1"
    pen.add_block(page["id"], "Noch eins")
    pen.delete_blocks(page["id"])
    assert [row["markdown"] for row in craft.body("blocks", id=document)["content"][:5]] == [
        *("# Ganz vorn", "Vor Ebene 1", "Ebene 2", "Nach Ebene 2", "Noch eins"),
    ]
    assert craft.refusal("blocks", id=page["id"]) == (404, "NOT_FOUND_ERROR")
    assert listed(craft, document)["lastModifiedAt"] == "2026-03-10T08:00:03Z"


def test_a_block_of_a_kind_that_nobody_knows_is_served(craft, pen, document):
    row = pen.add_block(document, "Raumscan", type="hologram", color="#123456")
    assert craft.body("blocks", id=row["id"]) == {
        "id": row["id"],
        "type": "hologram",
        "color": "#123456",
        "markdown": "Raumscan",
    }
    assert "    Raumscan\n" in craft.markdown(document)


def test_an_uploaded_file_can_be_added(craft, pen, document):
    row = pen.add_block(document, type="file", fileName="Plan.pdf", mimeType="application/pdf")
    url = craft.body("blocks", id=row["id"])["url"]
    assert url.startswith("https://r.craft.do/")
    assert craft.body("blocks", id=row["id"])["url"] != url
    assert row["url"] == f"craft-media:{row['id']}"


def test_a_hook_changes_documents_between_two_requests(craft, pen, document):
    pen.hook("^documents", 1, {"action": "trash", "kind": "documents", "id": document})
    assert listed(craft, document, location="trash") is None
    assert listed(craft, document, location="trash")


def test_a_change_of_times_and_titles_can_leave_them_out(craft, pen):
    row = pen.create_document("", lastModifiedAt=None)["id"]
    assert "lastModifiedAt" not in listed(craft, row)
    pen.edit("documents", row, lastModifiedAt="2026-01-01T00:00:00Z")
    assert listed(craft, row)["lastModifiedAt"] == "2026-01-01T00:00:00Z"


def test_a_daily_note_can_be_written_and_trashed_but_not_moved(craft, pen):
    row = pen.create_document("Sonntag", "Ruhe", dailyNoteDate="2026-03-15")["id"]
    daily = craft.through("daily")
    assert daily.body("blocks", date="2026-03-15")["id"] == row
    with pytest.raises(ControlError, match="Daily notes cannot be moved"):
        pen.move(row, location="unsorted")
    pen.trash(row)
    assert daily.get("blocks", date="2026-03-15").status_code == 404


@pytest.mark.parametrize(
    ("mutation", "sentence"),
    [
        ({"action": "create", "kind": "folders"}, "send name too"),
        ({"action": "create", "kind": "documents", "values": {"folder": "x"}}, "folder: there is"),
        ({"action": "create", "kind": "documents", "values": {"links": ["x"]}}, "links: there is"),
        ({"action": "create", "kind": "documents", "values": {"colour": 1}}, "no value"),
        ({"action": "create", "kind": "documents", "values": {"title": 1}}, "of type str"),
        (
            {"action": "create", "kind": "documents", "values": {"lastModifiedAt": "2026"}},
            "written like 2026-03-10T08:00:00Z",
        ),
        (
            {"action": "create", "kind": "documents", "values": {"blocks": [{"markdown": "x"}]}},
            "Blocks have no value 'markdown'",
        ),
        ({"action": "create", "kind": "blocks", "values": {"text": "x"}}, "document or parent"),
        ({"action": "edit", "kind": "documents", "id": "417"}, "send `values`"),
        ({"action": "restore", "kind": "documents", "id": "417"}, "is not in the trash"),
        ({"action": "move", "kind": "documents", "id": "417"}, "either a folder or a location"),
        ({"action": "trash", "kind": "folders", "id": "x"}, "There is no row 'x' among folders"),
        ({"action": "comment", "kind": "documents", "id": "417"}, "know no comment"),
        ({"action": "delete", "kind": "blocks", "id": "417"}, "is a document; trash that"),
        ({"action": "fly", "kind": "documents", "id": "417"}, "Unknown action 'fly'"),
    ],
)
def test_a_mutation_that_does_not_fit_is_refused_in_a_sentence(untouched, mutation, sentence):
    before = untouched.craft.now()
    with pytest.raises(ControlError, match=sentence):
        untouched.craft.mutate(mutation)
    assert untouched.craft.now() == before


def test_blocks_and_rows_are_added_only_where_they_can_be(craft, pen):
    task = next(row["id"] for row in craft.items("tasks", scope="inbox"))
    for kind, values in (
        ("blocks", {"parent": task}),
        ("collection_items", {"collection": craft.named("Leeres Dokument")}),
    ):
        with pytest.raises(ControlError, match="there is none with the id"):
            pen.create(kind, **values)


def test_a_new_or_deleted_block_moves_the_listing_but_not_the_page_it_is_in(craft, pen, document):
    root = craft.body("blocks", id=document, fetchMetadata="true")["metadata"]
    block = pen.add_block(document, "Neu")["id"]
    assert listed(craft, document)["lastModifiedAt"] == NOW
    pen.delete_blocks(block)
    assert listed(craft, document)["lastModifiedAt"] == "2026-03-10T08:00:02Z"
    assert craft.body("blocks", id=document, fetchMetadata="true")["metadata"] == root


def test_a_folder_cannot_be_moved_below_itself(pen):
    top = pen.create_folder("Oben")["id"]
    below = pen.create_folder("Unten", parent=top)["id"]
    with pytest.raises(ControlError, match="cannot be moved below itself"):
        pen.move_folder(top, below)
