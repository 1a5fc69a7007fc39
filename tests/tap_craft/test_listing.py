"""Where documents are, whatever happens while they are listed."""

import pytest
from singer_sdk.exceptions import FatalAPIError
from tap_craft.folders import walk
from tap_craft.listing import space_listing

FOLDERS = "folders"


def records(run, stream="documents"):
    return {record["id"]: record for record in run.records(stream)}


def versions(run):
    return run.streams("ACTIVATE_VERSION")


@pytest.fixture
def place_of_list(craft):
    """Return how many lists of documents come before the one of a folder or location."""

    def place_of_list(run, name):
        craft.clear_requests()
        assert run("documents").exit_code == 0
        queries = [
            entry["query"] for entry in craft.requests()["log"] if entry["path"] == "documents"
        ]
        places = [query.get("folderId") or query.get("location") for query in queries]
        return places.index(name)

    return place_of_list


def test_a_document_is_listed_once_whether_folders_are_recursive_or_not(run, craft):
    direct = records(run("documents"))
    craft.set(recursive_folders=True)
    recursive = run("documents")
    assert len(recursive.records("documents")) == len(direct)
    assert records(recursive) == direct


def test_a_document_that_moves_while_it_is_listed_keeps_its_row_until_the_next_run(
    run, craft, a_document, place_of_list
):
    first = run("documents")
    target = craft.create_folder("Aaa")["id"]
    passed = place_of_list(run, target) + 1
    source = craft.create_folder("Zzz")["id"]
    craft.move(a_document["id"], folder=source)
    second = run("documents", state=first.state)
    assert records(second)[a_document["id"]]["folder_id"] == source
    move = {"action": "move", "kind": "documents", "id": a_document["id"]}
    craft.hook("^documents$", passed, {**move, "values": {"folder": target}})
    third = run("documents", state=second.state)
    assert third.exit_code == 0
    assert a_document["id"] not in records(third)
    assert not versions(third)
    assert "They stay as they are" in third.log
    fourth = run("documents", state=third.state)
    assert records(fourth)[a_document["id"]]["folder_id"] == target
    assert versions(fourth) == ["documents"]


def test_a_document_purged_a_moment_ago_is_not_called_back_by_a_stale_list(run, craft, a_document):
    craft.trash(a_document["id"])
    first = run("documents")
    craft.set(listing_cache_seconds=60)
    craft.purge(a_document["id"])
    second = run("documents", state=first.state)
    assert a_document["id"] not in records(second)
    assert not versions(second)
    craft.advance(120)
    assert versions(run("documents", state=second.state)) == ["documents"]


def test_a_document_trashed_a_moment_ago_is_deleted_though_the_whole_list_is_stale(
    run, craft, a_document
):
    craft.set(listing_cache_seconds=60)
    craft.trash(a_document["id"])
    assert records(run("documents"))[a_document["id"]]["is_deleted"]


@pytest.mark.parametrize("place", ["unsorted", "templates", "trash", "daily_notes"])
def test_a_falsely_empty_location_ends_the_run_and_marks_nothing(
    run, craft, sentence, place_of_list, place
):
    first = run("documents", "document_contents")
    before = place_of_list(run, place)
    craft.fault("^documents$", "empty_list", skip=before)
    second = run("documents", "document_contents", state=first.state)
    names = {"templates": "Templates", "unsorted": "Unsorted", "trash": "Recently Deleted"}
    assert f"no documents in '{names.get(place, place)}'" in sentence(second)
    assert not versions(second)
    assert run("documents", state=first.state).exit_code == 0


def test_a_falsely_empty_folder_ends_the_run_and_marks_nothing(run, craft, sentence, place_of_list):
    first = run("documents")
    filled = next(
        row for row in craft.truth("folders") if row["documentCount"] and row["_path"][1:]
    )
    craft.fault("^documents$", "empty_list", skip=place_of_list(run, filled["id"]))
    second = run("documents", state=first.state)
    assert "/".join(filled["_path"]) in sentence(second)
    assert not versions(second)


def test_a_falsely_empty_list_of_everything_ends_the_run(run, craft, sentence):
    lists = run("documents") and craft.requests()["by_path"]["documents"]
    craft.fault("^documents$", "empty_list", skip=lists - 1)
    assert "the whole space" in sentence(run("documents"))


def test_no_folder_at_all_ends_the_run_and_marks_nothing(run, craft, sentence):
    first = run("folders", "documents")
    craft.fault("^folders$", "empty_list")
    second = run("folders", "documents", state=first.state)
    assert "not even the built-in ones" in sentence(second)
    assert not versions(second)


def test_an_emptied_trash_is_ordinary(run, craft):
    first = run("documents")
    trashed = [row["id"] for row in craft.truth("documents", reachable=True) if row["_deleted"]]
    assert trashed
    craft.purge(*trashed)
    second = run("documents", state=first.state)
    assert second.exit_code == 0
    assert versions(second) == ["documents"]
    assert not records(second).keys() & set(trashed)


def test_an_empty_selection_where_there_was_one_ends_the_run_and_marks_nothing(
    run, craft, sentence
):
    first = run("documents", "document_contents", link="documents")
    craft.fault("^documents$", "empty_list")
    second = run("documents", "document_contents", link="documents", state=first.state)
    assert "allow_mass_delete" in sentence(second)
    assert not versions(second)
    for stream in ("documents", "document_contents"):
        assert second.state["bookmarks"][stream] == first.state["bookmarks"][stream]


def test_a_deleted_folder_is_missing_and_its_documents_move_up(run, craft, a_document):
    above = craft.create_folder("Projekt")["id"]
    below = craft.create_folder("Protokolle", parent=above)["id"]
    craft.move(a_document["id"], folder=below)
    first = run("documents", "folders")
    assert records(first)[a_document["id"]]["folder_ids"] == [above, below]
    assert records(first, FOLDERS)[below]["parent_id"] == above
    craft.delete_folders(below)
    second = run("documents", "folders", state=first.state)
    assert records(second)[a_document["id"]]["folder_ids"] == [above]
    assert below not in records(second, FOLDERS)
    assert set(versions(second)) == {"documents", "folders"}


def test_a_folder_that_is_deleted_while_it_is_listed_ends_no_run_and_marks_nothing(
    run, craft, a_document
):
    folder = craft.create_folder("Zzz")["id"]
    craft.move(a_document["id"], folder=folder)
    first = run("documents")
    craft.hook("^folders$", 1, {"action": "delete", "kind": "folders", "id": folder})
    craft.hook(
        "^documents$",
        3,
        {
            "action": "move",
            "kind": "documents",
            "id": a_document["id"],
            "values": {"location": "unsorted"},
        },
    )
    second = run("documents", state=first.state)
    assert second.exit_code == 0
    third = run("documents", state=second.state)
    assert records(third)[a_document["id"]]["location"] == "unsorted"


def test_ids_that_are_numbers_are_ids(run, craft):
    assert listed(everything=[7], F1=[7]).is_complete


def test_names_of_folders_may_hold_slashes_and_emoji(run, craft, a_document):
    folder = craft.create_folder("2417 Kita / Außenanlagen 🌳")["id"]
    craft.move(a_document["id"], folder=folder)
    done = run("documents", "folders")
    assert records(done)[a_document["id"]]["folder_path"] == ["2417 Kita / Außenanlagen 🌳"]
    assert records(done, FOLDERS)[folder]["path"] == ["2417 Kita / Außenanlagen 🌳"]


def test_the_place_daily_notes_among_the_folders_is_no_folder(run, craft):
    before = records(run("folders"), FOLDERS)
    craft.set(daily_notes_folder=True)
    assert records(run("folders"), FOLDERS) == before


@pytest.mark.parametrize("title", ["", "🏗️ " + "sehr lang " * 500, "Notiz\0 mit NUL"])
def test_odd_titles_arrive(run, craft, title):
    document = craft.create_document(title)["id"]
    record = records(run("documents"))[document]
    assert record["title"] == title.replace("\0", "\ufffd")


TREE = [
    {"id": "unsorted", "name": "Unsorted", "documentCount": 0, "folders": []},
    {
        "id": "F1",
        "name": "Projekte",
        "folders": [{"id": "F2", "name": "Kita", "documentCount": 1, "folders": []}],
    },
]


def listed(last_unplaced="", tree=TREE, everything=(), **places):
    """List a space that has documents with these ids in its places and in the list of all."""

    def ask(**place):
        ids = places.get(*place.values(), ()) if place else everything
        return [{"id": document} for document in ids]

    return space_listing(ask, list(walk(TREE, list)), lambda: list(walk(tree, list)), last_unplaced)


def test_the_deepest_folder_counts_and_trash_counts_most():
    found = listed(everything=["a", "b"], F1=["a", "b"], F2=["a", "b"], trash=["b"]).documents
    assert found["a"].row["folderIds"] == ["F1", "F2"]
    assert found["a"].row["folderPath"] == ["Projekte", "Kita"]
    assert (found["b"].row["location"], found["b"].row["isDeleted"]) == ("trash", True)
    assert found["b"].row["folderIds"] == []


def test_ids_in_other_letters_are_the_same_document():
    found = listed(everything=["AB-12"], F1=["ab-12"], F2=["Ab-12"])
    assert [document.id for document in found.documents.values()] == ["Ab-12"]
    assert found.is_complete


def test_documents_that_stay_in_no_known_place_are_sent_without_one():
    first = listed(everything=["a", "lost"], F2=["a"])
    assert not first.is_complete
    assert first.documents.keys() == {"a"}
    second = listed(everything=["a", "lost"], F2=["a"], last_unplaced=first.unplaced)
    assert second.is_complete
    assert second.documents["lost"].row["location"] is None
    third = listed(everything=["a", "lost", "new"], F2=["a"], last_unplaced=first.unplaced)
    assert not third.is_complete


def test_a_list_that_is_empty_is_doubted_only_if_documents_are_missing():
    assert listed(everything=["a"], F1=["a"]).is_complete
    with pytest.raises(FatalAPIError, match="no documents in 'Projekte/Kita'"):
        listed(everything=["a", "b"], F1=["a"])


def test_a_folder_that_was_emptied_meanwhile_is_not_doubted():
    emptied = [{"id": "F2", "name": "Kita", "documentCount": 0, "folders": []}]
    assert not listed(everything=["a", "b"], F1=["a"], tree=emptied).is_complete


def test_a_tree_of_an_unknown_form_ends_the_run(run, sentence, craft):
    craft.set(served_fields={"folders": {"folders": "b"}})
    assert "form that is not known" in sentence(run("folders"))
