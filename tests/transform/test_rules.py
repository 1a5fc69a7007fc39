"""Rules: ordered, edited with plain SQL, refused when they cannot work, in effect at once."""

from __future__ import annotations

import re
import time
from typing import Any

import psycopg
import pytest
from planwerk_transform.apply import apply


def add_rule(warehouse: Any, category: str, pattern: str | None, **columns: Any) -> None:
    columns = {"category": category, "pattern": pattern, "position": 5, **columns}
    warehouse.run(
        f"insert into planwerk.rule ({', '.join(columns)})"
        f" values ({', '.join(['%s'] * len(columns))})",
        list(columns.values()),
    )


LETTERS = "abcdefgh"
REFUSED: list[tuple[str, str | None, dict[str, Any], str]] = [
    ("cost_group", "KG ([0-9]{3", {}, "does not compile"),
    ("cost_group", "KG [0-9]{3}", {}, "needs one capture group"),
    ("cost_group", "(K)(G) ([0-9]{3})", {}, "this has 3"),
    ("cost_group", "Sanitär", {"value": "999"}, "no cost group 999"),
    ("cost_group", "(Sanitär)", {"value": "410"}, "beside the fixed value"),
    ("location", "O-Haus", {}, "one to three capture groups"),
    ("location", "(a)(b)(c)(d)", {}, "this has 4"),
    ("location", "O-(.+)", {"value": "Haus A"}, "has no value"),
    ("task_type", "Defekt", {"value": "Defekt"}, "no task type Defekt"),
    ("task_type", "Defekt", {}, "no task type"),
    ("task_type", "(Defekt)", {"value": "Mangel"}, "captures nothing"),
    ("project", "(a)(b)", {}, "needs one capture group .* this has 2"),
    ("project", "^akquise", {}, "needs one capture group .* this has 0"),
    ("project", "^(akquise)", {"value": "72"}, "with a value, none; this has 1"),
    ("project", "^akquise", {"value": " "}, "value is empty"),
    ("ignore", "(privat)", {}, "captures nothing"),
    ("ignore", ".*", {}, "match every label"),
    ("ignore", "", {}, "pattern is empty"),
    ("ignore", None, {}, "pattern is empty"),
    ("cost_group", r"(4)\1", {}, "refers back"),
    ("ignore", r"(?:(?=.*x.*y)x){1,100}!", {}, "takes too long"),
    (
        "ignore",
        f"(?:{'|'.join(f'(?=.*{a}.*{b}).' for a in LETTERS for b in LETTERS)})+!",
        {},
        "takes too long",
    ),
    ("ignore", "((a{1,100}){1,100}){1,100}", {}, "does not compile"),
    ("colour", "rot", {}, "no such category"),
    ("ignore", "rot", {"reads": "body"}, "write name .* or path"),
    ("ignore", "rot", {"reads": None}, "write name .* or path"),
]


def test_a_rule_that_cannot_work_is_refused_with_the_reason(warehouse: Any) -> None:
    before = warehouse.value("select count(*) from planwerk.rule")
    for category, pattern, columns, reason in REFUSED:
        with pytest.raises(psycopg.errors.CheckViolation, match=reason) as refused:
            add_rule(warehouse, category, pattern, **columns)
        assert refused.value.diag.message_primary.startswith("Rule ")
    assert warehouse.value("select count(*) from planwerk.rule") == before


def test_an_edit_that_breaks_a_rule_is_refused(warehouse: Any) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="does not compile"):
        warehouse.run("update planwerk.rule set pattern = '(' where category = 'location'")


def test_a_new_rule_takes_effect_in_the_same_transaction(warehouse: Any) -> None:
    warehouse.load_tags("Sanitär")
    with warehouse.connection.transaction(force_rollback=True):
        add_rule(warehouse, "cost_group", "^sanitär$", value="410")
        assert warehouse.readings()["Sanitär"].codes == [410]
    assert warehouse.readings()["Sanitär"].codes == []


def test_the_first_matching_rule_by_position_counts(warehouse: Any) -> None:
    add_rule(warehouse, "cost_group", "sanitär", value="412", position=2)
    add_rule(warehouse, "cost_group", "sanitär", value="410", position=1)
    assert warehouse.read("Sanitär").codes == [410]


def test_a_disabled_or_deleted_rule_no_longer_counts(warehouse: Any) -> None:
    warehouse.load_tags("KGR 410", "KG 420")
    warehouse.run("update planwerk.rule set enabled = false where default_name = 'cost_group_kg'")
    warehouse.run("delete from planwerk.rule where default_name = 'cost_group_prefix'")
    assert [reading.codes for reading in warehouse.readings().values()] == [[], []]


def test_a_rule_of_another_source_does_not_count(warehouse: Any) -> None:
    add_rule(warehouse, "cost_group", "sanitär", value="410", source="missive")
    assert warehouse.read("Sanitär").codes == []


def test_an_ignored_label_is_not_reported(warehouse: Any) -> None:
    warehouse.load_tags("privat", "KG 999")
    warehouse.load("tasks", id=1, tag_ids=[1, 2])
    add_rule(warehouse, "ignore", "^(?:privat|kg 999)$")
    assert {reading.outcome for reading in warehouse.readings().values()} == {"ignored"}
    assert warehouse.rows("select name from planwerk.unmatched_label") == []


def test_an_ignore_rule_takes_no_category_away(warehouse: Any) -> None:
    add_rule(warehouse, "ignore", "kg")
    reading = warehouse.read("KG 410")
    assert (reading.outcome, reading.codes) == ("matched", [410])


def test_an_own_prefix_reads_lists_and_fourth_levels_too(warehouse: Any) -> None:
    add_rule(warehouse, "cost_group", r"^Gewerk\s*([0-9x]{3})")
    assert warehouse.read("Gewerk 410/444.1, 43x").codes == [410, 430, 444]


def test_own_separators_make_a_place(warehouse: Any) -> None:
    add_rule(warehouse, "location", r"^Ort:([^>]+)(?:>([^>]+))?(?:>([^>]+))?")
    assert warehouse.read("Ort:Haus A>OG 2>2.01").locations == ["Haus A / 2. OG / 2.01"]


def test_rules_after_everything_give_the_same_as_rules_before(warehouse: Any) -> None:
    names = ["KG 410", "O-Haus A-EG", "Mangel", "KG 999", "410 Abwasser", "x"]
    warehouse.load_tags(*names)
    before = warehouse.readings()
    warehouse.run("create table kept as select * from planwerk.rule")
    warehouse.run("delete from planwerk.rule")
    assert {reading.outcome for reading in warehouse.readings().values()} == {"unmatched"}
    warehouse.run("insert into planwerk.rule select * from kept")
    assert warehouse.readings() == before


def test_a_rule_that_came_past_the_check_is_switched_off_and_named(warehouse: Any) -> None:
    warehouse.run("alter table planwerk.rule disable trigger check_rule")
    add_rule(warehouse, "ignore", r"(?:(?=.*x.*y)x){1,100}!")
    said: list[str] = []
    assert apply(warehouse.url, tell=said.append) is True
    (sentence,) = said
    assert re.match(r"Rule \d+ \(“.*”\) was switched off: the pattern takes too long", sentence)
    with pytest.raises(psycopg.errors.CheckViolation, match="takes too long"):
        warehouse.run("update planwerk.rule set enabled = true where not enabled")


def test_no_name_is_so_long_or_odd_that_a_rule_takes_long_over_it(warehouse: Any) -> None:
    add_rule(warehouse, "ignore", r"(?=(?:.*a){50})(?=(?:.*b){50})(?=.*!)x")
    add_rule(warehouse, "ignore", r"(?:(?:\w|\d|_)+\s?)*(?:.+)(?:.+)(?:.+)(?:.+)$")
    words = ("KG 410 ", "Abwasser ", "a", "ab", "O-Haus ", "O-Haus A-EG-", "1", "2417 ", " - ", "Ä")
    began = time.monotonic()
    warehouse.load_tags(*((word * 10_000)[:10_000] for word in words))
    assert time.monotonic() - began < 5
    assert warehouse.rows("select message from planwerk.trigger_error") == []


def test_a_time_limit_does_not_stop_a_load(warehouse: Any) -> None:
    with psycopg.connect(warehouse.url, autocommit=True) as other:
        other.execute(
            "begin; select pg_advisory_lock(hashtextextended('planwerk.parse_labels', 0))"
        )
        warehouse.run("set statement_timeout = '200ms'")
        warehouse.load_tags("KG 410")
        other.execute("rollback; select pg_advisory_unlock_all()")
    assert warehouse.value("select count(*) from raw_teamwork.tags") == 1
    message = "canceling statement due to statement timeout while labels were read by the rules"
    assert warehouse.rows("select message from planwerk.trigger_error") == [message]
    warehouse.apply()
    assert warehouse.readings()["KG 410"].codes == [410]
