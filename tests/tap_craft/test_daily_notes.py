"""Which days a link to daily notes is asked for."""

import datetime as dt

import pytest
from tap_craft.daily_notes import DAYS_AHEAD, DAYS_BACK, mentioned_days, span

TODAY = dt.date(2026, 3, 10)
LAST = TODAY + dt.timedelta(days=DAYS_AHEAD)


def first_and_last(start_date=None, first_day=None):
    asked = span(TODAY, start_date, first_day)
    assert asked == [asked[0] + dt.timedelta(days=number) for number in range(len(asked))]
    return asked[0], asked[-1]


def test_the_first_run_asks_for_a_year_and_a_month_ahead():
    assert first_and_last() == (TODAY - dt.timedelta(days=DAYS_BACK), LAST)


def test_a_start_date_is_where_it_begins():
    start = dt.date(2026, 1, 1)
    assert first_and_last(start_date=start) == (start, LAST)


def test_later_runs_ask_for_the_same_days_again_because_what_is_not_asked_for_looks_deleted():
    first = dt.date(2023, 1, 1)
    assert first_and_last(first_day=first) == (first, LAST)
    assert first_and_last(first_day=first, start_date=dt.date(2026, 1, 1)) == (first, LAST)


def test_an_earlier_start_date_brings_older_notes():
    start = dt.date(2022, 1, 1)
    assert first_and_last(first_day=dt.date(2023, 1, 1), start_date=start) == (start, LAST)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"location": {"type": "dailyNote", "date": "2026-03-05"}}, [dt.date(2026, 3, 5)]),
        ({"dailyNoteDate": "2026-03-05T00:00:00Z"}, [dt.date(2026, 3, 5)]),
        ({"location": None}, []),
        ({"location": "inbox", "dailyNoteDate": "neulich"}, []),
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


def test_a_day_far_away_that_a_task_is_on_costs_one_request_and_its_note_outlives_the_task(
    run, craft, asked
):
    before = run(**START)
    plain = asked()["blocks"]
    note = craft.create_document("Richtfest", dailyNoteDate="2027-05-01")["id"]
    task = craft.create("tasks", document=note, text="Kran", scheduleDate="2026-03-01")["id"]
    first = run(**START, state=before.state)
    assert note in records(first)
    assert asked()["blocks"] == plain + 2 - len(before.records("document_contents"))
    craft.delete("tasks", task)
    second = run(**START, state=first.state)
    assert note in records(second)
    assert second.streams("ACTIVATE_VERSION")
    craft.trash(note)
    third = run(**START, state=second.state)
    assert note not in records(third)
    assert not third.state["bookmarks"]["documents"]["further_days"]


def test_a_note_is_read_by_its_id_although_another_one_of_its_day_has_come_up(run, craft):
    first = run(**START)
    note = craft.truth("documents", reachable=True, flavour="daily")[-1]
    craft.append(note["id"], "Erste Notiz")
    other = {"title": "Zweite", "dailyNoteDate": note["dailyNoteDate"], "blocks": []}
    days_asked = (LAST - FROM).days + 1
    craft.hook("^blocks$", days_asked, {"action": "create", "kind": "documents", "values": other})
    (record,) = run(**START, state=first.state).records("document_contents")
    assert record["document_id"] == note["id"]
    assert record["text"].endswith("Erste Notiz")


def test_notes_and_tasks_before_the_start_date_are_left_out(run):
    done = run(**START)
    assert min(row["daily_note_date"] for row in done.records("documents")) >= str(FROM)
    days_of_tasks = [row["daily_note_date"] for row in done.records("tasks")]
    assert min(filter(None, days_of_tasks)) >= str(FROM)


def test_a_scope_of_tasks_that_is_suddenly_empty_marks_none_until_it_is_so_twice(run, craft):
    craft.create("tasks", text="Bauherr anrufen")
    first = run("tasks", **START)
    craft.fault("^tasks$", "empty_list", skip=2)
    second = run("tasks", **START, state=first.state)
    assert len(second.records("tasks")) < len(first.records("tasks"))
    assert not second.streams("ACTIVATE_VERSION")
    third = run("tasks", **START, state=second.state)
    assert len(third.records("tasks")) == len(first.records("tasks"))
    rows = [row for row in craft.truth("tasks") if row["location"]["type"] == "inbox"]
    craft.delete("tasks", *(row["id"] for row in rows if row["taskInfo"]["state"] == "todo"))
    fourth = run("tasks", **START, state=third.state)
    assert not fourth.streams("ACTIVATE_VERSION")
    assert run("tasks", **START, state=fourth.state).streams("ACTIVATE_VERSION") == ["tasks"]


def test_tasks_of_notes_know_their_day_though_the_list_does_not_tell_it(run, craft):
    told = records(run(**START), "tasks")
    craft.set(daily_tasks_have_location=False)
    untold = records(run(**START), "tasks")
    days_of_tasks = {task: row["daily_note_date"] for task, row in told.items()}
    assert any(days_of_tasks.values())
    for task, row in told.items():
        assert untold[task]["daily_note_date"] == row["daily_note_date"]


def test_a_note_without_an_id_is_no_missing_note(run, craft):
    notes = craft.truth("documents", reachable=True, flavour="daily")
    day = dt.date.fromisoformat(max(row["dailyNoteDate"] for row in notes))
    craft.fault("^blocks$", "missing_envelope", skip=(day - FROM).days)
    done = run(**START)
    assert done.exit_code == 0
    assert "Some daily notes did not answer" in done.log
    assert "documents" not in done.streams("ACTIVATE_VERSION")
