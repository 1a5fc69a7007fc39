"""How people write labels, and what is made of every spelling in all categories: one table.

`label_spellings.csv` has a row per label: the names above it joined by " / " (empty for a tag), its
name, and the expected cost groups, location, task type, project, outcome and a piece of the reason.
Characters that nobody sees are written as in JSON.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("label_spellings.csv")
PROJECTS = {
    1: "2417 Neubau Kita Lindenhof",
    2: "2402 Erweiterung Grundschule Nord",
    3: "Kita",
    4: "Nord",
    5: "Kita Nord",
    6: "P2388 Umbau O-Haus",
    7: "24-017 Feuerwache Süd",
    8: "2024 Bürohaus Hafenstraße",
    9: "417 Heizzentrale Stadtbad",
    10: "2350 Sporthalle Ostring",
    11: "2435 Rechenzentrum Nordpark",
    12: "2500 Halle A",
    13: "2500 Halle B",
    14: "Rathaus_Alt",
    15: "100 % Passiv",
    16: "🏗\ufe0f Müllerstraße 12",
    17: "Wohnen/Gewerbe Ost",
    18: "Turnhalle",
    19: "TURNHALLE",
    20: " ",
    21: "Schul.*",
    22: "2600 Kita",
    23: "2700-2 Anbau West",
    24: "2700 Neubau West",
    25: "Kita Süd",
    26: "Vorlage Neubau",
}
ARCHIVED, DELETED, TEMPLATES = [10], [11, 25], [26]
READ = """
select
    l.source_id::int,
    array_to_string(array(
        select code from planwerk.label_cost_group as x
        where (x.label_source, x.label_id) = (l.source, l.source_id) order by code
    ), ' '),
    (
        select array_to_string(path, ' / ') from planwerk.label_location as x
        join planwerk.location on location.id = x.location_id
        where (x.label_source, x.label_id) = (l.source, l.source_id)
    ),
    (
        select t.name from planwerk.label_task_type as x
        join planwerk.task_type as t on t.id = x.task_type_id
        where (x.label_source, x.label_id) = (l.source, l.source_id)
    ),
    (
        select p.name from planwerk.label_project as x
        join raw_teamwork.projects as p on p.id = x.project_id
        where (x.label_source, x.label_id) = (l.source, l.source_id)
    ),
    l.outcome, l.reason
from planwerk.label as l
"""


def as_typed(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def test_every_spelling_means_what_the_table_says(warehouse: Any) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = [[as_typed(cell) for cell in row] for row in csv.reader(file)][1:]
    warehouse.load_projects(PROJECTS)
    for column, value, ids in (
        ("status", "archived", ARCHIVED),
        ("status", "deleted", DELETED),
        ("type", "projects-template", TEMPLATES),
    ):
        warehouse.run(
            f"update raw_teamwork.projects set {column} = %s where id = any(%s)", [value, ids]
        )
    warehouse.run(
        "insert into raw_teamwork.tags (id, name)"
        " select n, name from unnest(%s::text[], %s::text[]) with ordinality as t (above, name, n)"
        " where above = ''",
        [[row[0] for row in table], [row[1] for row in table]],
    )
    warehouse.run(
        "insert into raw_craft.folders (id, name, path)"
        " select n, name, string_to_array(above, ' / ') || name"
        " from unnest(%s::text[], %s::text[]) with ordinality as t (above, name, n)"
        " where above <> ''",
        [[row[0] for row in table], [row[1] for row in table]],
    )
    found = {key: [value or "" for value in rest] for key, *rest in warehouse.rows(READ)}
    assert len(found) == len(table) >= 600
    wrong = [
        [row, found[n]]
        for n, row in enumerate(table, 1)
        if found[n][:5] != row[2:7]
        or row[7] not in found[n][5]
        or bool(row[7]) != bool(found[n][5])
    ]
    assert not wrong, "\n".join(map(str, wrong))
