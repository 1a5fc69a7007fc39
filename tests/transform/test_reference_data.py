"""The cost groups in the database are those of the files."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any

from planwerk_transform.apply import apply


def shipped(file: str) -> list[dict[str, str]]:
    text = (files("planwerk_transform") / "data" / file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def stored(warehouse: Any, query: str) -> list[dict[str, str]]:
    found = warehouse.run(query)
    names = [column.name for column in found.description]
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]


def test_all_326_cost_groups_equal_the_file(warehouse: Any) -> None:
    rows = shipped("din276_2018.csv")
    assert len(rows) == 326
    query = "select code, name_de, name_en, level, parent_code from planwerk.cost_group order by 1"
    assert stored(warehouse, query) == rows


def test_all_233_changes_since_2008_equal_the_file(warehouse: Any) -> None:
    rows = shipped("din276_2008_renames.csv")
    assert len(rows) == 233
    query = "select code, name_2008, name_2018, change from planwerk.cost_group_2008 order by 1"
    assert stored(warehouse, query) == rows


def test_where_a_subject_went_equals_the_file_and_renamed_groups_stay(warehouse: Any) -> None:
    query = (
        "select code, code_2018 from planwerk.cost_group_2008"
        " where code_2018 is not null order by 1"
    )
    assert stored(warehouse, query) == shipped("din276_2008_successors.csv")
    assert (
        warehouse.rows(
            "select code from planwerk.cost_group_2008"
            " where change = 'renamed' and code_2018 is distinct from code"
        )
        == []
    )
    moved = dict(warehouse.rows("select code, code_2018 from planwerk.cost_group_2008"))
    told = {370: 380, 379: 389, 520: 530, 537: 547, 549: 559, 561: 582, 629: 649, 775: 766}
    assert told.items() <= moved.items()
    assert moved[740] is None


def test_an_apply_repairs_edited_cost_groups(warehouse: Any) -> None:
    warehouse.run("update planwerk.cost_group set name_de = 'x' where code = 410")
    warehouse.run("delete from planwerk.cost_group where code = 413")
    assert apply(warehouse.url)
    test_all_326_cost_groups_equal_the_file(warehouse)


def test_an_apply_leaves_edited_and_deleted_default_rules_alone(warehouse: Any) -> None:
    warehouse.run("update planwerk.rule set position = 99 where default_name = 'cost_group_kg'")
    warehouse.run("delete from planwerk.rule where default_name = 'cost_group_bare'")
    warehouse.run("drop view planwerk.item cascade")
    assert apply(warehouse.url)
    assert warehouse.rows(
        "select position from planwerk.rule where default_name = 'cost_group_kg'"
    ) == [99]
    assert not warehouse.rows("select 1 from planwerk.rule where default_name = 'cost_group_bare'")
