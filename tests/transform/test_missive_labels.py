"""Missive's labels: nested, in any order of arrival, listed or only spoken of."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest


def paths(warehouse: Any) -> dict[str, list[str]]:
    return dict(
        warehouse.rows("select source_id, path from planwerk.label where source = 'missive'")
    )


def codes(warehouse: Any, key: str) -> list[int]:
    return warehouse.rows(
        "select code::int from planwerk.label_cost_group where label_id = %s order by code", [key]
    )


def errors(warehouse: Any) -> list[Any]:
    return warehouse.rows("select table_name, row_key, message from planwerk.trigger_error")


def test_a_path_has_the_names_from_the_top_label_down_whatever_is_in_them(warehouse: Any) -> None:
    warehouse.load_labels(
        top="Projekte", kita=("2417 Kita, Neubau/Umbau 🏗", "top"), a=("A", "kita")
    )
    assert paths(warehouse) == {
        "top": ["Projekte"],
        "kita": ["Projekte", "2417 Kita, Neubau/Umbau 🏗"],
        "a": ["Projekte", "2417 Kita, Neubau/Umbau 🏗", "A"],
    }


def test_names_above_what_can_be_seen_come_from_the_joined_names(warehouse: Any) -> None:
    warehouse.load_missive(
        "shared_labels",
        {"id": "a", "name": "A/B", "name_with_parent_names": "Projekte/2417/A/B", "parent_id": "?"},
        {"id": "b", "name": "C", "name_with_parent_names": "Projekte/2417/A/B/C", "parent_id": "a"},
        {"id": "c", "name": "D/E", "name_with_parent_names": "D/E", "parent_id": None},
        {"id": "d", "name": None, "name_with_parent_names": None, "parent_id": None},
    )
    assert paths(warehouse) == {
        "a": ["Projekte", "2417", "A/B"],
        "b": ["Projekte", "2417", "A/B", "C"],
        "c": ["D/E"],
        "d": [""],
    }


def test_labels_that_are_each_other_s_parent_are_read_all_the_same(warehouse: Any) -> None:
    warehouse.load_labels(a=("KG 410", "b"), b=("KG 420", "a"))
    assert errors(warehouse) == []
    assert codes(warehouse, "a") == [410]
    assert paths(warehouse) == {"a": ["KG 420", "KG 410"], "b": ["KG 410", "KG 420"]}


TREE = {"a": "KG 440", "b": ("Nachträge", "a"), "c": ("O-Haus A", "b"), "d": ("x", "c")}


def test_labels_may_come_in_any_order(warehouse: Any) -> None:
    for order in permutations(TREE):
        warehouse.run("truncate raw_missive.shared_labels")
        for key in order:
            warehouse.load_labels(**{key: TREE[key]})
        assert paths(warehouse)["d"] == ["KG 440", "Nachträge", "O-Haus A", "x"]
        assert codes(warehouse, "d") == [440]
        reading = warehouse.readings()["x"]
        assert (reading.outcome, reading.locations, reading.task_types) == (
            "matched",
            ["Haus A"],
            ["Nachtrag"],
        )


def test_a_parent_that_is_renamed_or_changed_changes_all_below_it(warehouse: Any) -> None:
    warehouse.load_labels(**TREE, other="KG 550")
    warehouse.run("update raw_missive.shared_labels set name = 'KG 450' where id = 'a'")
    assert codes(warehouse, "d") == [450]
    warehouse.run("update raw_missive.shared_labels set parent_id = 'other' where id = 'b'")
    assert (paths(warehouse)["d"][0], codes(warehouse, "d")) == ("KG 550", [550])
    warehouse.run("delete from raw_missive.shared_labels where id = 'other'")
    assert (paths(warehouse)["d"][0], codes(warehouse, "d")) == ("Nachträge", [])


def test_the_same_name_below_two_parents_is_two_labels(warehouse: Any) -> None:
    warehouse.load_labels(a="KG 410", b="KG 420", c=("Nachträge", "a"), d=("Nachträge", "b"))
    assert (codes(warehouse, "c"), codes(warehouse, "d")) == ([410], [420])


def test_a_rule_may_read_the_path(warehouse: Any) -> None:
    warehouse.load_labels(a="Gewerke", b=("Sanitär", "a"), c="Sanitär")
    warehouse.run(
        "insert into planwerk.rule (category, reads, pattern, position, value)"
        " values ('cost_group', 'path', '^Gewerke / Sanitär$', 5, '410')"
    )
    assert (codes(warehouse, "b"), codes(warehouse, "c")) == ([410], [])


def carrying(warehouse: Any) -> list[Any]:
    return warehouse.rows(
        "select item_id, label_name, code::int from planwerk.item_cost_group order by 1, 2, 3"
    )


def test_a_label_that_is_not_listed_is_read_from_the_conversations(warehouse: Any) -> None:
    said = [{"id": "l", "name": "KG 410", "name_with_parent_names": "Geheim/KG 410"}]
    warehouse.load_conversation("c", "l", shared_labels=said)
    assert carrying(warehouse) == [("c", "KG 410", 410)]
    assert paths(warehouse) == {"l": ["Geheim", "KG 410"]}
    said[0] |= {"name": "KG 420", "name_with_parent_names": "Geheim/KG 420"}
    warehouse.load_conversation("d", "l", shared_labels=said)
    assert carrying(warehouse) == [("c", "KG 420", 420), ("d", "KG 420", 420)]


def test_the_list_has_the_last_word_on_a_label_whichever_comes_first(warehouse: Any) -> None:
    warehouse.load_conversation("c", "l", shared_labels=[{"id": "l", "name": "KG 410"}])
    warehouse.load_labels(l="KG 420")
    assert carrying(warehouse) == [("c", "KG 420", 420)]
    warehouse.load_conversation("d", "l", shared_labels=[{"id": "l", "name": "KG 410"}])
    assert carrying(warehouse) == [("c", "KG 420", 420), ("d", "KG 420", 420)]


def test_a_label_gone_from_the_list_counts_again_once_a_conversation_shows_it(
    warehouse: Any,
) -> None:
    said = [{"id": "l", "name": "KG 410"}]
    warehouse.load_labels(l="KG 410")
    warehouse.load_conversation("c", "l", shared_labels=said)
    warehouse.run("update raw_missive.shared_labels set _sdc_deleted_at = clock_timestamp()")
    assert carrying(warehouse) == []
    earlier = {"_sdc_extracted_at": "2020-01-01T00:00:00Z"}
    warehouse.load_conversation("d", "l", shared_labels=said, **earlier)
    assert carrying(warehouse) == []
    warehouse.load_conversation("e", "l", shared_labels=said)
    assert carrying(warehouse) == [(key, "KG 410", 410) for key in "cde"]
    assert warehouse.rows("select id, is_deleted from planwerk.missive_label") == [("l", False)]


def test_a_mark_or_a_guest_row_brings_no_label_back(warehouse: Any) -> None:
    warehouse.load_labels(l="KG 410")
    warehouse.load_conversation("c", "l", shared_labels=[{"id": "l", "name": "KG 410"}])
    warehouse.run("update raw_missive.shared_labels set _sdc_deleted_at = clock_timestamp()")
    warehouse.load_missive("conversations", {"id": "c", "is_guest": True, "is_deleted": False})
    assert carrying(warehouse) == []
    warehouse.run("select planwerk.refresh_unlisted_labels(), planwerk.refresh_labels()")
    assert carrying(warehouse) == []


def test_the_last_label_can_be_removed(warehouse: Any) -> None:
    warehouse.load_labels(l="KG 410")
    warehouse.load_conversation("c", "l")
    assert carrying(warehouse) == [("c", "KG 410", 410)]
    warehouse.load_conversation("c")
    assert carrying(warehouse) == []


def test_what_label_triggers_cannot_do_is_noted_and_healed(warehouse: Any) -> None:
    warehouse.run(
        "alter table planwerk.unlisted_label add constraint broken check (name <> 'KG 410')"
    )
    warehouse.load_conversation("c", "l", shared_labels=[{"id": "l", "name": "KG 410"}])
    ((table, _, message),) = errors(warehouse)
    assert (table, "broken" in message) == ("conversations", True)
    assert warehouse.value("select count(*) from raw_missive.conversations") == 1
    warehouse.run("alter table planwerk.unlisted_label drop constraint broken")
    warehouse.apply()
    assert (carrying(warehouse), errors(warehouse)) == ([("c", "KG 410", 410)], [])


def test_a_load_succeeds_even_when_the_core_tables_are_gone(warehouse: Any) -> None:
    warehouse.run(
        "drop table planwerk.label, planwerk.unlisted_label, planwerk.moved_entry,"
        " planwerk.trigger_error cascade"
    )
    warehouse.load_labels(l="KG 410")
    warehouse.load_conversation("c", "l", "m")
    warehouse.load_conversation("c", merged_into_id="d")
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "c"})
    warehouse.run("update raw_missive.shared_labels set name = 'KG 420'")
    for table in ("shared_labels", "conversations", "messages"):
        warehouse.run(f"delete from raw_missive.{table}")


@pytest.mark.parametrize("statement", ["delete from", "truncate"])
def test_labels_go_with_their_rows(warehouse: Any, statement: str) -> None:
    warehouse.load_labels(l="KG 410", m=("Mangel", "l"))
    warehouse.run(f"{statement} raw_missive.shared_labels")
    assert warehouse.rows("select * from planwerk.label") == []


def test_tags_and_labels_of_the_same_id_are_not_mixed_up(warehouse: Any) -> None:
    warehouse.load_tags("KG 410")
    warehouse.load_labels(**{"1": "KG 420"})
    warehouse.load("tasks", id=5, name="Ventil", tag_ids=[1])
    warehouse.load_conversation("5", "1")
    assert warehouse.rows(
        "select item_kind, code::int from planwerk.item_cost_group order by 1"
    ) == [("conversation", 420), ("task", 410)]
