"""What was measured: figures, the file of results, and the tables of `bench/README.md`."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

FOLDER: Final = Path(__file__).parent
RESULTS: Final = FOLDER / "results.json"
README: Final = FOLDER / "README.md"
HEADINGS: Final = ("What", "Command", "Data", "Found", "Floor", "Ratio", "Goal")
TOLERANCE: Final = {"bytes": 0.02}
"""Sizes depend a little on when PostgreSQL tidies up; counts do not."""
LEAST_DIFFERENCE: Final = 1e-9
FEW_DIGITS: Final = 100
"""From this number on decimals say nothing."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        part: The table it belongs to.
        what: What was measured.
        command: What was run, as a user types it.
        data: How much of what.
        found: The figure; of several rounds the median.
        unit: Its unit, empty for a bare ratio.
        floor: What the API or PostgreSQL makes unavoidable, in the same unit.
        goal: What was aimed for, of the ratio where there is a floor.
        spread: Least and greatest of several rounds.
        guarded: Whether it is the same on every machine, so that `make bench-check` compares it.
    """

    part: str
    what: str
    command: str
    data: str
    found: float
    unit: str = ""
    floor: float | None = None
    goal: str = ""
    spread: tuple[float, float] | None = None
    guarded: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells this figure from all others, in every run."""
        return (self.part, self.what, self.data)

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of its floor."""
        return self.found / self.floor if self.floor else None

    def cells(self) -> tuple[str, ...]:
        """Return the figure as the cells of a table."""
        found = _number(self.found, self.unit)
        if self.spread:
            least, greatest = (_number(end) for end in self.spread)
            found += f" ({least} to {greatest})"
        return (
            self.what,
            f"`{self.command}`",
            self.data,
            found,
            "" if self.floor is None else _number(self.floor, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self.goal,
        )


def spread_of(rounds: Sequence[float]) -> tuple[float, float] | None:
    """Return the least and the greatest of several rounds; None for one."""
    return (min(rounds), max(rounds)) if len(rounds) > 1 else None


def _number(value: float, unit: str = "") -> str:
    whole = float(value).is_integer() or abs(value) >= FEW_DIGITS
    digits = in_groups(round(value)) if whole else f"{value:.3g}"
    return f"{digits} {unit}".strip()


class Results:
    """The figures that were committed.

    Args:
        path: The JSON file.
    """

    def __init__(self, path: Path = RESULTS) -> None:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.figures = [
            Figure(**{**row, "spread": row["spread"] and tuple(row["spread"])})
            for row in found.get("figures", ())
        ]
        self._by_key = {figure.key: figure for figure in self.figures}

    def verdict(self, figure: Figure) -> str:
        """Return "new", "worse", "better" or "same" for a figure that was measured again."""
        known = self._by_key.get(figure.key)
        if known is None:
            return "new"
        margin = known.found * TOLERANCE.get(figure.unit, 0) + LEAST_DIFFERENCE
        if abs(figure.found - known.found) <= margin:
            return "same"
        return "worse" if figure.found > known.found else "better"


def write(figures: Collection[Figure]) -> None:
    """Put figures in the place of all older ones of their tables, and renew the tables."""
    parts = {figure.part for figure in figures}
    older = [figure for figure in Results().figures if figure.part not in parts]
    kept = sorted([*older, *figures], key=lambda figure: figure.part)
    about = {
        "measured_on": f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "figures": [asdict(figure) for figure in kept],
    }
    RESULTS.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    README.write_text(with_tables(README.read_text(encoding="utf-8"), kept), encoding="utf-8")


def with_tables(page: str, figures: Collection[Figure]) -> str:
    """Return a page with the tables between its marks written anew.

    Raises:
        ValueError: If it has no marks for one of them.
    """
    for part in {figure.part for figure in figures}:
        cells = [figure.cells() for figure in figures if figure.part == part]
        rows = [HEADINGS, ("---",) * len(HEADINGS), *cells]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        begin, end = f"<!-- table: {part} -->\n", "<!-- end -->"
        before, found, rest = page.partition(begin)
        if not found:
            raise ValueError(f"bench/README.md has no place for the table of '{part}'")
        page = f"{before}{begin}{table}\n{end}{rest.partition(end)[2]}"
    return page
