"""What arrives is what the space has, in every flavour."""

import pytest

FLAVOURS = ["space", "documents", "daily"]


@pytest.fixture
def sandbox(shared_sandbox):
    return shared_sandbox


def truth(craft, kind, flavour="space"):
    return {
        row.get("id", row.get("document_id")): row
        for row in craft.truth(kind, reachable=True, flavour=flavour)
    }


def readable(craft, flavour):
    """Return the contents that can be read; a selection shows of a deleted document only the id."""
    contents = truth(craft, "document_contents", flavour)
    if flavour != "documents":
        return contents
    return {document: row for document, row in contents.items() if not row["_deleted"]}


def by_id(run, stream):
    key = "document_id" if stream == "document_contents" else "id"
    records = {record[key]: record for record in run.records(stream)}
    assert len(records) == len(run.records(stream))
    return records


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_row_arrives_once_and_nothing_else(run, craft, flavour):
    done = run(link=flavour)
    assert done.exit_code == 0
    for stream in ("documents", "collections", "collection_items"):
        assert by_id(done, stream).keys() == truth(craft, stream, flavour).keys(), stream
    assert by_id(done, "document_contents").keys() == readable(craft, flavour).keys()
    folders = truth(craft, "folders", flavour)
    assert by_id(done, "folders").keys() == {
        folder for folder, row in folders.items() if not row["_built_in"]
    }


def test_documents_know_their_place(run, craft):
    done = by_id(run(), "documents")
    for document, row in truth(craft, "documents").items():
        record = done[document]
        for name in ("folder_id", "folder_ids", "folder_path", "location"):
            assert record[name] == row[f"_{name}"], name
        assert record["is_deleted"] == row["_deleted"]
        assert record["title"] == row["title"]
        assert record["daily_note_date"] == row.get("dailyNoteDate")
        assert record["last_modified_at"] == row.get("lastModifiedAt")
        assert record["created_at"] == row.get("createdAt")
        assert record["url"] == row["clickableLink"]


def test_folders_know_their_path(run, craft):
    done = by_id(run("folders"), "folders")
    for folder, record in done.items():
        row = truth(craft, "folders")[folder]
        assert (record["name"], record["parent_id"]) == (row["name"], row["_parent_id"])
        assert record["path"] == row["_path"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_contents_are_the_servers_markdown_with_places_for_media(run, craft, flavour):
    done = by_id(run(link=flavour), "document_contents")
    assert any("craft-media:2" in record["markdown"] for record in done.values()) or (
        flavour == "daily"
    )
    for document, row in readable(craft, flavour).items():
        assert done[document]["markdown"] == row["_markdown"]
        if flavour != "daily":
            assert done[document]["last_modified_at"] == row["_last_modified_at"]


def test_collections_know_their_columns_and_rows(run, craft):
    done = run()
    for collection, row in truth(craft, "collections").items():
        record = by_id(done, "collections")[collection]
        assert record["properties"] == row["_schema"]["properties"]
        assert record["title_name"] == row["_schema"]["contentPropDetails"]["name"]
        assert (record["name"], record["item_count"]) == (row["name"], row["itemCount"])
        assert record["document_id"] == row["_document_id"]
    for item, row in truth(craft, "collection_items").items():
        record = by_id(done, "collection_items")[item]
        assert record["properties"] == row["properties"]
        assert record["collection_id"] == row["_collection_id"]
        assert record["document_id"] == row["_document_id"]


def test_a_title_is_found_under_the_name_of_its_renamed_column(run, craft):
    done = by_id(run("collection_items"), "collection_items")
    for item, row in truth(craft, "collection_items").items():
        keys = row.keys() - {"id", "properties", "content"}
        titles = [row[key] for key in keys if not key.startswith("_")]
        assert done[item]["title"] == (titles[0] if titles else None)


@pytest.mark.parametrize("flavour", ["space", "daily"])
def test_tasks_arrive_in_every_state(run, craft, flavour):
    done = by_id(run("tasks", link=flavour), "tasks")
    rows = truth(craft, "tasks", flavour)
    assert done.keys() >= rows.keys()
    for task, row in rows.items():
        record, info = done[task], row["taskInfo"]
        assert (record["markdown"], record["state"]) == (row["markdown"], info["state"])
        assert record["schedule_date"] == info.get("scheduleDate")
        assert record["deadline_date"] == info.get("deadlineDate")
        assert (record["completed_at"] or "")[:19] == row.get("completedAt", "")[:19]
        assert (record["canceled_at"] or "")[:19] == row.get("canceledAt", "")[:19]
        assert record["document_id"] == row["location"].get("documentId")
        assert record["daily_note_date"] == row["location"].get("date")


def test_a_done_task_of_a_daily_note_is_found_though_no_list_has_it(run, craft):
    done = by_id(run("tasks", link="daily"), "tasks")
    for row in craft.truth("tasks"):
        if row["location"]["type"] == "dailyNote" and not row["_deleted"]:
            assert done[row["id"]]["state"] == row["taskInfo"]["state"]
            assert done[row["id"]]["markdown"] == row["markdown"]
