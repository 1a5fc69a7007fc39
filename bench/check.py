"""Compare what is the same on every machine with the committed results; fail on a worse figure."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

import api_requests
import load
from figures import Figure, read_results
from harness import Bench
from rich.console import Console
from rich.table import Table

PARTS: Final = (api_requests.measure_smallest, load.measure_smallest)
TOLERANCE: Final = {"bytes": 0.02}
"""Sizes depend a little on where pages end and when PostgreSQL tidies up; counts do not."""
MARGIN: Final = 1e-9


def main() -> int:
    """Return 1 if a figure is worse than the committed one, or has none to be compared with."""
    known = read_results()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for measure in PARTS:
            measure(bench)
        bench.server.cleanup()
    guarded = [figure for figure in bench.figures if figure.guarded]
    missing = [figure for figure in guarded if figure.key not in known]
    worse = [figure for figure in guarded if figure not in missing and is_worse(figure, known)]
    table = Table("what", "data", "committed", "found", "")
    for figure in guarded:
        committed = f"{known[figure.key].found:g}" if figure.key in known else "none"
        verdict = "WORSE" if figure in worse else "not in results.json" * (figure in missing)
        table.add_row(figure.what, figure.data, committed, f"{figure.found:g}", verdict)
    Console(width=160).print(table)
    if worse or missing:
        print("Mend what got worse, or, if it has to be, commit what `make bench` writes.")
        return 1
    print(f"{len(guarded)} figures are as good as the committed ones.")
    return 0


def is_worse(figure: Figure, known: dict[tuple[str, str, str], Figure]) -> bool:
    """Tell whether a figure is greater than the committed one, beyond what it may vary by."""
    limit = known[figure.key].found * (1 + TOLERANCE.get(figure.unit, 0))
    return figure.found > limit + MARGIN


if __name__ == "__main__":
    sys.exit(main())
