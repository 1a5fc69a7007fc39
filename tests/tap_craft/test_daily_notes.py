"""Which days a link to daily notes is asked for."""

import datetime as dt

import pytest
from tap_craft.daily_notes import DAYS_AHEAD, DAYS_BACK, days, mentioned_days

TODAY = dt.date(2026, 3, 10)
LAST = TODAY + dt.timedelta(days=DAYS_AHEAD)


def span(start_date=None, first_day=None, mentioned=()):
    asked = days(TODAY, start_date, first_day, mentioned)
    assert asked == [asked[0] + dt.timedelta(days=number) for number in range(len(asked))]
    return asked[0], asked[-1]


def test_the_first_run_asks_for_a_year_and_a_month_ahead():
    assert span() == (TODAY - dt.timedelta(days=DAYS_BACK), LAST)


def test_it_asks_for_older_days_that_a_task_or_collection_is_on():
    old, ahead = dt.date(2020, 5, 1), dt.date(2026, 12, 24)
    assert span(mentioned=[old, ahead]) == (old, ahead)


def test_a_start_date_is_where_it_begins():
    start = dt.date(2026, 1, 1)
    assert span(start_date=start, mentioned=[dt.date(2020, 5, 1)]) == (start, LAST)


def test_later_runs_ask_for_the_same_days_again_because_what_is_not_asked_for_looks_deleted():
    first = dt.date(2023, 1, 1)
    assert span(first_day=first) == (first, LAST)
    assert span(first_day=first, start_date=dt.date(2026, 1, 1)) == (first, LAST)


def test_an_earlier_start_date_brings_older_notes():
    start = dt.date(2022, 1, 1)
    assert span(first_day=dt.date(2023, 1, 1), start_date=start) == (start, LAST)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"location": {"type": "dailyNote", "date": "2026-03-05"}}, [dt.date(2026, 3, 5)]),
        ({"dailyNoteDate": "2026-03-05T00:00:00Z"}, [dt.date(2026, 3, 5)]),
        ({"location": None}, []),
        ({"location": {"type": "inbox"}}, []),
    ],
)
def test_days_are_found_in_tasks_and_collections(row, found):
    assert list(mentioned_days([row])) == found


def records(run, stream="documents"):
    return {record["id"]: record for record in run.records(stream)}


FROM = dt.date(2026, 3, 3)
START = {"link": "daily", "start_date": f"{FROM}T00:00:00Z"}


def test_a_line_that_is_taken_out_of_a_note_changes_its_content(run, craft):
    first = run(**START)
    note = craft.truth("documents", reachable=True, flavour="daily")[-1]["id"]
    block = craft.add_block(note, "Kurz notiert")["id"]
    second = run(**START, state=first.state)
    assert [row["document_id"] for row in second.records("document_contents")] == [note]
    craft.delete_blocks(block)
    third = run(**START, state=second.state)
    (record,) = third.records("document_contents")
    assert "Kurz notiert" not in record["text"]
    assert not run(**START, state=third.state).records("document_contents")


def test_a_note_that_does_not_answer_keeps_its_row_and_marks_nothing(run, craft):
    first = run(**START)
    note = craft.truth("documents", reachable=True, flavour="daily")[-1]
    craft.break_documents(note["id"])
    second = run(**START, state=first.state)
    assert second.exit_code == 0
    assert note["id"] not in records(second)
    assert not set(second.streams("ACTIVATE_VERSION")) & {"documents", "tasks"}
    assert "did not answer" in second.log


def test_notes_and_tasks_before_the_start_date_are_left_out(run):
    done = run(**START)
    assert min(row["daily_note_date"] for row in done.records("documents")) >= str(FROM)
    days_of_tasks = [row["daily_note_date"] for row in done.records("tasks")]
    assert min(filter(None, days_of_tasks)) >= str(FROM)


def test_tasks_without_a_location_are_found(run, craft):
    craft.set(daily_tasks_have_location=False)
    assert run(**START).exit_code == 0


def test_a_note_without_an_id_is_no_missing_note(run, craft, sentence):
    notes = craft.truth("documents", reachable=True, flavour="daily")
    day = dt.date.fromisoformat(max(row["dailyNoteDate"] for row in notes))
    craft.fault("^blocks$", "missing_envelope", skip=(day - FROM).days)
    assert "lacks its 'id'" in sentence(run(**START))
