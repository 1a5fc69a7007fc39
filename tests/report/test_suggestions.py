"""The SQL that the report offers for unmatched labels, run by one who may edit rules."""

import psycopg
import pytest
from planwerk_report.reasons import Kind, understand
from planwerk_report.suggestions import suggest
from psycopg.conninfo import make_conninfo

READINGS = """
with category as (
    select label_source as source, label_id as source_id, code::text as value
    from planwerk.label_cost_group
    union all
    select label_source, label_id, t.name
    from planwerk.label_task_type as x
    join planwerk.task_type as t on t.id = x.task_type_id and t.name <> 'Mangel'
    union all
    select label_source, label_id, p.name
    from planwerk.label_project as x
    join planwerk.project_name as p on p.project_id = x.project_id and p.likeness = 1
)
select
    l.source || ' ' || l.source_id, planwerk.tidy(l.name), l.outcome, string_agg(c.value, ', ')
from planwerk.label as l
left join category as c using (source, source_id)
group by l.source, l.source_id
"""


@pytest.fixture
def editor(office_url):
    """A session of one who may write rules, whose changes do not stay."""
    url = make_conninfo(office_url, options="-c role=planwerk_editor")
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def readings(connection):
    return {key: rest for key, *rest in connection.execute(READINGS)}


def test_every_suggestion_settles_its_label_and_no_other(editor, figures, labels):
    before = readings(editor)
    assert {row["name"] for row in figures.unmatched_labels} >= {
        name for _, (name, outcome, _) in before.items() if outcome in ("unmatched", "unknown_code")
    }
    first = {}
    for row in figures.unmatched_labels:
        for number, suggestion in enumerate(suggest(row["name"], row["reason"], figures.known)):
            with editor.transaction(force_rollback=True):
                editor.execute(suggestion.sql)
                after = readings(editor)
            changed = {key for key in before if before[key] != after[key]}
            assert changed == {
                key for key, (name, _, _) in before.items() if name == row["name"]
            }, (row["name"], suggestion)
            outcomes = {(after[key][1], after[key][2]) for key in changed}
            assert len(outcomes) == 1, (row["name"], suggestion, outcomes)
            ((outcome, found),) = outcomes
            assert outcome in ("matched", "ignored"), (row["name"], suggestion)
            if number == 0:
                first[row["name"]] = found if outcome == "matched" else outcome
    tidied = editor.execute(
        "select name, planwerk.tidy(name) from unnest(%s::text[]) as name", [[*labels]]
    )
    assert first == {tidy: labels[name] for name, tidy in tidied}


def test_every_reason_of_the_database_is_known_in_german(figures, labels):
    kinds = {understand(row["reason"]).kind for row in figures.unmatched_labels}
    assert kinds == set(Kind) - {Kind.NO_NAME, Kind.EITHER_EDITION}
    assert all(understand(row["reason"]).german for row in figures.unmatched_labels)
