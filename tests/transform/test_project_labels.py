"""Conversations and documents get the projects that their labels and folders name.

How labels spell projects stands in label_spellings.csv.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from itertools import permutations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

TABLES = (
    "raw_teamwork.projects, raw_teamwork.tasks, raw_missive.shared_labels,"
    " raw_missive.conversations, raw_missive.messages, raw_craft.folders, raw_craft.documents"
)


def linked(warehouse: Any) -> dict[str, list[int]]:
    """Return the projects of every item, and check that all views agree."""
    found = dict(
        warehouse.rows(
            "select i.id, array_remove(array_agg(distinct p.project_id), null)"
            " from planwerk.item as i left join planwerk.item_project as p"
            " on p.item_kind = i.kind and p.item_id = i.id group by i.id"
        )
    )
    only = {key: ids[0] if len(ids) == 1 else None for key, ids in found.items()}
    for query in (
        "select i.id, i.project_id, i.project_name, p.name from planwerk.item as i",
        "select i.id, i.project_id, i.project_name, p.name from planwerk.conversation as i",
        "select i.id, i.project_id, i.project_name, p.name from planwerk.document as i",
        "select i.conversation_id, i.project_id, i.project_name, p.name from planwerk.email as i",
    ):
        for key, project, name, expected in warehouse.rows(
            f"{query} left join raw_teamwork.projects as p on p.id = i.project_id"
        ):
            assert (key, project, name) == (key, only[key], expected)
    assert warehouse.rows("select message from planwerk.trigger_error") == []
    return found


def named(warehouse: Any) -> dict[str, int]:
    """Return the project of every label, by the label's id."""
    return dict(warehouse.rows("select label_id, project_id from planwerk.label_project"))


def test_items_have_the_projects_of_their_labels_whatever_comes_first(warehouse: Any) -> None:
    def projects() -> None:
        warehouse.load_projects({7: "2417 Neubau Kita", 8: "Kita", 9: "Nord", 10: "Kita Nord"})

    def labels() -> None:
        warehouse.load_labels(
            a="Projekte", b=("2417 Neubau", "a"), c=("Nachträge", "b"), d=("Kita Nord", "a"), e="x"
        )
        warehouse.load_folders(f="Projekte", g="Projekte / Neubau Kita", h="Projekte / Nord / x")

    def items() -> None:
        warehouse.load("tasks", id=1, project_id=8)
        for key, *carried in ("two", "c"), ("three", "d"), ("four", "b", "c", "d", "e"), ("five",):
            warehouse.load_conversation(key, *carried)
            warehouse.load_missive("messages", {"id": key, "conversation_id": key})
        for key, *folders in ("six", "f", "g"), ("seven", "f", "?", "h"), ("eight", "f"), ("nine",):
            warehouse.load_document(key, *folders)

    for order in permutations((projects, labels, items)):
        warehouse.run(f"truncate {TABLES}")
        for load in order:
            load()
        assert linked(warehouse) == {
            "1": [8],
            "two": [7],
            "three": [10],
            "four": [7, 10],
            "five": [],
            "six": [7],
            "seven": [9],
            "eight": [],
            "nine": [],
        }
    assert warehouse.rows(
        "select item_id, project_id, via, label_source, label_name from planwerk.item_project"
        " where item_id in ('1', 'two', 'six') order by 1"
    ) == [
        ("1", 8, "native", None, None),
        ("six", 7, "label", "craft", "Neubau Kita"),
        ("two", 7, "label", "missive", "Nachträge"),
    ]
    assert warehouse.rows(
        "select distinct email_id from planwerk.email_project where project_id = 10 order by 1"
    ) == ["four", "three"]
    assert warehouse.rows("select name, outcome from planwerk.label order by name, source") == [
        ("2417 Neubau", "matched"),
        ("Kita Nord", "matched"),
        ("Nachträge", "matched"),
        ("Neubau Kita", "matched"),
        ("Projekte", "ignored"),
        ("Projekte", "ignored"),
        ("x", "matched"),
        ("x", "unmatched"),
    ]


def test_what_changes_in_a_project_or_a_label_changes_the_links_and_nothing_else(
    warehouse: Any,
) -> None:
    warehouse.load_labels(a="2417 Kita", b="Schule", c="KG 410", d="Turnhalle")
    for key in "abcd":
        warehouse.load_conversation(key, key)
    assert linked(warehouse) == {"a": [], "b": [], "c": [], "d": []}
    written = "select source_id, xmin::text from planwerk.label where source_id in ('c', 'd')"
    before = warehouse.rows(written)

    warehouse.load_projects({1: "2417 Neubau", 2: "Schule", 3: "Schule"})
    assert linked(warehouse) == {"a": [1], "b": [], "c": [], "d": []}
    for change, a, b in (
        ("set name = 'Schule Süd' where id = 3", [1], [2]),
        ("set name = '2418 Neubau' where id = 1", [], [2]),
        ("set project_number = '2417' where id = 3", [3], [2]),
        ("set name = '2417 Kita' where id = 1", [1], [2]),
        ("set status = 'archived' where id = 2", [1], [2]),
        ("set status = 'deleted' where id = 2", [1], []),
        ("set status = 'active' where id = 2", [1], [2]),
        ("set _sdc_deleted_at = now() where id = 1", [3], [2]),
        ("set _sdc_deleted_at = null, deleted_at = now()", [], []),
        ("set deleted_at = null, description = 'x', updated_at = now()", [1], [2]),
        ("set type = 'projects-template' where id = 2", [1], []),
        ("set type = 'normal' where id = 2", [1], [2]),
    ):
        warehouse.run(f"update raw_teamwork.projects {change}")
        assert linked(warehouse) == {"a": a, "b": b, "c": [], "d": []}, change
    assert warehouse.rows(written) == before

    warehouse.load_labels(b="Schule Süd")
    warehouse.load_conversation("a", "d")
    assert linked(warehouse) == {"a": [], "b": [3], "c": [], "d": []}
    warehouse.load_conversation("a", "a", "b")
    assert linked(warehouse)["a"] == [1, 3]
    warehouse.run("update raw_missive.shared_labels set _sdc_deleted_at = now() where id = 'b'")
    assert linked(warehouse) == {"a": [1], "b": [], "c": [], "d": []}
    warehouse.run("delete from raw_teamwork.projects where id = 1")
    assert linked(warehouse)["a"] == [3]
    warehouse.run("truncate raw_teamwork.projects")
    assert warehouse.rows("select * from planwerk.label_project") == []
    assert warehouse.rows("select * from planwerk.project_name") == []


def test_a_moved_document_or_folder_takes_its_project_along_and_keeps_no_old_one(
    warehouse: Any,
) -> None:
    warehouse.load_projects({1: "2417 Kita", 2: "2402 Schule"})
    warehouse.load_folders(a="Projekte / 2417 Kita", b="Projekte / 2402 Schule", c="Ablage / Pläne")
    warehouse.load_document("d", "a")
    warehouse.load_document("e", "c")
    assert linked(warehouse) == {"d": [1], "e": []}
    warehouse.load_document("d", "b")
    warehouse.load_folders(c="Projekte / 2417 Kita / Pläne")
    assert linked(warehouse) == {"d": [2], "e": [1]}
    warehouse.load_document("d")
    assert linked(warehouse) == {"d": [], "e": [1]}


def test_a_tag_that_names_a_project_leaves_a_task_in_its_own(warehouse: Any) -> None:
    warehouse.load_projects({1: "2417 Kita", 2: "2402 Schule"})
    warehouse.load_tags("2402 Schule")
    warehouse.load("tasks", id=1, project_id=1, tag_ids=[1])
    assert named(warehouse) == {"1": 2}
    assert linked(warehouse) == {"1": [1]}


def test_rules_may_name_projects_in_other_ways(warehouse: Any) -> None:
    def add(pattern: str, value: str | None, position: int = 1) -> None:
        warehouse.run(
            "insert into planwerk.rule (category, pattern, value, position)"
            " values ('project', %s, %s, %s)",
            [pattern, value, position],
        )

    warehouse.load_labels(a="Akquise", b="Intern", c="Objekt Kita (alt)", d="2417", e="Wald")
    warehouse.load_projects({71: "2417 Kita", 72: "Büro"})
    assert named(warehouse) == {"d": 71}
    add("^akquise$", "72")
    add("^intern$", "buero")
    add(r"^objekt (\w+)", None)
    add("^wald$", "Forst")
    assert named(warehouse) == {"a": 72, "b": 72, "c": 71, "d": 71}
    assert warehouse.readings()["Wald"].reason.endswith(
        "says that this is the project “Forst”, and there is none of this id or name:"
        " correct the rule."
    )
    # by its id the rule stays true, by a name it waits for a project that has it
    warehouse.run("update raw_teamwork.projects set name = 'Verwaltung' where id = 72")
    assert named(warehouse) == {"a": 72, "c": 71, "d": 71}
    warehouse.load_projects({73: "Forst"})
    assert named(warehouse) == {"a": 72, "c": 71, "d": 71, "e": 73}
    warehouse.run("update planwerk.rule set enabled = false where position = 1")
    assert named(warehouse) == {"d": 71}
    warehouse.run("delete from planwerk.rule where category = 'project'")
    assert named(warehouse) == {}


def test_no_name_of_a_project_stops_a_load_and_what_fails_is_noted_and_healed(
    warehouse: Any,
) -> None:
    warehouse.load_labels(a="2417 Kita", b="2418 Kita")
    names = ["2417 Kita", "x" * 10_000, "", "(" * 500, "\\", "'%_", "9" * 3000, "a\u0308" * 900]
    warehouse.load_projects(dict(enumerate(names, 1)))
    warehouse.load("projects", id=90, name=None)
    assert warehouse.rows("select message from planwerk.trigger_error") == []
    warehouse.run(
        "alter table planwerk.project_name add constraint broken check (name <> '2418 Kita')"
    )
    warehouse.load_projects({98: "2418 Kita", 99: "2419 Kita"})
    assert warehouse.value("select count(*) from raw_teamwork.projects") == len(names) + 3
    ((source, table, key, message),) = warehouse.rows(
        "select source, table_name, row_key, message from planwerk.trigger_error"
    )
    assert (source, table, key, "broken" in message) == ("teamwork", "projects", "98", True)
    warehouse.run("alter table planwerk.project_name drop constraint broken")
    warehouse.apply()
    assert named(warehouse) == {"a": 1, "b": 98}
    warehouse.run(
        "drop table planwerk.project_name, planwerk.label, planwerk.trigger_error cascade"
    )
    warehouse.load_projects({100: "2500 Kita"})
    warehouse.run("update raw_teamwork.projects set name = 'x'")
    warehouse.run("delete from raw_teamwork.projects")


def test_a_project_and_a_label_loaded_at_once_find_each_other(
    warehouse: Any, second_session: psycopg.Connection[Any]
) -> None:
    add_project = "insert into raw_teamwork.projects (id, name) values (1, '2417 Kita')"
    add_label = "insert into raw_teamwork.tags (id, name) values (1, '2417 Kita')"
    for first, second in ((add_project, add_label), (add_label, add_project)):
        warehouse.run("truncate raw_teamwork.projects, raw_teamwork.tags")
        second_session.execute(first)
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(warehouse.run, second)
            wait([loading], 0.2)
            assert not loading.done()
            second_session.commit()
            loading.result(10)
        assert named(warehouse) == {"1": 1}
