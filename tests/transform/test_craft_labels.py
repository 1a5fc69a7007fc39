"""Craft's folders as labels: the folder that a document lies in says what it is about."""

from __future__ import annotations

from typing import Any

import pytest

KITA = "Projekte / 2417 Neubau Kita Lindenhof"


def sorted_by(warehouse: Any, key: str) -> Any:
    """Return cost groups, locations and task type of a document."""
    ((view),) = warehouse.rows(
        "select cost_group_codes::int[], location_paths, task_type from planwerk.document"
        " where id = %s",
        [key],
    )
    codes = warehouse.rows(
        "select code::int from planwerk.item_cost_group"
        " where item_kind = 'document' and item_id = %s order by 1",
        [key],
    )
    places = warehouse.rows(
        "select array_to_string(location_path, ' / ') from planwerk.item_location"
        " where item_kind = 'document' and item_id = %s",
        [key],
    )
    assert (codes, places) == (view[0], view[1])
    return view


def errors(warehouse: Any) -> list[Any]:
    return warehouse.rows("select table_name, row_key, message from planwerk.trigger_error")


def test_the_nearest_folder_that_speaks_of_it_says_it_and_the_deepest_wins(warehouse: Any) -> None:
    expected = {
        "KG 400": ([400], [], None),
        "KG 400 / KG 440": ([440], [], None),
        "KG 440 / KG 400": ([400], [], None),
        f"{KITA} / KG 440 Elektro": ([440], [], None),
        f"{KITA} / KG 440 Elektro / Nachträge": ([440], [], "Nachtrag"),
        f"{KITA} / KG 440 Elektro / Nachträge / O-Haus A / EG": (
            [440],
            ["Haus A / EG"],
            "Nachtrag",
        ),
        f"{KITA} / Protokolle": ([], [], "Protokoll"),
        "KG 410/420 / Protokolle / Mängel": ([410, 420], [], "Mangel"),
        "Kostengruppen / 410": ([410], [], None),
        # what was not understood lets nothing pass from above
        "KG 440 / KG 999": ([], [], None),
        "KG 440 / 410 Musterstraße / Rechnungen": ([], [], None),
        "Müller KG 410": ([], [], None),
        KITA: ([], [], None),
    }
    for n, path in enumerate(expected):
        names = path.split(" / ")
        ids = [f"{n}-{depth}" for depth in range(len(names))]
        warehouse.load_folders(
            **{key: " / ".join(names[: depth + 1]) for depth, key in enumerate(ids)}
        )
        warehouse.load_document(str(n), *ids)
    assert {path: sorted_by(warehouse, str(n)) for n, path in enumerate(expected)} == expected
    assert errors(warehouse) == []


def test_a_document_is_found_by_every_folder_above_it(warehouse: Any) -> None:
    warehouse.load_document("d", "a", "b")
    assert warehouse.rows("select * from planwerk.item_label") == []
    warehouse.load_folders(a="KG 400", b="KG 400 / KG 440")
    assert warehouse.rows(
        "select item_kind, item_id, label_source, label_name from planwerk.item_label order by 4"
    ) == [("document", "d", "craft", "KG 400"), ("document", "d", "craft", "KG 440")]


def test_a_folder_that_is_renamed_or_moved_changes_all_below_it_and_no_document(
    warehouse: Any,
) -> None:
    warehouse.load_folders(
        a="KG 440", b="KG 440 / Nachträge", c="KG 440 / Nachträge / x", o="KG 550"
    )
    warehouse.run(
        "insert into raw_craft.documents (id, folder_id, folder_ids)"
        " select n, 'c', '{a,b,c}' from generate_series(1, 300) as n"
    )
    query = "select id, xmin::text, ctid::text from raw_craft.documents"
    count = "select code::int, count(*) from planwerk.item_cost_group group by 1"
    before = warehouse.rows(query)
    warehouse.load_folders(a="KG 450", b="KG 450 / Nachträge", c="KG 450 / Nachträge / x")
    assert warehouse.rows(count) == [(450, 300)]
    warehouse.load_folders(b="KG 550 / Nachträge", c="KG 550 / Nachträge / x")
    assert warehouse.rows(count) == [(550, 300)]
    assert warehouse.rows(query) == before
    assert warehouse.rows(
        "select source_id, array_to_string(path, ' / ') from planwerk.label order by 1"
    ) == [
        ("a", "KG 450"),
        ("b", "KG 550 / Nachträge"),
        ("c", "KG 550 / Nachträge / x"),
        ("o", "KG 550"),
    ]


def test_a_folder_deleted_in_craft_no_longer_counts_until_it_is_back(warehouse: Any) -> None:
    warehouse.load_folders(a="KG 440", b="KG 440 / Nachträge")
    warehouse.load_document("d", "a", "b")
    warehouse.run("update raw_craft.folders set _sdc_deleted_at = now() where id = 'b'")
    assert sorted_by(warehouse, "d") == ([], [], None)
    assert warehouse.rows("select label_name from planwerk.item_label") == ["KG 440"]
    warehouse.run("update raw_craft.folders set _sdc_deleted_at = null")
    assert sorted_by(warehouse, "d") == ([440], [], "Nachtrag")


@pytest.mark.parametrize("statement", ["delete from", "truncate"])
def test_labels_go_with_their_folders(warehouse: Any, statement: str) -> None:
    warehouse.load_folders(a="KG 410", b="KG 410 / Mängel")
    assert warehouse.value("select count(*) from planwerk.label") == 2
    warehouse.run(f"{statement} raw_craft.folders")
    assert warehouse.rows("select * from planwerk.label") == []


def test_folders_that_no_rule_knows_are_reported_with_the_documents_in_and_below_them(
    warehouse: Any,
) -> None:
    warehouse.load_folders(
        p="Projekte",
        k=KITA,
        kg=f"{KITA} / KG 440",
        no=f"{KITA} / KG 999",
        empty="Ablage",
    )
    warehouse.load_document("1", "p", "k")
    warehouse.load_document("2", "p", "k", "kg")
    warehouse.load_document("3", "p", "k", "no")
    warehouse.load_document("4", "p", "k", is_deleted=True)
    assert warehouse.rows(
        "select array_to_string(path, ' / '), outcome, use_count from planwerk.unmatched_label"
        " where source = 'craft' order by 1"
    ) == [
        (KITA, "unmatched", 3),
        (f"{KITA} / KG 999", "unknown_code", 1),
    ]


def test_what_the_trigger_cannot_do_is_noted_and_healed(warehouse: Any) -> None:
    warehouse.run("alter table planwerk.label add constraint broken check (name <> 'KG 420')")
    warehouse.load_folders(a="KG 410", b="KG 420")
    # inserted and updated, as the loader does: twice the same complaint at most
    assert {error[:2] for error in errors(warehouse)} == {("folders", "b")}
    assert warehouse.value("select count(*) from raw_craft.folders") == 2
    warehouse.run("alter table planwerk.label drop constraint broken")
    warehouse.apply()
    assert (warehouse.readings()["KG 420"].codes, errors(warehouse)) == ([420], [])


def test_a_load_succeeds_even_when_the_core_tables_are_gone(warehouse: Any) -> None:
    warehouse.run("drop table planwerk.label, planwerk.trigger_error cascade")
    warehouse.load_folders(a="KG 410")
    warehouse.load_document("d", "a")
    warehouse.run("update raw_craft.folders set name = 'KG 420'")
    for table in ("folders", "documents"):
        warehouse.run(f"delete from raw_craft.{table}")
