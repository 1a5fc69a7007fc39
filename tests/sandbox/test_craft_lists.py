"""Folders and documents: `api/craft.md`, section 9, lines 6 to 12, 22 and 23."""

from __future__ import annotations

import pytest

METADATA = {"createdAt", "lastModifiedAt", "clickableLink"}
INVALID = (400, "VALIDATION_ERROR")
BUILT_IN = ["unsorted", "trash", "templates"]


def flattened(folders, path=()):
    for folder in folders:
        here = (*path, folder["name"])
        yield folder, here
        yield from flattened(folder["folders"], here)


@pytest.fixture
def folder_with_subfolder(library):
    """A folder with documents that has a subfolder with documents."""
    return next(
        folder
        for folder, _ in flattened(library.items("folders"))
        if folder["documentCount"] and any(f["documentCount"] for f in folder["folders"])
    )


@pytest.mark.parametrize("path", ["documents", "folders", "collections", "tasks?scope=all"])
def test_every_list_is_whole_in_items_and_comes_in_an_order_that_stays(library, path):
    rows = library.items(path)
    assert rows
    assert rows == library.items(path)


def test_documents_come_in_no_order_that_means_anything(library):
    rows = library.items("documents", fetchMetadata="true")
    for member in ("id", "title", "createdAt", "lastModifiedAt"):
        values = [row[member] for row in rows]
        assert values not in (sorted(values), sorted(values, reverse=True))


@pytest.mark.parametrize("flavour", ["space", "documents"])
def test_times_and_link_come_only_with_metadata(library, flavour):
    client = library.through(flavour)
    bare, full = client.items("documents"), client.items("documents", fetchMetadata="true")
    assert not any(METADATA & set(row) for row in bare)
    assert all(set(row) >= METADATA for row in full if not row.get("isDeleted"))
    assert bare == client.items("documents", fetchMetadata="false")
    assert client.refusal("documents", fetchMetadata="True") == INVALID


def test_the_whole_space_lists_trashed_documents_without_a_mark_and_no_place(library):
    rows = library.items("documents", fetchMetadata="true")
    trashed = library.ids("documents", location="trash")
    assert trashed
    assert trashed < {row["id"] for row in rows}
    allowed = {"id", "title", "dailyNoteDate", *METADATA}
    assert all(set(row) <= allowed for row in rows)


def test_every_document_is_in_one_location_or_folder(library):
    everything = [row["id"] for row in library.items("documents")]
    found = [
        row["id"]
        for location in ("unsorted", "templates", "daily_notes", "trash")
        for row in library.items("documents", location=location)
    ]
    folders = [f for f, _ in flattened(library.items("folders")) if f["id"] not in BUILT_IN]
    for folder in folders:
        rows = library.items("documents", folderId=folder["id"].swapcase())
        assert len(rows) == folder["documentCount"]
        found += [row["id"] for row in rows]
    assert sorted(found) == sorted(everything)


def test_location_and_folder_exclude_each_other_and_are_checked(library, folder_with_subfolder):
    folder = folder_with_subfolder["id"]
    assert library.refusal("documents", location="trash", folderId=folder) == INVALID
    assert library.refusal("documents", location="folder") == INVALID
    assert library.refusal("documents", folderId="nothing") == (404, "NOT_FOUND_ERROR")


def test_an_unknown_folder_can_be_an_empty_list(craft, pen):
    pen.set(unknown_folder="empty")
    assert craft.items("documents", folderId="nothing") == []


def test_a_folder_lists_documents_of_subfolders_only_where_that_is_switched_on(
    craft, pen, folder_with_subfolder
):
    folder = folder_with_subfolder
    direct = craft.ids("documents", folderId=folder["id"])
    below = craft.ids("documents", folderId=folder["folders"][-1]["id"])
    assert not direct & below
    pen.set(recursive_folders=True)
    assert craft.ids("documents", folderId=folder["id"]) >= direct | below
    assert craft.ids("documents", folderId=folder["folders"][-1]["id"]) == below


def test_dates_filter_by_whole_days_of_the_space_with_both_ends(craft, pen):
    # 23:30 in winter time is the next day in Berlin.
    late = pen.create_document("Spät", createdAt="2026-02-03T23:30:00Z")["id"]
    early = pen.create_document("Früh", createdAt="2026-02-03T22:59:59Z")["id"]

    def created(**bounds):
        return {late, early} & craft.ids("documents", **bounds)

    assert created(createdDateGte="2026-02-03", createdDateLte="2026-02-03") == {early}
    assert created(createdDateGte="2026-02-04", createdDateLte="2026-02-04") == {late}
    assert created(createdDateGte="2026-02-03") == {late, early}
    assert created(createdDateGte="2026-02-05") == set()


def test_today_yesterday_and_tomorrow_are_days_too(craft, pen):
    document = pen.create_document("Neu")["id"]
    assert document in craft.ids("documents", lastModifiedDateGte="today")
    assert document in craft.ids("documents", lastModifiedDateGte="yesterday")
    assert craft.items("documents", lastModifiedDateGte="tomorrow") == []
    pen.advance(86_400)
    assert document not in craft.ids("documents", lastModifiedDateGte="today")


@pytest.mark.parametrize("wrong", ["2026-03-10T00:00:00Z", "10.03.2026", "2026-02-30", "now"])
def test_a_date_filter_with_a_time_or_another_form_is_refused(library, wrong):
    assert library.refusal("documents", lastModifiedDateGte=wrong) == INVALID


def test_days_of_daily_notes_filter_only_among_daily_notes(library):
    bounds = {"dailyNoteDateGte": "2026-03-05", "dailyNoteDateLte": "2026-03-09"}
    rows = library.items("documents", location="daily_notes", **bounds)
    assert rows
    assert all("2026-03-05" <= row["dailyNoteDate"] <= "2026-03-09" for row in rows)
    assert library.items("documents", **bounds) == []


def test_selected_documents_tell_deleted_ones_by_a_mark_and_a_placeholder(library):
    rows = library.through("documents").items("documents", fetchMetadata="true")
    deleted = [row for row in rows if row["isDeleted"]]
    assert deleted
    assert len(deleted) < len(rows)
    for row in deleted:
        assert row == {"id": row["id"], "title": "[Deleted Document]", "isDeleted": True}
    assert {row["id"] for row in deleted} <= library.ids("documents", location="trash")
    assert {row["id"] for row in rows} < library.ids("documents")


@pytest.mark.parametrize(
    "query", [{"location": "trash"}, {"folderId": "x"}, {"createdDateGte": "today"}]
)
def test_selected_documents_know_no_filter(library, query):
    assert library.through("documents").refusal("documents", **query) == INVALID


def test_the_tree_of_folders_starts_with_the_built_in_ones(library):
    tree = library.items("folders")
    assert [folder["id"] for folder in tree[:3]] == BUILT_IN
    assert all(set(f) == {"id", "name", "documentCount", "folders"} for f, _ in flattened(tree))
    paths = {" / ".join(path) for _, path in flattened(tree)}
    assert "Projekte / 2417 Neubau Kita Lindenhof / Protokolle" in paths
    assert "Projekte / 2417 Neubau Kita Lindenhof / Mängel" in paths
    assert any(path[-1] == "Akquise / Wettbewerbe" for _, path in flattened(tree))


def test_the_tree_can_name_the_daily_notes(craft, pen):
    pen.set(daily_notes_folder=True)
    tree = craft.items("folders")
    assert [folder["id"] for folder in tree[:4]] == [*BUILT_IN, "daily_notes"]
    assert tree[3]["documentCount"] == len(craft.items("documents", location="daily_notes"))


def test_for_a_while_after_a_change_the_whole_listing_is_stale_and_the_trash_is_not(craft, pen):
    pen.set(listing_cache_seconds=30)
    before = craft.items("documents", fetchMetadata="true")
    document = next(row["id"] for row in craft.items("documents", location="unsorted"))
    pen.trash(document)
    made = pen.create_document("Ganz neu")["id"]
    assert document in craft.ids("documents", location="trash")
    assert craft.items("documents", fetchMetadata="true") == before
    assert made not in craft.ids("documents")
    pen.advance(28)
    assert made not in craft.ids("documents")
    pen.advance(2)
    assert made in craft.ids("documents")


def test_ids_come_in_both_cases_and_links_of_the_app_hold_others(library):
    rows = library.items("documents", fetchMetadata="true")
    ids = [row["id"] for row in rows]
    assert any(i == i.upper() and i != i.lower() for i in ids)
    assert any(i == i.lower() and i != i.upper() for i in ids)
    assert "417" in ids
    named = {row["clickableLink"].partition("documentId=")[2].lower() for row in rows}
    assert not named & {i.lower() for i in ids}
    assert library.get("blocks", id=next(iter(named))).status_code == 404


def test_titles_are_empty_long_and_full_of_umlauts_and_emoji(library):
    titles = [row["title"] for row in library.items("documents")]
    assert "" in titles
    assert max(map(len, titles)) > 4_900
    assert any("🏗️" in title for title in titles)
    assert any("ä" in title for title in titles)
    assert any("📦" in path[-1] for _, path in flattened(library.items("folders")))


def test_untitled_rows_can_lack_their_title_and_times_can_tell_milliseconds(craft, pen):
    pen.set(missing_titles=True, millisecond_times=True)
    rows = craft.items("documents", fetchMetadata="true")
    assert any("title" not in row for row in rows)
    assert all(row["lastModifiedAt"].endswith(".000Z") for row in rows)
