"""A memory of fixed size for which documents were read, and as of which change.

An invertible Bloom lookup table (Eppstein, Goodrich, Uyeda, Varghese: "What's the Difference?",
SIGCOMM 2011). Every entry is folded by XOR into one cell of each of four parts. Folding in the
entries of another set cancels what both have in common. A cell that then holds a single entry
gives it away; taking that one out of its other cells lays the next one bare, until all entries
that only one of the sets has are known. How many those may be depends on the number of cells; how
many entries the sets have does not matter, which is why the state of a run stays small.
"""

from __future__ import annotations

import base64
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS = 4
CELLS_PER_PART = 128
"""With 512 cells some 350 differences are found out; the text takes 8 kB."""

_ENTRY_BYTES, _CHECK_BYTES = 8, 4
_CELL_BYTES = _ENTRY_BYTES + _CHECK_BYTES


class Sketch:
    """A set of entries that can only be compared with another set.

    Args:
        text: What `str` returned for a sketch, or None for an empty one.

    Raises:
        ValueError: If the text is none of a sketch.
    """

    def __init__(self, text: str | None = None) -> None:
        size = PARTS * CELLS_PER_PART * _CELL_BYTES
        content = base64.b64decode(text) if text else bytes(size)
        if len(content) != size:
            raise ValueError(f"A sketch has {size} bytes, not {len(content)}.")
        self._cells = [
            int.from_bytes(content[start : start + _CELL_BYTES], "big")
            for start in range(0, size, _CELL_BYTES)
        ]

    def __str__(self) -> str:
        content = b"".join(cell.to_bytes(_CELL_BYTES, "big") for cell in self._cells)
        return base64.b64encode(content).decode()

    def toggle(self, entry: int) -> None:
        """Put an entry in, or take it out if it is in."""
        _fold(self._cells, entry)

    def differences(self, entries: Iterable[int]) -> set[int] | None:
        """Return the entries that are either here or among the given ones, but not in both.

        None if they are too many to be found out.
        """
        cells = list(self._cells)
        for entry in entries:
            _fold(cells, entry)
        found: set[int] = set()
        doubtful = set(range(len(cells)))
        while doubtful:
            single = _single_entry(cells[doubtful.pop()])
            if single is not None and single not in found:
                found.add(single)
                doubtful.update(_fold(cells, single))
        return None if any(cells) else found


def entry_for(*words: str) -> int:
    """Return the entry for what some words say."""
    return int.from_bytes(_hash("\0".join(words).encode(), _ENTRY_BYTES), "big")


def _fold(cells: list[int], entry: int) -> list[int]:
    """Fold an entry, with its check, into its cells and return their places."""
    marks = _hash(entry.to_bytes(_ENTRY_BYTES, "big"), _CHECK_BYTES + 2 * PARTS)
    places = [
        part * CELLS_PER_PART + int.from_bytes(marks[start : start + 2], "big") % CELLS_PER_PART
        for part, start in enumerate(range(_CHECK_BYTES, len(marks), 2))
    ]
    for place in places:
        cells[place] ^= _with_check(entry, marks)
    return places


def _with_check(entry: int, marks: bytes) -> int:
    return entry << 8 * _CHECK_BYTES | int.from_bytes(marks[:_CHECK_BYTES], "big")


def _single_entry(cell: int) -> int | None:
    """Return the entry of a cell that holds just one, which its check tells."""
    entry = cell >> 8 * _CHECK_BYTES
    marks = _hash(entry.to_bytes(_ENTRY_BYTES, "big"), _CHECK_BYTES + 2 * PARTS)
    return entry if cell and cell == _with_check(entry, marks) else None


def _hash(content: bytes, size: int) -> bytes:
    return blake2b(content, digest_size=size).digest()
