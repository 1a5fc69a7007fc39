"""Every cost group of both editions is known by its number and name.

How labels spell them stands in label_spellings.csv.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any


def _names(file: str, code: str, name: str) -> dict[str, int]:
    text = (files("planwerk_transform") / "data" / file).read_text("utf-8")
    return {f"{row[code]} {row[name]}": int(row[code]) for row in csv.DictReader(text.splitlines())}


def test_every_group_is_known_by_its_number_and_official_name(warehouse: Any) -> None:
    labels = _names("din276_2018.csv", "code", "name_de")
    spelled = {
        form.format(label): [code]
        for label, code in labels.items()
        for form in ("{}", "KG {}", "KGR {} Haus B")
    }
    warehouse.load_tags(*spelled)
    wrong = {
        name: reading
        for name, reading in warehouse.readings().items()
        if reading.codes != spelled[name]
    }
    assert not wrong


def test_every_old_name_leads_to_its_new_group_or_to_none(warehouse: Any) -> None:
    labels = {
        form.format(code, name): new
        for code, name, new in warehouse.rows(
            "select code, name_2008, code_2018 from planwerk.cost_group_2008"
            " where name_2008 is not null"
        )
        for form in ("KG {} {}", "{} {}", "KG {} {} Haus 2")
    }
    warehouse.load_tags(*labels)
    readings = warehouse.readings()
    wrong = {
        name: (readings[name].codes, new)
        for name, new in labels.items()
        if readings[name].codes != ([] if new is None else [new])
    }
    assert not wrong
