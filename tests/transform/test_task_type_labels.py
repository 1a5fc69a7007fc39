"""What kind of thing a label says a task is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES = {
    "Mangel": "Mangel",
    "mangel": "Mangel",
    "MÄNGEL": "Mangel",
    "Mängel": "Mangel",
    "Maengel": "Mangel",
    "Ma\u0308ngel": "Mangel",
    "Mangel: Tür klemmt": "Mangel",
    "01 Mangel": "Mangel",
    "#Mangel": "Mangel",
    "Typ: Mangel": "Mangel",
    "Mängelanzeige": "Mangel",
    "Baumangel": "Mangel",
    "Restmängel": "Mangel",
    "Nachtrag": "Nachtrag",
    "Nachträge": "Nachtrag",
    "Nachtraege": "Nachtrag",
    "Nachtrag 3": "Nachtrag",
    "Nachtragsangebot": "Nachtrag",
    "Behinderungsanzeige": "Behinderungsanzeige",
    "Behinderungsanzeigen": "Behinderungsanzeige",
    "Anforderung": "Anforderung",
    "Anforderungen": "Anforderung",
    "Hinweis": "Hinweis",
    "Hinweise": "Hinweis",
    "Protokoll": "Protokoll",
    "Protokolle": "Protokoll",
    "Protokoll Bauleitung": "Protokoll",
    "Besprechungsprotokoll": "Protokoll",
    "Aufgabe": "Aufgabe",
    "Aufgaben": "Aufgabe",
}
NO_TYPES = [
    "Mangelware",
    "Mangelfrei",
    "mangelhaft",
    "ohne Mangel",
    "keine Mängel",
    "Mangel-frei",
    "Protokollant",
    "Hinweisschild",
    "Nachtragen",
    "Bemangelung",
]


@pytest.fixture(scope="module")
def readings(
    make_warehouse: Callable[[], Any],
) -> Any:
    """What was made of all labels of this file."""
    warehouse = make_warehouse()
    warehouse.load_tags(*TYPES, *NO_TYPES)
    return warehouse.readings()


@pytest.mark.parametrize("name", TYPES)
def test_a_label_names_a_type(readings: Any, name: str) -> None:
    assert (readings[name].task_types, readings[name].outcome) == ([TYPES[name]], "matched")


@pytest.mark.parametrize("name", NO_TYPES)
def test_only_whole_words_without_negation_name_a_type(readings: Any, name: str) -> None:
    assert readings[name].task_types == []


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
