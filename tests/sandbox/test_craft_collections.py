"""Collections and tasks: `api/craft.md`, section 9, lines 25 and 26."""

from __future__ import annotations

import pytest

INVALID = (400, "VALIDATION_ERROR")
NOT_FOUND = (404, "NOT_FOUND_ERROR")
TODAY = "2026-03-10"


@pytest.fixture
def renamed(library):
    """The id of the collection whose title column has a name of its own."""
    specimen = library.named("Musterdokument")
    (row,) = library.items("collections", documentIds=specimen)
    return row["id"]


def without_marks(rows):
    return sorted(
        ({name: value for name, value in row.items() if name[0] != "_"} for row in rows),
        key=lambda row: row["id"],
    )


def test_collections_name_their_document_or_day(library):
    for row in library.items("collections"):
        assert set(row) == {"id", "name", "itemCount", "documentId"}
        assert row["itemCount"] == len(library.items(f"collections/{row['id']}/items"))
    (row, *_) = library.through("documents").items("collections")
    assert "documentId" in row


def test_a_daily_link_names_days_and_filters_by_them(craft, pen):
    note = pen.create_document("Sonntag", dailyNoteDate="2026-03-08")["id"]
    made = pen.create("collections", document=note, name="Einkauf")["id"]
    daily = craft.through("daily")
    (row,) = daily.items("collections", startDate="2026-03-08", endDate="2026-03-08")
    assert row == {"id": made, "name": "Einkauf", "itemCount": 0, "dailyNoteDate": "2026-03-08"}
    assert made not in daily.ids("collections", startDate="2026-03-09")


def test_collections_are_filtered_by_repeated_document_ids(library):
    client = library.through("documents")
    rows = client.items("collections")
    wanted = sorted({row["documentId"] for row in rows})[:2]
    kept = client.items("collections", documentIds=[wanted[0].swapcase(), wanted[1]])
    assert {row["documentId"] for row in kept} == set(wanted)
    others = client.items("collections", documentIds=wanted, documentFilterMode="exclude")
    assert len(kept) + len(others) == len(rows)
    assert client.items("collections", documentIds=",".join(wanted)) == []


def test_the_schema_comes_in_both_formats(library, renamed):
    schema = library.body(f"collections/{renamed}/schema", format="schema")
    assert schema["name"] == "Mängelliste"
    assert schema["contentPropDetails"] == {"key": "mangel", "name": "Mangel"}
    types = {column["key"]: column["type"] for column in schema["properties"]}
    assert types == {
        "status": "singleSelect",
        "gewerke": "multiSelect",
        "frist": "date",
        "kosten": "number",
        "wesentlich": "boolean",
    }
    assert schema["properties"][0]["options"][0] == {"name": "offen", "color": "red"}
    default = library.body(f"collections/{renamed}/schema")
    assert default == library.body(f"collections/{renamed}/schema", format="json-schema-items")
    item = default["properties"]["items"]["items"]["properties"]
    assert set(item["properties"]["properties"]) == set(types)
    assert "mangel" in item
    assert library.refusal(f"collections/{renamed}/schema", format="xml") == INVALID


def test_options_can_be_plain_strings(craft, pen, renamed):
    pen.set(plain_options=True)
    schema = craft.body(f"collections/{renamed}/schema", format="schema")
    assert schema["properties"][0]["options"] == ["offen", "in Arbeit", "erledigt"]


def test_rows_leave_out_what_is_empty_and_tell_a_renamed_title_under_its_key(library, renamed):
    row, bare, *_ = library.items(f"collections/{renamed}/items")
    assert row["mangel"] == "Zeile mit Unterseite"
    assert "title" not in row
    assert "kosten" not in row["properties"]
    assert row["content"][1]["content"]
    assert set(bare) == {"id", "properties"}
    assert bare["properties"] == {}
    shallow = library.items(f"collections/{renamed}/items", maxDepth=0)
    assert all(set(row) <= {"id", "mangel", "properties"} for row in shallow)
    one = library.items(f"collections/{renamed}/items", maxDepth=1)[0]
    assert "content" not in one["content"][1]


def test_unknown_collections_and_those_out_of_scope_are_not_found(library):
    daily = library.through("daily")
    hidden = library.ids("collections") - daily.ids("collections")
    for part in ("schema", "items"):
        assert library.refusal(f"collections/x/{part}") == NOT_FOUND
        path = f"collections/{next(iter(hidden))}/{part}"
        assert library.get(path).status_code == 200
        assert daily.refusal(path) == NOT_FOUND


def test_collections_and_rows_are_made_edited_and_deleted(craft, pen):
    document = pen.create_document("Mängel")["id"]
    columns = [{"key": "status", "name": "Status", "type": "text"}]
    made = pen.create("collections", document=document, name="Liste", properties=columns)
    row = pen.create(
        "collection_items",
        collection=made["id"],
        title="Riss",
        properties={"status": "offen"},
        content=[{"text": "80 cm"}],
    )
    assert (row["_collection_id"], row["_document_id"]) == (made["id"], document)
    pen.edit("collection_items", row["id"], properties={"status": "erledigt"}, title="Riss 2")
    (item,) = craft.items(f"collections/{made['id']}/items")
    assert (item["title"], item["properties"]) == ("Riss 2", {"status": "erledigt"})
    assert '<property name="status">erledigt</property>' in craft.markdown(document)
    pen.delete("collection_items", row["id"])
    assert craft.items(f"collections/{made['id']}/items") == []
    pen.delete("collections", made["id"])
    assert made["id"] not in craft.ids("collections")


def test_collections_of_trashed_documents_are_not_listed(craft, pen):
    row = craft.items("collections")[0]
    pen.trash(row["documentId"])
    assert row["id"] not in craft.ids("collections")
    told = {r["id"]: r["_deleted"] for r in pen.truth("collections")}
    assert told[row["id"]] is True
    assert row["id"] not in {r["id"] for r in pen.truth("collections", reachable=True)}


@pytest.mark.parametrize("flavour", ["space", "documents", "daily"])
def test_the_truth_of_collections_and_rows_is_what_the_api_shows(library, flavour):
    client, truth = library.through(flavour), library.sandbox.craft.truth
    rows = client.items("collections")
    assert without_marks(truth("collections", flavour=flavour, reachable=True)) == without_marks(
        rows
    )
    served = [item for row in rows for item in client.items(f"collections/{row['id']}/items")]
    told = truth("collection_items", flavour=flavour, reachable=True)
    assert sorted(item["id"] for item in served) == [item["id"] for item in told]
    properties = {item["id"]: item["properties"] for item in served}
    assert properties == {item["id"]: item["properties"] for item in told}


def test_tasks_want_a_scope_that_the_link_knows(library):
    assert library.refusal("tasks") == INVALID
    assert library.refusal("tasks", scope="done") == INVALID
    assert library.refusal("tasks", scope="document") == INVALID
    assert library.refusal("tasks", scope="document", documentId="x") == NOT_FOUND
    for scope in ("all", "document"):
        assert library.through("daily").refusal("tasks", scope=scope) == INVALID


def test_each_scope_shows_tasks_relative_to_today(craft, pen):
    document = pen.create_document("Aufgaben")["id"]

    def task(text, **values):
        return pen.create("tasks", text=text, **values)["id"]

    due = task("fällig", document=document, scheduleDate=TODAY, deadlineDate="2026-04-01")
    late = task("überfällig", document=document, deadlineDate="2026-03-01")
    coming = task("morgen", document=document, scheduleDate="2026-03-11")
    undated = task("irgendwann", document=document)
    done = task("erledigt", document=document, state="done", scheduleDate=TODAY)
    noted = task("notiert")
    gone = task("verworfen", state="canceled")
    made = {due, late, coming, undated, done, noted, gone}

    def shown(scope, **query):
        return made & craft.ids("tasks", scope=scope, **query)

    assert shown("active") == {due, late}
    assert shown("upcoming") == {coming}
    assert shown("inbox") == {noted}
    assert shown("logbook") == {gone}
    assert shown("document", documentId=document) == {due, late, coming, undated, done}
    assert shown("all") == made
    pen.advance(86_400)
    assert shown("active") == {due, late, coming}
    pen.trash(document)
    assert shown("all") == {noted, gone}


def test_a_daily_link_shows_tasks_of_daily_notes_and_of_the_inbox(craft, pen):
    daily = craft.through("daily")
    scopes = ("active", "upcoming", "inbox", "logbook")
    rows = [row for scope in scopes for row in daily.items("tasks", scope=scope)]
    assert {row["location"]["type"] for row in rows} == {"dailyNote", "inbox"}
    pen.set(daily_tasks_have_location=False)
    assert not any("location" in row for row in daily.items("tasks", scope="inbox"))


def test_a_task_tells_when_it_ended_beside_its_state_and_a_block_inside(craft, pen):
    document = pen.create_document("Aufgaben")["id"]
    task = pen.create("tasks", text="Bauherr anrufen", document=document)["id"]
    pen.edit("tasks", task, state="done", scheduleDate="2026-03-05")
    (row,) = craft.items("tasks", scope="document", documentId=document)
    ended = "2026-03-10T08:00:03.000Z"
    assert row == {
        "id": task,
        "markdown": "Bauherr anrufen",
        "taskInfo": {"state": "done", "scheduleDate": "2026-03-05"},
        "location": {"type": "document", "title": "Aufgaben", "documentId": document},
        "completedAt": ended,
    }
    block = craft.body("blocks", id=task)
    assert block["markdown"] == "- [x] Bauherr anrufen"
    assert block["taskInfo"]["completedAt"] == ended
    pen.edit("tasks", task, state="canceled")
    (row,) = craft.items("tasks", scope="document", documentId=document)
    assert ("completedAt" in row, "canceledAt" in row) == (False, True)
    pen.delete("tasks", task)
    assert craft.items("tasks", scope="document", documentId=document) == []


def test_tasks_of_all_states_places_and_a_repeating_one_occur(library):
    rows = library.items("tasks", scope="all")
    assert {row["taskInfo"]["state"] for row in rows} == {"todo", "done", "canceled"}
    assert {row["location"]["type"] for row in rows} == {"document", "dailyNote", "inbox"}
    assert any("repeat" in row for row in rows)
    truth = library.sandbox.craft.truth
    assert without_marks(truth("tasks", reachable=True)) == without_marks(rows)
    daily = library.through("daily")
    shown = {
        row["id"]: row
        for scope in ("active", "upcoming", "inbox", "logbook")
        for row in daily.items("tasks", scope=scope)
    }
    told = truth("tasks", flavour="daily", reachable=True)
    assert without_marks(told) == without_marks(shown.values())
    assert truth("tasks", flavour="documents") == []
