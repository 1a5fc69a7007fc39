"""Where a label says something is, and how spellings of one place are merged."""

# ruff: noqa: RUF001  (people type dashes)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = {
    "O-Haus A": "Haus A",
    "O-Haus B": "Haus B",
    "O - Haus C": "Haus C",
    "O–Haus D": "Haus D",
    "O-Haus E-EG": "Haus E / EG",
    "O-Haus E/EG/0.12": "Haus E / EG / 0.12",
    "O-Haus E-EG-0.13": "Haus E / EG / 0.13",
    "O-Haus E - EG - 0.14": "Haus E / EG / 0.14",
    "O-Haus E EG": "Haus E / EG",
    "O-Haus E/1. OG": "Haus E / 1. OG",
    "O-Haus E/1.OG": "Haus E / 1. OG",
    "O-Haus E/OG1": "Haus E / 1. OG",
    "O-Haus E/OG 1": "Haus E / 1. OG",
    "O-Haus E/OG01": "Haus E / 1. OG",
    "O-Haus E/1. Obergeschoss": "Haus E / 1. OG",
    "O-Haus E/2. UG": "Haus E / 2. UG",
    "O-Haus E/UG": "Haus E / UG",
    "O-Haus E/DG": "Haus E / DG",
    "O-Haus E/Dachgeschoss": "Haus E / DG",
    "O-Haus E/ZG": "Haus E / ZG",
    "O-Haus E/SG": "Haus E / SG",
    "O-Haus E/TG-P12": "Haus E / TG / P12",
    "O-Haus E-KG": "Haus E / KG",
    "O-Haus E-KG-0.12": "Haus E / KG / 0.12",
    "O-Haus E-KG-410": "Haus E / KG / 410",
    "O-Haus E/KG/410": "Haus E / KG / 410",
    "O-Haus E/Keller": "Haus E / KG",
    "O-Haus E KG": "Haus E / KG",
    "O-Haus E-EG-Raum 0.15": "Haus E / EG / Raum 0.15",
    "O-Haus Nord-West-EG-0.12": "Haus Nord-West / EG / 0.12",
    "O-Haus Nord-West": "Haus Nord-West",
    "O-Haus Ost/West-DG": "Haus Ost/West / DG",
    "O-Haus E-EG-0.12-a": "Haus E / EG / 0.12-a",
    "O-Turnhalle": "Turnhalle",
    "O-Egger-Haus": "Egger-Haus",
    "O-Kgl. Hof": "Kgl. Hof",
}


@pytest.fixture(scope="module")
def readings(
    make_warehouse: Callable[[], Any],
) -> Any:
    """What was made of all labels of this file."""
    warehouse = make_warehouse()
    warehouse.load_tags(*PLACES)
    return warehouse.readings()


@pytest.mark.parametrize("name", PLACES)
def test_a_label_names_a_place(readings: Any, name: str) -> None:
    assert readings[name].locations == [PLACES[name]]
    assert readings[name].codes == []
    assert readings[name].outcome == "matched"


@pytest.mark.parametrize(
    "name", ["O-", "O-EG", "Haus A", "Haus A-EG", "OHaus", "Ort-Haus A", "O Haus"]
)
def test_a_label_names_no_place(warehouse: Any, name: str) -> None:
    assert warehouse.read(name).locations == []


def test_spellings_of_one_place_are_one_location(warehouse: Any) -> None:
    warehouse.load_tags("O-Haus A/OG1", "o-haus  a/1. OG", "O-HAUS A/1.OG", "O-Haus A-OG 1")
    assert warehouse.rows("select path from planwerk.location order by kind") == [
        ["Haus A"],
        ["Haus A", "1. OG"],
    ]
    assert warehouse.value("select count(distinct location_id) from planwerk.label_location") == 1


def test_umlauts_and_unicode_forms_of_one_building_are_one_location(warehouse: Any) -> None:
    warehouse.load_tags("O-Südhaus", "O-Su\u0308dhaus", "O-SÜDHAUS", "O-Suedhaus")
    assert warehouse.rows("select name from planwerk.location") == ["Südhaus"]


def test_the_same_room_number_in_two_buildings_is_two_rooms(warehouse: Any) -> None:
    warehouse.load_tags("O-Haus A-EG-0.12", "O-Haus B-EG-0.12")
    assert warehouse.value("select count(*) from planwerk.location where kind = 'room'") == 2


@pytest.mark.parametrize(
    ("name", "place", "codes"),
    [
        ("O-Haus A KG 410", "Haus A", [410]),
        ("O-Haus A-EG KG 410", "Haus A / EG", [410]),
        ("O-Haus A/EG/0.12 KG 410", "Haus A / EG / 0.12", [410]),
        ("O-Haus A-KG-0.12 KG 410", "Haus A / KG / 0.12", [410]),
        ("O-Haus A, KG 410/430", "Haus A", [410, 430]),
        ("O-Haus A KGR 43x", "Haus A", [430]),
        ("O-Haus A-KG 410", "Haus A", []),
    ],
)
def test_a_place_and_a_cost_group_stand_in_one_label(
    warehouse: Any, name: str, place: str, codes: list[int]
) -> None:
    reading = warehouse.read(name)
    assert (reading.locations, reading.codes) == ([place], codes)


def test_a_place_edited_by_hand_keeps_its_labels(warehouse: Any) -> None:
    warehouse.load_tags("O-Haus A-EG")
    warehouse.run("update planwerk.location set name = 'Rathaus' where kind = 'building'")
    warehouse.run("select planwerk.parse_labels()")
    warehouse.load_tags("O-Haus A-OG1", first_id=2)
    assert warehouse.rows("select path from planwerk.location order by id") == [
        ["Rathaus"],
        ["Rathaus", "EG"],
        ["Rathaus", "1. OG"],
    ]


def test_sessions_that_meet_the_same_new_places_create_them_once(warehouse: Any) -> None:
    def load(session: int) -> None:
        with psycopg.connect(warehouse.url) as connection:
            connection.execute(
                "insert into raw_teamwork.tags (id, name)"
                " select %(s)s * 100 + n, 'O-Haus ' || (n + %(s)s) %% 7 || '-EG-' || n %% 5"
                " from generate_series(1, 50) as n",
                {"s": session},
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(4)))
    assert warehouse.rows("select message from planwerk.trigger_error") == []
    assert warehouse.value("select count(*) from planwerk.location where kind = 'building'") == 7
    assert warehouse.value("select count(*) from planwerk.location where kind = 'room'") == 35
    assert warehouse.value("select count(*) from planwerk.label_location") == 200
