"""How a row of an API becomes a record."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tap_kit.columns import Columns, clean, column_name, utc
from tap_kit.schema import (
    day,
    flag,
    integer,
    integers,
    key,
    moment,
    number,
    schema,
    structure,
    structures,
    text,
)

COLUMN_SCHEMA = schema(
    key("id", "Key."),
    text("name", "Text."),
    integer("minutes", "Integer."),
    number("order", "Number."),
    flag("done", "Flag."),
    moment("updated_at", "Moment."),
    day("due_on", "Day."),
    integers("tag_ids", "Integers."),
    structure("options", "Object."),
    structures("values", "Array."),
)
COLUMNS = Columns(COLUMN_SCHEMA)


@pytest.mark.parametrize(
    ("api_name", "column"),
    [
        ("updatedAt", "updated_at"),
        ("lockdownID", "lockdown_id"),
        ("descriptionHTML", "description_html"),
        ("assigneeJobRoleIds", "assignee_job_role_ids"),
        ("emailOne", "email_one"),
        ("id", "id"),
    ],
)
def test_a_column_is_the_attribute_in_snake_case(api_name, column):
    assert column_name(api_name) == column


@pytest.mark.parametrize(
    ("given_time", "in_utc"),
    [
        ("2026-03-09T15:20:11Z", "2026-03-09T15:20:11Z"),
        ("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z"),
        ("2026-03-09T15:20:11", "2026-03-09T15:20:11Z"),
        ("2026-03-09T15:20:11.123456Z", "2026-03-09T15:20:11.123456Z"),
    ],
)
def test_every_moment_is_given_in_utc_with_z(given_time, in_utc):
    assert utc(given_time) == in_utc


def test_a_day_at_midnight_utc_stays_the_same_day():
    assert COLUMNS.record({"id": 1, "dueOn": "2026-04-01T00:00:00Z"})["due_on"] == "2026-04-01"


def test_unknown_attributes_are_left_out_and_missing_ones_are_null():
    record = COLUMNS.record({"id": 1, "somethingNew": {"deep": True}})
    assert record["id"] == 1
    assert len(record) == 10
    assert set(record.values()) == {1, None}


def test_null_is_accepted_for_every_column_but_the_key():
    names = ["name", "minutes", "order", "done", "updatedAt", "dueOn", "tagIds", "options"]
    record = COLUMNS.record({"id": 1} | dict.fromkeys(names))
    assert record["id"] == 1
    assert set(record.values()) == {1, None}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("minutes", "many"),
        ("minutes", 1.5),
        ("done", "yes"),
        ("updatedAt", "0000-00-00T00:00:00Z"),
        ("dueOn", "soon"),
        ("tagIds", {"no": "list"}),
    ],
)
def test_a_value_that_does_not_fit_is_left_empty_and_never_costs_the_row(attribute, value, caplog):
    record = Columns(COLUMN_SCHEMA).record({"id": 7, "name": "Druckprüfung", attribute: value})
    assert record["name"] == "Druckprüfung"
    assert record[column_name(attribute)] is None
    assert f"'{column_name(attribute)}' in row 7" in caplog.text


def test_ids_sent_as_text_become_integers():
    record = COLUMNS.record({"id": "5521", "tagIds": ["1", 2]})
    assert (record["id"], record["tag_ids"]) == (5521, [1, 2])


def test_nested_objects_keep_the_keys_of_the_api():
    assert COLUMNS.record({"id": 1, "options": {"someKey": [1]}})["options"] == {"someKey": [1]}


def test_nul_and_lone_surrogates_are_replaced_at_any_depth():
    dirty = {"na\0me": ["a\0b", {"c": "\ud83d"}]}
    assert clean(dirty) == {"na\ufffdme": ["a\ufffdb", {"c": "\ufffd\ufffd\ufffd"}]}


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=5))
def test_cleaned_values_can_always_be_stored(value):
    stored = json.dumps(clean(value), ensure_ascii=False)
    assert "\0" not in stored
    stored.encode("utf-8")


@given(st.text())
def test_harmless_text_is_not_changed(value):
    assert clean(value.replace("\0", "")) == value.replace("\0", "")
