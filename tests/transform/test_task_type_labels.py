"""What kind of thing a task is; how labels spell it stands in label_spellings.csv."""

from __future__ import annotations

from typing import Any


def test_a_task_without_a_type_has_the_default(warehouse: Any) -> None:
    warehouse.load_tags("Mangel")
    warehouse.load("tasks", id=1, tag_ids=[1])
    warehouse.load("tasks", id=2)
    assert warehouse.rows("select id, task_type from planwerk.task order by id") == [
        (1, "Mangel"),
        (2, "Aufgabe"),
    ]


def test_rules_follow_the_new_name_of_a_task_type(warehouse: Any) -> None:
    warehouse.run("update planwerk.task_type set name = 'Defekt' where name = 'Mangel'")
    assert warehouse.read("Mangel").task_types == ["Defekt"]
