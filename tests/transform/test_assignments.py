"""A person's word about an item wins over labels and rules, whatever happens to them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

ITEMS = (("task", "1"), ("conversation", "c"), ("document", "d"))


def say(warehouse: Any, *word: str) -> None:
    """Write a word: kind and id of the item, category, value, verdict."""
    warehouse.run(
        "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
        " values (%s, %s, %s, %s, %s)",
        word,
    )


def load_items(warehouse: Any) -> None:
    """Load a task, a conversation and a document that labels say the same of."""
    names = ("KG 410", "KG 420", "O-Haus A-EG", "Mangel", "Kita Nord")
    warehouse.load("projects", id=7, name="Kita Nord")
    warehouse.load("projects", id=8, name="Schule Süd")
    warehouse.load_tags(*names[:4], "O-Haus B-1.OG")
    warehouse.load("tasks", id=1, name="Ventil", project_id=7, tag_ids=[1, 2, 3, 4])
    warehouse.load_labels(**{f"l{n}": name for n, name in enumerate(names)})
    warehouse.load_conversation("c", *(f"l{n}" for n in range(len(names))))
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "c"})
    warehouse.load_folders(
        f="Kita Nord / KG 410-O-Haus A-EG", g="Kita Nord / Mangel KG 410 / KG 420"
    )
    warehouse.load_document("d", "f")


def categories(warehouse: Any) -> dict[str, Any]:
    """Return what the item views say, and assert that the items' own views say the same."""
    found = {
        (kind, key): (
            warehouse.rows(
                "select code::int, via from planwerk.item_cost_group"
                " where item_kind = %s and item_id = %s order by 1, 2",
                [kind, key],
            ),
            warehouse.rows(
                "select array_to_string(location_path, ' / '), via from planwerk.item_location"
                " where item_kind = %s and item_id = %s order by 1, 2",
                [kind, key],
            ),
            warehouse.rows(
                "select task_type, via from planwerk.item_task_type"
                " where item_kind = %s and item_id = %s order by 1, 2",
                [kind, key],
            ),
            warehouse.rows(
                "select project_name, via from planwerk.item_project"
                " where item_kind = %s and item_id = %s order by 1, 2",
                [kind, key],
            ),
        )
        for kind, key in ITEMS
    }
    for (kind, key), (codes, locations, types, projects) in found.items():
        own = warehouse.rows(
            "select x.cost_group_codes::int[], x.location_paths, x.task_type, i.project_name"
            " from planwerk.item as i"
            f" join planwerk.{kind} as x on x.id::text = i.id where i.kind = %s and i.id = %s",
            [kind, key],
        )
        said = [name for name, via in projects if via == "manual"] or [n for n, _ in projects]
        expected = (
            sorted({code for code, _ in codes}),
            sorted({path for path, _ in locations}),
            types[0][0] if types else None,
            said[0] if len(said) == 1 else None,
        )
        assert own in ([], [expected])
    return found


def test_a_persons_word_wins_and_survives_whatever_happens_to_labels_and_rows(
    warehouse: Any,
) -> None:
    load_items(warehouse)
    labelled = categories(warehouse)
    for kind, key in ITEMS:
        say(warehouse, kind, key, "cost_group", "410", "exclude")
        say(warehouse, kind, key, "cost_group", " 544 ", "include")
        say(warehouse, kind, key, "location", "haus a / EG", "exclude")
        say(warehouse, kind, key, "location", "Haus B/OG1", "include")
        say(warehouse, kind, key, "task_type", "Nachtrag", "include")
        say(warehouse, kind, key, "project", "kita  nord", "exclude")
        say(warehouse, kind, key, "project", "8", "include")
    spoken = categories(warehouse)
    for item in ITEMS:
        kept = [(code, via) for code, via in labelled[item][0] if code != 410]
        assert labelled[item][0] != kept
        assert spoken[item] == (
            [*kept, (544, "manual")],
            [("Haus B / 1. OG", "manual")],
            [("Nachtrag", "manual")],
            [("Schule Süd", "manual")],
        )
    assert warehouse.rows(
        "select cost_group_codes::int[], location_paths, task_type from planwerk.email"
    ) == [([420, 544], ["Haus B / 1. OG"], "Nachtrag")]
    assert warehouse.rows(
        "select code::int, label_name, email_id from planwerk.email_cost_group order by 1"
    ) == [(420, "KG 420", "m"), (544, None, "m")]

    warehouse.run("select planwerk.parse_labels()")
    assert categories(warehouse) == spoken

    # A full refresh: everything gone, everything back.
    warehouse.run(
        "create temporary table kept as table raw_teamwork.tasks;"
        " create temporary table kept_projects as table raw_teamwork.projects;"
        " truncate raw_teamwork.tasks, raw_teamwork.projects, raw_teamwork.tags"
    )
    assert categories(warehouse)["task", "1"] == ([], [], [], [])
    assert warehouse.rows("select from planwerk.task") == []
    warehouse.run("insert into raw_teamwork.projects table kept_projects")
    warehouse.run("insert into raw_teamwork.tasks table kept")
    warehouse.load_tags("KG 410", "KG 420", "O-Haus A-EG", "Mangel")
    assert categories(warehouse) == spoken

    # Other names, and then a change of the word beside its value.
    warehouse.run("update planwerk.task_type set name = 'Mehrung' where name = 'Nachtrag'")
    warehouse.run("update planwerk.location set name = 'Halle' where name = 'Haus B'")
    warehouse.run("update raw_teamwork.projects set name = 'Schule' where id = 8")
    warehouse.run("update planwerk.assignment set note = 'Begehung'")
    for item, (codes, *_) in spoken.items():
        assert categories(warehouse)[item] == (
            codes,
            [("Halle / 1. OG", "manual")],
            [("Mehrung", "manual")],
            [("Schule", "manual")],
        )

    warehouse.run("delete from planwerk.assignment")
    assert categories(warehouse) == labelled


def test_a_word_that_labels_say_too_is_shown_once_and_outlasts_the_label(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "410 Abwasser", "O-Haus A")
    # The word comes before the item.
    say(warehouse, "task", "1", "cost_group", "410", "include")
    say(warehouse, "task", "1", "location", "Haus A", "include")
    codes = "select code::int, via, label_name from planwerk.item_cost_group"
    assert warehouse.rows(codes) == []
    warehouse.load("tasks", id=1, tag_ids=[1, 2, 3])
    warehouse.load("tasks", id=2, tag_ids=[1])
    for where in ("where item_id = '1'", "where code = 410 and item_id <> '2'"):
        assert warehouse.rows(f"{codes} {where}") == [(410, "manual", None)]
    assert warehouse.rows("select location_id is not null, via from planwerk.item_location") == [
        (True, "manual")
    ]
    warehouse.run("update raw_teamwork.tasks set tag_ids = '{}'")
    assert warehouse.rows(codes) == [(410, "manual", None)]
    with pytest.raises(psycopg.errors.UniqueViolation, match="assignment_word"):
        say(warehouse, "task", "1", "cost_group", "410", "exclude")


def test_types_by_hand(warehouse: Any) -> None:
    warehouse.load_tags("Mangel", "Nachtrag", "Aufgabe", "x")
    for key, tags in ((1, [1, 2]), (2, [1]), (3, [3]), (4, [4]), (5, None), (6, [1, 2]), (7, [1])):
        warehouse.load("tasks", id=key, tag_ids=tags)
    say(warehouse, "task", "1", "task_type", "Mangel", "exclude")
    say(warehouse, "task", "2", "task_type", "Mangel", "exclude")
    say(warehouse, "task", "4", "task_type", "aufgabe", "exclude")
    say(warehouse, "task", "7", "task_type", "Aufgabe", "include")
    types = (
        "select t.id, t.task_type, array_agg(i.task_type order by i.task_type), array_agg(i.via)"
        " from planwerk.task as t left join planwerk.item_task_type as i on i.item_id = t.id::text"
        " group by 1, 2 order by 1"
    )
    assert warehouse.rows(types) == [
        (1, "Nachtrag", ["Nachtrag"], ["label"]),
        (2, "Aufgabe", ["Aufgabe"], ["default"]),
        (3, "Aufgabe", ["Aufgabe"], ["label"]),
        (4, None, [None], [None]),
        (5, "Aufgabe", ["Aufgabe"], ["default"]),
        (6, "Mangel", ["Mangel", "Nachtrag"], ["label", "label"]),
        (7, "Aufgabe", ["Aufgabe"], ["manual"]),
    ]
    say(warehouse, "task", "6", "task_type", "Hinweis", "include")
    assert warehouse.rows(types)[5] == (6, "Hinweis", ["Hinweis"], ["manual"])
    with pytest.raises(psycopg.errors.UniqueViolation, match="assignment_task_type"):
        say(warehouse, "task", "6", "task_type", "Mangel", "include")


def test_projects_by_hand(warehouse: Any) -> None:
    for key, name in ((7, "Kita"), (8, "Schule"), (9, "Rathaus")):
        warehouse.load("projects", id=key, name=name)
    for key in (1, 2, 3):
        warehouse.load("tasks", id=key, project_id=7)
    say(warehouse, "task", "1", "project", "Schule", "include")
    say(warehouse, "task", "2", "project", "Kita", "exclude")
    say(warehouse, "task", "3", "project", "Schule", "include")
    say(warehouse, "task", "3", "project", "9", "include")
    assert warehouse.rows(
        "select i.id, i.project_name,"
        " array_agg(p.project_name || ' ' || p.via order by p.project_name)"
        " from planwerk.item as i left join planwerk.item_project as p on p.item_id = i.id"
        " group by 1, 2 order by 1"
    ) == [
        ("1", "Schule", ["Kita native", "Schule manual"]),
        ("2", None, [None]),
        ("3", None, ["Kita native", "Rathaus manual", "Schule manual"]),
    ]


def test_what_cannot_be_is_refused_in_one_sentence(warehouse: Any) -> None:
    warehouse.load_tags("O-Haus A", "O-Haus B")
    warehouse.run("update planwerk.location set name = 'Haus A' where name = 'Haus B'")
    warehouse.load("projects", id=7, name="Kita")
    warehouse.load("projects", id=8, name="KITA")
    for word, sentence in (
        (("task", "1", "cost_group", "999", "include"), "There is no cost group 999; see"),
        (("task", "1", "cost_group", "KG", "include"), "There is no cost group KG; see"),
        (("task", "1", "location", "Haus Z / EG", "include"), "no location “Haus Z / EG”; see"),
        (("task", "1", "location", "Haus A", "include"), "may be one of the locations [0-9]+, "),
        (("task", "1", "task_type", "Fehler", "include"), "There is no task type “Fehler”; see"),
        (("task", "1", "project", "Schule", "include"), "no project “Schule”; write its id"),
        (("task", "1", "project", "kita", "include"), "may be one of the projects 7, 8; write"),
        (("task", "1", "colour", "red", "include"), "There is no category “colour”; use"),
        (("task", "1", "cost_group", "410", "maybe"), "There is no verdict “maybe”; use"),
        (("mail", "1", "cost_group", "410", "include"), "There is no kind of item “mail”; use"),
        (("task", "c1", "cost_group", "410", "include"), "“c1” is no id of a task; see"),
        (("document", " ", "cost_group", "410", "include"), "“ ” is no id of a document; see"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match=sentence) as refused:
            say(warehouse, *word)
        assert refused.value.diag.message_primary.endswith((".", "one you mean."))
    say(warehouse, "task", "1", "project", "8", "include")
    with pytest.raises(psycopg.errors.CheckViolation, match="There is no project “9”"):
        warehouse.run("update planwerk.assignment set value = '9'")


@pytest.mark.parametrize("words", [0, 3, 10_000])
def test_searches_stay_on_the_indexes_however_many_words_there_are(
    warehouse: Any, words: int
) -> None:
    warehouse.run(
        "insert into raw_teamwork.tags (id, name)"
        " select n, 'KG ' || 410 + n % 4 from generate_series(1, 300) as n"
    )
    warehouse.run(
        "insert into raw_teamwork.tasks (id, tag_ids, updated_at)"
        " select n, array[n % 300 + 1, n % 7 + 1], now() from generate_series(1, 20000) as n"
    )
    warehouse.run(
        "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
        " select 'task', n, 'cost_group', codes[1 + n %% cardinality(codes)],"
        " case when n %% 2 = 0 then 'include' else 'exclude' end from generate_series(1, %s) as n"
        " cross join (select array_agg(code::text) as codes from planwerk.cost_group) as known",
        [words],
    )
    warehouse.run("analyze")
    for query in (
        (
            "select * from planwerk.item_cost_group where code = 412 and not is_deleted"
            " order by updated_at desc limit 50"
        ),
        "select * from planwerk.item_cost_group where item_kind = 'task' and item_id = '77'",
        "select * from planwerk.item_location where item_kind = 'task' and item_id = '77'",
        "select * from planwerk.item_project where item_kind = 'task' and item_id = '77'",
        "select * from planwerk.item_task_type where item_kind = 'task' and item_id = '77'",
    ):
        plan = "\n".join(warehouse.rows(f"explain {query}"))
        assert "Seq Scan on tasks" not in plan, plan
