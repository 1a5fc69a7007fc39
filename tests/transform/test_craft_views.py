"""Views of documents, their tasks and their tables: names, and what is deleted."""

from __future__ import annotations

from typing import Any

LINK = "craftdocs://open?spaceId=5f0c&documentId=c2b9"


def test_a_document_has_names_and_what_it_says(warehouse: Any) -> None:
    warehouse.load_folders(p="Projekte", k="Projekte / A/B 🏗", g="Projekte / A/B 🏗 / KG 440")
    warehouse.load_document(
        *("d", "p", "k", "g"),
        title="2026-03-05 Jour fixe 14",
        folder_path=["Projekte", "A/B 🏗", "KG 440"],
        created_at="2026-03-05T08:00:12Z",
        last_modified_at="2026-03-06T14:22:31Z",
        url=LINK,
    )
    query = (
        "select title, status, folders, folder_path, location, text, markdown, word_count,"
        " is_content_current, created_at < updated_at, cost_group_codes::int[], is_deleted, url,"
        " web_url from planwerk.document"
    )
    folders = (["Projekte", "A/B 🏗", "KG 440"], "Projekte / A/B 🏗 / KG 440", None)
    links = (LINK, "https://docs.craft.do/editor/d/5f0c/c2b9")
    head, tail = ("2026-03-05 Jour fixe 14", "active", *folders), (True, [440], False, *links)
    assert warehouse.rows(query) == [(*head, None, None, None, False, *tail)]
    content = {"document_id": "d", "markdown": "# Rohbau", "text": "Rohbau", "word_count": 1}
    warehouse.load_craft(
        "document_contents", content | {"last_modified_at": "2026-03-06T14:22:31Z"}
    )
    assert warehouse.rows(query) == [(*head, "Rohbau", "# Rohbau", 1, True, *tail)]
    warehouse.run("update raw_craft.documents set last_modified_at = now()")
    assert warehouse.rows("select text, is_content_current from planwerk.document") == [
        ("Rohbau", False)
    ]
    assert warehouse.rows(
        "select kind, id, title, project_name, status, is_deleted, url from planwerk.item"
    ) == [("document", "d", "2026-03-05 Jour fixe 14", None, "active", False, links[1])]


def test_every_document_has_a_title_and_a_list_of_folders(warehouse: Any) -> None:
    warehouse.load_craft(
        "documents",
        {"id": "1", "title": "ä" * 5000},
        {"id": "2", "title": " "},
        {"id": "3", "title": None, "daily_note_date": "2026-03-05", "folder_path": []},
        {"id": "4", "title": None, "url": "craftdocs://open?spaceId=a&blockId=b"},
    )
    assert warehouse.rows(
        "select title, folders, folder_path, web_url from planwerk.document order by id"
    ) == [
        ("ä" * 5000, [], None, None),
        ("(untitled)", [], None, None),
        ("2026-03-05", [], None, None),
        ("(untitled)", [], None, None),
    ]
    assert warehouse.value("select url from planwerk.item where id = '4'").startswith("craftdocs:")


def test_what_is_gone_is_deleted_with_all_that_is_in_it(warehouse: Any) -> None:
    warehouse.load_folders(f="KG 440/450 / O-Haus A / x")
    for key, columns in {
        "alive": {},
        "unknown": {"is_deleted": None},
        "trashed": {"is_deleted": True, "location": "trash"},
        "marked": {"is_deleted": True},
        "purged": {"is_deleted": True, "location": "trash"},
        "vanished": {},
    }.items():
        warehouse.load_document(key, "f", **columns)
        warehouse.load_craft("tasks", {"id": key, "document_id": key})
        warehouse.load_craft("collections", {"id": key, "document_id": key})
        warehouse.load_craft("collection_items", {"id": key, "collection_id": key})
    warehouse.run(
        "update raw_craft.documents set _sdc_deleted_at = now() where id in ('purged', 'vanished')"
    )
    assert dict(warehouse.rows("select id, status from planwerk.item")) == {
        "alive": "active",
        "unknown": "active",
        "trashed": "trashed",
        "marked": "deleted",
        "purged": "deleted",
        "vanished": "deleted",
    }
    for view in (
        *("item_label", "item_cost_group", "item_location"),
        *("document", "item", "document_task", "collection_row"),
    ):
        key = "item_id" if "item_" in view else "id"
        assert warehouse.rows(
            f"select distinct {key} from planwerk.{view} where not is_deleted order by 1"
        ) == ["alive", "unknown"], view
    assert warehouse.rows(
        "select rows, deleted_rows from planwerk.sync_status where stream = 'documents'"
    ) == [(6, 4)]


def test_a_task_has_its_document_whatever_the_letters_of_the_id_and_its_daily_note(
    warehouse: Any,
) -> None:
    warehouse.load_folders(f="KG 440")
    warehouse.load_document("7A1e", "f", title="Jour fixe", folder_path=["KG 440"], url=LINK)
    for key, deleted, moment in (("old", False, "2026-03-05"), ("new", False, "2026-03-06"),
                                 ("gone", True, "2026-03-07")):  # fmt: skip
        warehouse.load_document(
            key,
            daily_note_date="2026-03-05",
            is_deleted=deleted,
            last_modified_at=f"{moment}T00:00:00Z",
        )
    warehouse.load_craft(
        "tasks",
        {
            "id": "1",
            "markdown": "Statik: Durchbruch freigeben",
            "state": "todo",
            "schedule_date": "2026-03-12",
            "deadline_date": "2026-03-16",
            "repeat": {"type": "fixed"},
            "location_type": "document",
            "document_id": "7a1E",
        },
        {"id": "2", "state": "done", "daily_note_date": "2026-03-05"},
        {"id": "3", "state": "canceled", "location_type": "inbox"},
        {"id": "4", "document_id": "out of scope", "daily_note_date": None},
    )
    assert warehouse.rows(
        "select text, state, scheduled_on::text, due_on::text, is_repeating, document_id,"
        " document_title, folder_path, cost_group_codes::int[], is_deleted, url is not null"
        " from planwerk.document_task order by id"
    ) == [
        (
            *("Statik: Durchbruch freigeben", "todo", "2026-03-12", "2026-03-16", True),
            *("7A1e", "Jour fixe", "KG 440", [440], False, True),
        ),
        (None, "done", None, None, False, "new", "new", None, [], False, False),
        (None, "canceled", None, None, False, None, None, None, None, False, False),
        (None, None, None, None, False, "out of scope", None, None, None, False, False),
    ]
    warehouse.run("update raw_craft.tasks set _sdc_deleted_at = now() where id = '1'")
    assert warehouse.rows("select id from planwerk.document_task where is_deleted") == ["1"]


def test_a_row_of_a_collection_has_the_names_of_its_columns_and_loses_no_value(
    warehouse: Any,
) -> None:
    warehouse.load_folders(f="KG 440")
    warehouse.load_document("d", "f", title="Abnahme", folder_path=["KG 440"])
    columns = [
        {"key": "status", "name": "Status"},
        {"key": "frist", "name": "Frist"},
        {"key": "frist2", "name": "Frist "},
        {"key": "leer", "name": " "},
        "nonsense",
    ]
    values = {
        "status": "offen",
        "frist": "2026-03-20",
        "frist2": None,
        "leer": [1],
        "neu": {"a": 1},
    }
    warehouse.load_craft(
        "collections",
        {
            "id": "c",
            "name": "Mängelliste",
            "document_id": "d",
            "title_name": "Mangel",
            "properties": columns,
        },
    )
    warehouse.load_craft(
        "collection_items",
        {"id": "1", "collection_id": "c", "title": "Riss Attika", "properties": values},
        {"id": "2", "collection_id": "c", "properties": {}},
        {"id": "3", "collection_id": "?", "document_id": "d", "properties": {"status": "offen"}},
        {"id": "4"},
    )
    assert warehouse.rows(
        "select collection_name, document_id, document_title, folder_path, title_name, title,"
        " properties, cost_group_codes::int[], is_deleted from planwerk.collection_row order by id"
    ) == [
        (
            *("Mängelliste", "d", "Abnahme", "KG 440", "Mangel", "Riss Attika"),
            {
                "Status": "offen",
                "Frist (frist)": "2026-03-20",
                "Frist (frist2)": None,
                "leer": [1],
                "neu": {"a": 1},
            },
            *([440], False),
        ),
        ("Mängelliste", "d", "Abnahme", "KG 440", "Mangel", None, {}, [440], False),
        (None, "d", "Abnahme", "KG 440", None, None, {"status": "offen"}, [440], False),
        (None, None, None, None, None, None, {}, None, False),
    ]


def test_documents_are_found_through_indexes(warehouse: Any) -> None:
    warehouse.run(
        "insert into raw_craft.folders (id, name, path)"
        " select 'f' || n, 'KG ' || 410 + n % 4, array['KG ' || 410 + n % 4]"
        " from generate_series(1, 300) as n"
    )
    warehouse.run(
        "insert into raw_craft.documents (id, folder_id, folder_ids, last_modified_at)"
        " select 'd' || n, 'f' || n % 300, array['f' || n % 300], now()"
        " from generate_series(1, 20000) as n"
    )
    warehouse.run(
        "insert into raw_craft.tasks (id, document_id)"
        " select 't' || n, 'D' || n from generate_series(1, 5000) as n"
    )
    warehouse.run("analyze")
    for query in (
        (
            "select * from planwerk.item_cost_group where code = 412 and not is_deleted"
            " order by updated_at desc limit 50"
        ),
        (
            "select i.* from planwerk.item_label as l join planwerk.item as i"
            " on i.kind = l.item_kind and i.id = l.item_id where l.label_id = 'f77'"
        ),
        "select * from planwerk.document order by updated_at desc limit 50",
        "select * from planwerk.document_task where id = 't77'",
    ):
        plan = "\n".join(warehouse.rows(f"explain {query}"))
        assert "Seq Scan on documents" not in plan, plan
