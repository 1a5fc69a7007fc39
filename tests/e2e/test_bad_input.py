"""Odd rows and broken circumstances: a clear message or a correct result, never a lost row."""

import unicodedata

import psycopg
import pytest
from tap_kit.unfit import Cleaner

ODD_NAMES = {
    "quotes": "KG 410 'Abwasser' \"neu\" \\ $$",
    "emoji": "KG 410 🚰🔥",
    "NUL": "KG 410\0 Abwasser",
    "10 000 characters": "KG 410 " + "Abwasser " * 1_111,
    "NFD": unicodedata.normalize("NFD", "KG 410 Wärmeübergabe für Außenanlagen"),
    "a lone surrogate": "KG 410 \ud83d",
    "line breaks": "KG 410\r\n\tAbwasser",
}


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_an_odd_tag_name_is_loaded_and_sorted(pipeline, name):
    control = pipeline.control
    tag = control.create("tags", name=name)["id"]
    task = control.truth("tasks", reachable=True)[0]["id"]
    control.tag("tasks", task, tag_ids=[tag])
    assert pipeline.sync(), pipeline.log
    stored = pipeline.value("select name from raw_teamwork.tags where id = %s", tag)
    assert stored == Cleaner().clean(name)
    assert pipeline.rows(
        "select code from planwerk.item_cost_group where item_id = %s and label_id = %s",
        str(task),
        str(tag),
    ) == [410]
    assert pipeline.value("select count(*) from planwerk.trigger_error") == 0


def test_nul_deep_inside_a_custom_field_does_not_stop_the_load(pipeline):
    control = pipeline.control
    value = control.truth("custom_field_values")[0]
    control.edit("custom_field_values", value["id"], value="a\0b")
    assert pipeline.sync(), pipeline.log
    assert pipeline.value(
        "select count(*) from raw_teamwork.tasks, jsonb_array_elements(custom_field_values) as v"
        " where v ->> 'value' = %s",
        "a\ufffdb",
    ) + pipeline.value(
        "select count(*) from raw_teamwork.projects, jsonb_array_elements(custom_field_values) as v"
        " where v ->> 'value' = %s",
        "a\ufffdb",
    )


def test_a_broken_rule_is_refused_with_the_reason_and_the_next_load_works(pipeline):
    with pytest.raises(psycopg.errors.CheckViolation, match=r"does not compile .*correct"):
        pipeline.connection.execute(
            "insert into planwerk.rule (category, pattern, position)"
            " values ('cost_group', 'KG ([0-9]{3}', 1)"
        )
    assert pipeline.sync(), pipeline.log
    assert pipeline.value("select count(*) from planwerk.item_cost_group") > 0


def test_a_failing_trigger_is_noted_and_the_rows_are_loaded(pipeline):
    pipeline.connection.execute("alter table planwerk.label_cost_group rename to hidden")
    assert pipeline.sync(), pipeline.log
    assert pipeline.value("select count(*) from raw_teamwork.tags") == len(
        pipeline.control.truth("tags")
    )
    assert pipeline.value("select count(*) from planwerk.trigger_error") > 0


def test_a_wrong_site_or_key_leaves_state_and_rows_as_they_were(pipeline):
    assert pipeline.sync(), pipeline.log
    state = pipeline.state
    rows = pipeline.rows("select id, xmin::text from raw_teamwork.tags order by id")
    assert not pipeline.sync(api_key="twp_wrong")
    assert "TAP_TEAMWORK_API_KEY" in pipeline.log
    assert pipeline.state == state
    assert pipeline.rows("select id, xmin::text from raw_teamwork.tags order by id") == rows


def test_a_run_that_is_cut_off_marks_nothing_and_the_next_one_goes_on(pipeline):
    control = pipeline.control
    assert pipeline.sync(), pipeline.log
    control.edit("tasks", control.truth("tasks", reachable=True)[3]["id"], progress=42)
    control.fault("tags.json", "missing_envelope")
    assert not pipeline.sync()
    assert (
        pipeline.value("select count(*) from raw_teamwork.tags where _sdc_deleted_at is not null")
        == 0
    )
    assert pipeline.sync(), pipeline.log
    assert pipeline.value("select progress from raw_teamwork.tasks where progress = 42") == 42
