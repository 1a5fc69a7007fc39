"""How many requests a list costs at least, whichever API it is of."""

from __future__ import annotations

from math import ceil

LOOKBACK_SECONDS = 120
"""The overlap of the taps (design, section 3): what changed within it is listed once more."""
DAY_SECONDS = 86_400
"""How often the taps read what shows no change (their READMEs)."""


def overlapping_pages(rows: int, page: int) -> int:
    """Return the pages of a list of which each after the first repeats a row of the one before.

    That is how a list is paged by time: rows of one second can be on both sides of a page's end,
    so the next page has to begin with the second that the last one ended with.
    """
    return 1 + ceil(max(rows - page, 0) / (page - 1))


def pages_down_to(rows: int, page: int) -> int:
    """Return the pages of a list that is read from its newest row down, past its newest rows.

    Nothing says how many there are: the end is known by a row beyond them, or by a page that is
    not full.
    """
    return overlapping_pages(rows + 1, page)


def slices(rows: int, page: int, *, overlap: int = 1) -> int:
    """Return the requests of a list that is paged by offset and ends with a slice that is not full.

    Each slice begins with the last row of the one before, which tells whether rows moved between
    the two; not where the order keeps them from moving up. An empty slice is asked for twice.
    """
    found = 1 + max(rows - overlap, 0) // (page - overlap)
    return found + (overlap == 0 and rows > 0 and rows % page == 0)


def pages_by_number(rows: int, page: int, *, length_is_known: bool) -> int:
    """Return the requests of a list that is paged by number.

    Rows that go while it is read move later ones to an earlier page, so it is read from its last
    page to its first. Where nobody knows which page is the last one, the first is asked for it, and
    again in its turn. A list that seems empty is asked for twice.
    """
    if rows == 0:
        return 2
    pages = ceil(rows / page)
    return pages + (pages > 1 and not length_is_known)
