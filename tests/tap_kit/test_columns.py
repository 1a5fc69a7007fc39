"""How a row of an API becomes a record."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from singer_sdk.sinks.core import JSONSchemaValidator
from tap_kit import unfit
from tap_kit.columns import Columns, column_name, utc
from tap_kit.decoding import decoded
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
    texts,
)
from tap_kit.unfit import Cleaner


def clean(value):
    return Cleaner().clean(value)


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
    texts("folder_ids", "Texts."),
)


ATTRIBUTES = [name for name in COLUMN_SCHEMA["properties"] if name != "id"]


class Rejecting(Columns):
    """Columns that keep what they reject."""

    def __init__(self):
        self.told = []
        super().__init__(COLUMN_SCHEMA, ["id"], self.told.append)


COLUMNS = Rejecting()


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
    assert len(record) == 11
    assert set(record.values()) == {1, None}


def test_null_is_accepted_for_every_column_but_the_key():
    names = ["name", "minutes", "order", "done", "updatedAt", "dueOn", "tagIds", "options"]
    record = COLUMNS.record({"id": 1} | dict.fromkeys(names))
    assert record["id"] == 1
    assert set(record.values()) == {1, None}


INFINITE, NO_NUMBER = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("name", [{"de": "x"}, ["x"], INFINITE]),
        (
            "minutes",
            ["many", 1.5, 2**63, -(2**63) - 1, INFINITE, NO_NUMBER, True, [1], "9" * 5_000],
        ),
        ("order", ["first", INFINITE, "nan", 10**400, True, {}]),
        ("done", ["yes", 2, 0.5, []]),
        ("updatedAt", ["0000-00-00T00:00:00Z", "10000-01-01T00:00:00Z", "24:00", 5, [], True]),
        ("updatedAt", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30"]),
        ("dueOn", ["soon", "2026-13-01", "0000-01-01", 20260301, {"day": 1}, ["2026-03-01"]]),
        ("tagIds", [{"no": "list"}, "1", 1]),
        ("options", [["list"], "text", 1, True]),
        ("values", [{"no": "list"}, "text"]),
    ],
)
def test_a_value_that_does_not_fit_is_left_empty_and_never_costs_the_row(attribute, values):
    for value in values:
        columns = Rejecting()
        record = columns.record({"id": 7, "name": "Druckprüfung", attribute: value})
        assert record[column_name(attribute)] is None
        assert attribute == "name" or record["name"] == "Druckprüfung"
        (rejected,) = columns.told
        assert rejected[:2] == ("7", column_name(attribute))
        assert rejected.value is value


@pytest.mark.parametrize(
    ("attribute", "value", "kept"),
    [
        ("tagIds", [1, "x", None, 2**70, "3", {}], [1, 3]),
        ("folderIds", ["a", None, ["b"], "x" * 601, "b"], ["a", "b"]),
        ("options", {"a": [1, INFINITE], "n\0": 1, "n\ufffd": 2}, {"a": [1, None], "n\ufffd": 1}),
    ],
)
def test_a_part_that_does_not_fit_costs_neither_the_list_nor_the_object(attribute, value, kept):
    columns = Rejecting()
    assert columns.record({"id": 7, attribute: value})[column_name(attribute)] == kept
    assert {rejected.column for rejected in columns.told} == {column_name(attribute)}


@pytest.mark.parametrize("key", [None, "", "abc", 2**64, [], {}, True, 1.5])
def test_a_row_without_a_usable_key_is_rejected_whole(key):
    columns = Rejecting()
    row = {"id": key, "name": "Druckprüfung"}
    assert columns.record(row) is None
    assert columns.usable_id(row) is None
    assert [rejected.column for rejected in columns.told][-1] is None
    assert columns.told[-1].value == row


def test_what_is_too_long_or_nested_too_deeply_is_left_empty(monkeypatch):
    monkeypatch.setattr(unfit, "LONGEST_TEXT", 20)
    monkeypatch.setattr("tap_kit.columns.LONGEST_TEXT", 20)
    columns = Rejecting()
    deep = [[]]
    for _ in range(unfit.DEEPEST):
        deep = [deep]
    record = columns.record({"id": 1, "name": "x" * 21, "options": {"a": "x" * 20}, "values": deep})
    assert (record["name"], record["options"], record["values"]) == (None, None, None)
    assert [rejected.column for rejected in columns.told] == ["name", "options", "values"]


def test_two_attributes_of_one_column_leave_the_one_that_says_something():
    assert COLUMNS.record({"id": 1, "updated_at": None, "updatedAt": "2026-03-09"})["updated_at"]
    assert COLUMNS.record({"id": 1, "minutes": 5, "Minutes": None})["minutes"] == 5


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, 2]}', {"a": [1, 2]}),
        (
            b'{"a": ' + b"9" * 5_000 + b', "b": -' + b"9" * 5_000 + b"}",
            {"a": INFINITE, "b": -INFINITE},
        ),
        (b'{"a": "[{\\"", "b": "\xff\xe4"}', {"a": '[{"', "b": "\ufffd\ufffd"}),
        (b'{"a": "]]", "b": 1e400}', {"a": "]]", "b": INFINITE}),
    ],
)
def test_an_answer_is_decoded_whatever_one_value_in_it_is(content, value):
    assert decoded(content) == value


@pytest.mark.parametrize("levels", [148, 149, 150, 5_000, 200_000])
def test_an_answer_is_decoded_however_deep_it_goes(levels):
    opening, closing = b'[{"a":' * (levels // 2), b"}]" * (levels // 2)
    answer = b'{"rows": [{"id": 1, "deep": ' + opening + b"1" + closing + b', "name": "]}"}]}'
    (row,) = decoded(answer)["rows"]
    assert (row["id"], row["name"]) == (1, "]}")


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"a": [1, 2', b"[" * 5_000, b'{"a": 1}}'])
def test_what_is_no_json_stays_an_error(content):
    with pytest.raises(ValueError, match=r"."):
        decoded(content)


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


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ALMOST_FITTING = st.sampled_from(
    ["", "7", "7.5", "2026-02-30", "2026-03-09", "2026-03-09T24:00:00+25:00"]
)
ANY_VALUE = (
    ALMOST_FITTING
    | SCALARS
    | st.lists(SCALARS, max_size=3)
    | st.dictionaries(st.text(), SCALARS | st.lists(SCALARS, max_size=2), max_size=3)
)
AS_THE_LOADER_CHECKS_IT = JSONSchemaValidator(COLUMN_SCHEMA, validate_formats=True)


@given(st.fixed_dictionaries({"id": st.integers(1, 9), **dict.fromkeys(ATTRIBUTES, ANY_VALUE)}))
def test_every_record_is_what_its_schema_says_so_that_the_loader_need_not_check(row):
    AS_THE_LOADER_CHECKS_IT.validate(Rejecting().record(row))
