"""The ledger believes only what the state confirms."""

import sqlite3
import time

import pytest
from tap_missive.ledger import Delivered, Ledger
from tap_missive.paging import Page
from tap_missive.spool import Spool


@pytest.fixture
def database():
    connection = sqlite3.connect(":memory:")
    Spool(connection)
    yield connection
    connection.close()


def activity(row):
    return row["at"]


def entry(key, read_up_to=100.0, **more):
    values = {
        "id": key,
        "activity": read_up_to or 100.0,
        "listed_at": 500.0,
        "read_up_to": read_up_to,
        "messages_read": 3,
        "was_incomplete": False,
        "streams": "comments messages",
    }
    return Delivered(**(values | more))


def test_what_was_confirmed_is_known_in_the_next_run(database):
    ledger = Ledger(database, {})
    ledger.enter([entry("x")])
    again = Ledger(database, ledger.confirmation())
    assert again.is_continued
    assert again.entries(["x", "y"]) == {"x": entry("x")}


def test_a_run_whose_output_was_thrown_away_leaves_no_trace(database):
    first = Ledger(database, {})
    first.enter([entry("x", 100.0)])
    state = first.confirmation()
    lost = Ledger(database, state)
    lost.enter([entry("x", 200.0), entry("y")])
    lost.enter_gone("x", None)
    lost.confirmation()
    again = Ledger(database, state)
    assert again.is_continued
    assert again.entries(["x"]) == {"x": entry("x", 100.0)}
    assert list(again.gone()) == []
    # Its loader may have written it, so it is not forgotten, only read again.
    assert again.entries(["y"])["y"].read_up_to is None


def test_a_state_that_was_not_used_for_a_year_is_known_and_others_are_forgotten(
    database, monkeypatch
):
    ledger, other = Ledger(database, {}), Ledger(database, {})
    ledger.enter([entry("x")])
    state, foreign = ledger.confirmation(), other.confirmation()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 365 * 86_400)
    again = Ledger(database, state)
    assert again.entries(["x"]) == {"x": entry("x")}
    assert not Ledger(database, foreign).is_continued


def test_a_run_that_was_lost_before_its_first_row_changes_nothing(database):
    ledger = Ledger(database, {})
    ledger.enter([entry("x")])
    state = ledger.confirmation()
    Ledger(database, state).confirmation()
    assert Ledger(database, state).is_continued


def test_two_loaders_that_are_fed_by_turns_do_not_mix(database):
    one, other = Ledger(database, {}), Ledger(database, {})
    one.enter([entry("x")])
    state = one.confirmation()
    assert other.entries(["x"]) == {}
    other.enter([entry("x", 300.0)])
    assert Ledger(database, state).entries(["x"]) == {"x": entry("x")}


def test_a_state_that_was_copied_and_went_its_own_way_is_told_apart(database):
    ledger = Ledger(database, {})
    ledger.enter([entry("x")])
    common = ledger.confirmation()
    one = Ledger(database, common)
    one.enter([entry("x", 200.0)])
    state_of_one = one.confirmation()
    other = Ledger(database, common)
    other.enter([entry("x", 300.0)])
    state_of_other = other.confirmation()
    assert state_of_one["confirmed"] == state_of_other["confirmed"]
    assert not Ledger(database, state_of_one).is_continued
    assert Ledger(database, state_of_other).is_continued


def test_a_conversation_that_comes_back_is_no_longer_gone_and_is_read_whole(database):
    ledger = Ledger(database, {})
    ledger.enter([entry("x"), entry("y")])
    ledger.enter_gone("x", "y")
    assert list(ledger.gone()) == [("x", "y")]
    assert ledger.count(since=0) == 1
    assert [found.read_up_to for found in ledger.entries(["x", "y"]).values()] == [None, None]
    ledger.enter([entry("x", 400.0)])
    assert list(ledger.gone()) == []
    assert ledger.count(since=0) == 2


def test_what_a_listing_lacks_is_told(database):
    spool, ledger = Spool(database), Ledger(database, {})
    ledger.enter([entry("old", 10.0), entry("listed"), entry("missing"), entry("gone")])
    ledger.enter_gone("gone", None)
    page = Page([{"id": "listed", "at": 100.0}], clock=500.0, oldest=100.0, following=None)
    spool.add("all", page, activity)
    assert ledger.unlisted(since=50) == ["missing"]


def test_the_newer_row_of_a_conversation_that_is_listed_twice_counts(database):
    spool = Spool(database)
    for at in (100.0, 300.0, 200.0):
        page = Page([{"id": "x", "at": at}], clock=500.0, oldest=at, following=1)
        spool.add("all", page, activity)
    ((only,),) = spool.groups(10)
    assert only.row == {"id": "x", "at": 300.0}
    assert spool.walked("all").oldest == 100.0


def test_groups_come_from_the_oldest_activity_to_the_newest(database):
    spool = Spool(database)
    moments = [5.0, 1.0, 3.0, 3.0, 3.0, 2.0, 4.0]
    rows = [{"id": str(number), "at": at} for number, at in enumerate(moments)]
    spool.add("all", Page(rows, clock=9.0, oldest=1.0, following=None), activity)
    groups = [[listed.activity for listed in group] for group in spool.groups(2)]
    assert groups == [[1.0, 2.0], [3.0, 3.0], [3.0, 4.0], [5.0]]
    assert [len(group) for group in spool.groups(2, since=4.0)] == [2]
