"""The walks through lists find every row, however the server means its parameters."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tap_missive.paging import LARGEST_SLICE, Listed, read_slices, walk

LIMIT = 5


class Server:
    """A list, newest row first, as Missive may page it.

    `moments` are the rows' seconds; `inclusive` and `complete` say how `until` and a second that a
    page ends in are treated.
    """

    def __init__(self, moments, *, inclusive=True, complete=True):
        self.rows = [
            {"id": str(number), "at": moment}
            for number, moment in sorted(enumerate(moments), key=lambda row: (-row[1], row[0]))
        ]
        self.inclusive, self.complete = inclusive, complete
        self.requests = 0

    def fetch(self, until):
        self.requests += 1
        below = [
            row
            for row in self.rows
            if until is None or row["at"] < until or (self.inclusive and row["at"] == until)
        ]
        page = below[:LIMIT]
        if self.complete and page:
            page += [row for row in below[LIMIT:] if int(row["at"]) == int(page[-1]["at"])]
        return Listed(page, clock=0)

    def walked(self, **options):
        """Walk the list; return the ids in the order they came."""
        pages = walk(self.fetch, lambda row: row["at"], LIMIT, **options)
        return [row["id"] for page in pages for row in page.rows]


seconds = st.lists(st.integers(0, 30), max_size=60)


@given(seconds, st.booleans())
def test_every_row_is_found_if_the_server_completes_seconds(moments, inclusive):
    server = Server(moments, inclusive=inclusive)
    assert sorted(server.walked()) == sorted(row["id"] for row in server.rows)


@given(st.lists(st.integers(0, 30).map(lambda at: at + 0.25), max_size=60), st.booleans())
def test_moments_with_fractions_lose_nothing(moments, inclusive):
    server = Server(moments, inclusive=inclusive)
    assert sorted(set(server.walked())) == sorted(row["id"] for row in server.rows)


@given(seconds, st.booleans())
def test_every_row_is_found_if_pages_are_cut_and_no_second_fills_one(moments, inclusive):
    few_ties = [at for number, at in enumerate(moments) if moments[:number].count(at) < LIMIT - 1]
    server = Server(few_ties, inclusive=inclusive, complete=False)
    assert sorted(set(server.walked())) == sorted(row["id"] for row in server.rows)


def test_a_cut_second_that_fills_a_page_is_reported(caplog):
    with caplog.at_level(logging.WARNING):
        Server([9] * 12 + [3], complete=False).walked()
    assert "1970-01-01T00:00:09Z" in caplog.text


def test_rows_come_once_and_a_page_repeats_only_its_border():
    server = Server(range(0, 1_000, 10))
    found = server.walked()
    assert len(found) == len(set(found)) == 100
    assert server.requests == 1 + -(-95 // (LIMIT - 1))


def test_a_walk_stops_below_the_moment_it_is_to_reach():
    server = Server(range(0, 1_000, 10))
    assert len(server.walked(down_to=920)) < 2 * LIMIT
    assert server.requests == 2


def test_a_row_that_jumps_to_the_top_meanwhile_hides_no_other():
    server = Server(range(40))
    found = []
    for page in walk(server.fetch, lambda row: row["at"], LIMIT):
        found += [row["id"] for row in page.rows]
        moved = server.rows.pop(server.requests * 3)
        server.rows.insert(0, {**moved, "at": 100 + server.requests})
    missed = {row["id"] for row in server.rows if row["at"] < 100} - set(found)
    assert not missed


def test_an_empty_answer_in_the_middle_is_asked_for_again():
    server = Server(range(30))
    whole = server.fetch

    def fetch(until):
        listed = whole(until)
        return Listed([], 0) if server.requests == 3 else listed

    server.fetch = fetch
    assert len(server.walked()) == 30


class Slices:
    """A list that is paged by offset."""

    def __init__(self, count):
        self.rows = [{"id": str(number)} for number in range(count)]
        self.offsets = []

    def fetch(self, offset):
        self.offsets.append(offset)
        return self.rows[offset : offset + LARGEST_SLICE]

    def lose(self, offset):
        self.offsets.append(offset)
        return []


def read(slices):
    """Read to the end; return the ids, and whether rows went meanwhile."""
    moved = []

    def reading():
        moved.append((yield from read_slices(slices.fetch)))

    return [row["id"] for row in reading()], moved[0]


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 399, 650])
def test_a_list_paged_by_offset_is_read_once_and_whole(count):
    slices = Slices(count)
    ids, moved = read(slices)
    assert ids == [row["id"] for row in slices.rows]
    assert not moved


@pytest.mark.parametrize("count", [200, 500])
def test_a_row_that_goes_while_slices_are_read_is_noticed(count):
    slices = Slices(count)
    whole = slices.fetch

    def fetch(offset):
        rows = whole(offset)
        if offset == 0:
            del slices.rows[3]
        return rows

    slices.fetch = fetch
    assert read(slices)[1]


def test_an_empty_slice_after_a_full_one_is_asked_for_again():
    slices = Slices(300)
    whole = slices.fetch
    slices.fetch = lambda offset: whole(offset) if len(slices.offsets) != 1 else slices.lose(offset)
    ids, moved = read(slices)
    assert len(ids) == 300
    assert not moved
