"""Lists are read completely while rows are edited, added and removed between the requests."""

import datetime as dt
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from singer_sdk.exceptions import FatalAPIError
from tap_teamwork.paging import OffsetCeilingError, Page, TimeReader, read_backwards

START = dt.datetime(2026, 3, 10, 8, 0, tzinfo=dt.timezone.utc)
PAGE_SIZE = 4


def at(second: int) -> str:
    return (START + dt.timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


class MovingList:
    """A list whose rows change between the requests, as people keep working."""

    def __init__(self, seconds, changes=(), *, inclusive=False, ceiling=10_000):
        self.rows = {id_: {"id": id_, "updatedAt": at(s)} for id_, s in enumerate(seconds, 1)}
        self.changes = list(changes)
        self.now = count(1_000)
        self.inclusive = inclusive
        self.ceiling = ceiling
        self.requests = 0

    def by_time(self, after, number):
        self.change_next()
        rows = sorted(self.rows.values(), key=lambda row: (row["updatedAt"], row["id"]))
        if after is not None:
            rows = [
                row
                for row in rows
                if row["updatedAt"] > after or (self.inclusive and row["updatedAt"] == after)
            ]
        return self.page(rows, number)

    def by_id(self, number):
        self.change_next()
        return self.page(sorted(self.rows.values(), key=lambda row: row["id"]), number)

    def page(self, rows, number):
        if number * PAGE_SIZE >= self.ceiling:
            raise OffsetCeilingError
        self.requests += 1
        first = (number - 1) * PAGE_SIZE
        page = [dict(row) for row in rows[first : first + PAGE_SIZE]]
        return Page(page, has_more=len(rows) > first + PAGE_SIZE, count=len(rows))

    def change_next(self):
        if self.requests == 0 or not self.changes or not self.rows:
            return
        kind, which = self.changes.pop(0)
        id_ = sorted(self.rows)[which % len(self.rows)]
        if kind == "edit":
            self.rows[id_]["updatedAt"] = at(next(self.now))
        elif kind == "remove":
            del self.rows[id_]
        else:
            new = next(self.now)
            self.rows[new] = {"id": new, "updatedAt": at(new)}


def read(moving, since=None, parts=list):
    return list(TimeReader(moving.by_time, lambda row: row["updatedAt"], parts).read(since))


changes = st.lists(
    st.tuples(st.sampled_from(["edit", "remove", "add"]), st.integers(0, 50)), max_size=12
)
seconds = st.lists(st.integers(0, 6), max_size=40)


@settings(max_examples=400)
@given(seconds, changes, st.booleans())
def test_by_time_every_row_is_read_in_its_last_state(seconds, changes, inclusive):
    moving = MovingList(seconds, changes, inclusive=inclusive)
    read_state = {row["id"]: row["updatedAt"] for row in read(moving)}
    left = {id_: row["updatedAt"] for id_, row in moving.rows.items()}
    assert left.items() <= read_state.items()


@settings(max_examples=400)
@given(seconds, changes, st.booleans())
def test_by_time_rows_come_in_the_order_of_their_changes_outside_full_seconds(
    seconds, changes, inclusive
):
    rows = read(MovingList(seconds, changes, inclusive=inclusive))
    moments = [row["updatedAt"] for row in rows]
    assert moments == sorted(moments)


@settings(max_examples=400)
@given(st.integers(0, 30), changes)
def test_backwards_every_row_that_stays_is_read_once(size, changes):
    moving = MovingList([0] * size, changes)
    ids = [row["id"] for row in read_backwards(moving.by_id, PAGE_SIZE)]
    assert len(ids) == len(set(ids))
    stayed = set(range(1, size + 1)) & set(moving.rows)
    assert stayed <= set(ids)


def test_reading_forwards_would_miss_a_row():
    moving = MovingList([0] * 9, [("remove", 0)])
    forwards = [row["id"] for number in (1, 2, 3) for row in moving.by_id(number).rows]
    assert 5 not in forwards
    moving = MovingList([0] * 9, [("remove", 0)])
    assert 5 in [row["id"] for row in read_backwards(moving.by_id, PAGE_SIZE)]


def test_without_changes_nothing_is_read_twice_and_few_requests_are_made():
    moving = MovingList(range(100))
    assert len(read(moving)) == 100
    assert moving.requests <= 100 / (PAGE_SIZE - 1) + 1


def test_a_list_of_one_page_costs_one_request():
    moving = MovingList(range(3))
    assert len(read(moving)) == 3
    assert len(list(read_backwards(moving.by_id, PAGE_SIZE))) == 3
    assert moving.requests == 2


def test_a_second_beyond_the_offset_ceiling_is_read_in_parts():
    moving = MovingList([0] * 2 + [5] * 30 + [9] * 2, ceiling=16)
    even, odd = MovingList([], ceiling=16), MovingList([], ceiling=100)
    even.rows = {id_: row for id_, row in moving.rows.items() if id_ % 2 == 0}
    odd.rows = {id_: row for id_, row in moving.rows.items() if id_ % 2 == 1}
    even.ceiling = 100
    rows = read(moving, parts=lambda: [even.by_time, odd.by_time])
    assert sorted(row["id"] for row in rows) == sorted(moving.rows)


def test_answers_in_another_order_stop_the_run_instead_of_losing_rows():
    moving = MovingList(range(20))

    def unordered(after, number):
        late = moving.by_time(at(5), number)
        return late if after is None else moving.by_time(None, number)

    reader = TimeReader(unordered, lambda row: row["updatedAt"], list)
    with pytest.raises(FatalAPIError, match="rows could be missed"):
        list(reader.read(None))


@pytest.mark.parametrize("stuck", ["by_id", "by_time"])
def test_a_server_that_repeats_a_page_for_ever_stops_the_run(stuck):
    page = Page([{"id": id_, "updatedAt": at(0)} for id_ in range(4)], has_more=True, count=100)
    rows = (
        read_backwards(lambda _: page, PAGE_SIZE)
        if stuck == "by_id"
        else TimeReader(lambda *_: page, lambda row: row["updatedAt"], list).read(None)
    )
    with pytest.raises(FatalAPIError, match="same page again"):
        list(rows)


@pytest.mark.parametrize("since", [None, at(-1)])
def test_an_empty_page_with_more_to_come_is_not_the_end(since):
    moving = MovingList(range(10))

    def with_a_gap(after, number):
        if after == since:
            return (
                moving.by_time(after, number - 1)
                if number > 1
                else Page([], has_more=True, count=10)
            )
        return moving.by_time(after, number)

    reader = TimeReader(with_a_gap, lambda row: row["updatedAt"], list)
    assert len(list(reader.read(since))) == 10
