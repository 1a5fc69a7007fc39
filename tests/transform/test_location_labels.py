"""Spellings of one place are one location; people may rename and merge locations.

How labels spell places stands in label_spellings.csv.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg
import pytest


def test_spellings_of_one_place_are_one_location(warehouse: Any) -> None:
    warehouse.load_tags(
        *("O-Haus A/OG1", "o-haus  a/1. OG", "O-HAUS A/1.OG", "O-Haus A-Obergeschoss 1"),
        *("O-Südhaus", "O-Su\u0308dhaus", "O-SÜDHAUS", "O-Suedhaus"),
        *("O-Haus B-EG-0.12", "O-Haus C-EG-0.12"),
    )
    assert warehouse.rows(
        "select array_to_string(path, ' / ') as path, count(label_id) from planwerk.location"
        " left join planwerk.label_location on location_id = id group by id order by path"
    ) == [
        ("Haus A", 0),
        ("Haus A / 1. OG", 4),
        ("Haus B", 0),
        ("Haus B / EG", 0),
        ("Haus B / EG / 0.12", 1),
        ("Haus C", 0),
        ("Haus C / EG", 0),
        ("Haus C / EG / 0.12", 1),
        ("Südhaus", 4),
    ]


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


def places(warehouse: Any) -> dict[str, str]:
    """Return where each label says it is."""
    return dict(
        warehouse.rows(
            "select label.name, array_to_string(location.path, ' / ') from planwerk.label_location"
            " join planwerk.location on location.id = location_id"
            " join planwerk.label on (source, source_id) = (label_source, label_id)"
        )
    )


def merge(session: Any, path: str, into: str | None) -> None:
    """Say that one location is another, or none any more."""
    session.execute(
        "update planwerk.location set merged_into_id = ("
        "  select id from planwerk.location where path = string_to_array(%s, ' / ')"
        ") where path = string_to_array(%s, ' / ')",
        [into, path],
    )


NAMES = ("O-Altbau", "O-Altbau-EG-0.1", "O-Altbau-OG1", "O-Haus A-EG", "O-Neubau")


def test_merged_locations_are_one_with_all_below_until_they_are_parted(warehouse: Any) -> None:
    warehouse.load_tags(*NAMES)
    before = places(warehouse)
    locations = warehouse.value("select count(*) from planwerk.location")
    in_house_a = {
        "O-Altbau": "Haus A",
        "O-Altbau-EG-0.1": "Haus A / EG / 0.1",
        "O-Altbau-OG1": "Haus A / 1. OG",
        "O-Haus A-EG": "Haus A / EG",
        "O-Neubau": "Neubau",
    }
    merge(warehouse.connection, "Altbau", "Haus A")
    assert places(warehouse) == in_house_a
    warehouse.load_tags("O-altbau DG", "O-Altbau-EG-0.2", first_id=10)
    new = {"O-altbau DG": "Haus A / DG", "O-Altbau-EG-0.2": "Haus A / EG / 0.2"}
    assert places(warehouse) == in_house_a | new
    assert warehouse.value("select count(*) from planwerk.location") == locations + 4

    merge(warehouse.connection, "Haus A", "Neubau")
    moved = {name: place.replace("Haus A", "Neubau") for name, place in (in_house_a | new).items()}
    assert places(warehouse) == moved
    warehouse.run("select planwerk.parse_labels()")
    warehouse.run("update planwerk.location set name = 'Neu' where name = 'Neubau'")
    renamed = {name: place.replace("Neubau", "Neu") for name, place in moved.items()}
    assert places(warehouse) == renamed

    merge(warehouse.connection, "Haus A", None)
    assert places(warehouse) == in_house_a | new | {"O-Neubau": "Neu"}
    merge(warehouse.connection, "Altbau", None)
    assert places(warehouse) == before | {
        "O-Neubau": "Neu",
        "O-altbau DG": "Altbau / DG",
        "O-Altbau-EG-0.2": "Altbau / EG / 0.2",
    }


def test_a_merge_that_cannot_be_is_refused_with_the_reason(warehouse: Any) -> None:
    warehouse.load_tags(*NAMES)
    merge(warehouse.connection, "Altbau", "Haus A")
    for path, into, reason in (
        ("Haus A", "Altbau", "is itself merged into this one"),
        ("Haus A", "Haus A", "or is this one"),
        ("Haus A", "Altbau / EG", "which is a floor"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match=reason) as refused:
            merge(warehouse.connection, path, into)
        assert refused.value.diag.message_primary.startswith("Location ")
    with pytest.raises(psycopg.errors.CheckViolation, match="no location 999"):
        warehouse.run("update planwerk.location set merged_into_id = 999")
    with pytest.raises(psycopg.errors.CheckViolation, match="cannot be moved"):
        warehouse.run("update planwerk.location set parent_id = id where kind = 'floor'")


def test_what_a_person_said_follows_a_merge_and_a_parting(warehouse: Any) -> None:
    warehouse.load_tags(*NAMES)
    for item, place, verdict in (
        ("1", "Altbau / EG", "include"),
        ("2", "Altbau / EG", "include"),
        ("2", "Haus A / EG", "include"),
        ("3", "Altbau", "exclude"),
    ):
        warehouse.load_conversation(item, subject="Ventil")
        warehouse.run(
            "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
            " values ('conversation', %s, 'location', %s, %s)",
            [item, place, verdict],
        )
    said = "select id, location_paths from planwerk.conversation order by id"
    before = warehouse.rows(said)
    assert before == [("1", ["Altbau / EG"]), ("2", ["Altbau / EG", "Haus A / EG"]), ("3", [])]
    merge(warehouse.connection, "Altbau", "Haus A")
    assert warehouse.rows(said) == [("1", ["Haus A / EG"]), ("2", ["Haus A / EG"]), ("3", [])]
    merge(warehouse.connection, "Altbau", None)
    assert warehouse.rows(said) == before
    warehouse.run(
        "insert into planwerk.assignment (item_kind, item_id, category, value)"
        " values ('conversation', '3', 'location', 'Haus A')"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="conversation 3 is both in and not in"):
        merge(warehouse.connection, "Altbau", "Haus A")


def test_a_label_loaded_while_its_place_is_being_merged_goes_to_the_survivor(
    warehouse: Any, second_session: psycopg.Connection[Any]
) -> None:
    warehouse.load_tags(*NAMES)
    merge(second_session, "Altbau", "Haus A")
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(warehouse.load_tags, "O-Altbau-2. OG", first_id=10)
        wait([loading], 0.2)
        assert not loading.done()
        second_session.commit()
        loading.result(10)
    assert places(warehouse)["O-Altbau-2. OG"] == "Haus A / 2. OG"
