"""Measure what the issues give figures for, and print the tables of `bench/README.md`.

Every figure is a count, or a ratio of two measurements of the same run; bare times depend on the
machine and are only shown beside them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import categorisation
import craft
import faults
import missive
import teamwork
from harness import Bench
from rich.console import Console
from rich.table import Table

SOURCES = {
    "teamwork": teamwork.measure,
    "missive": missive.measure,
    "craft": craft.measure,
    "faults": faults.measure,
    "categorisation": categorisation.measure,
}


def main() -> None:
    """Measure the sources that are named, or all, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for source in sys.argv[1:] or SOURCES:
            SOURCES[source](bench)
        table = Table("what", "found", "goal")
        for row in bench.rows:
            table.add_row(*row)
        Console().print(table)
        bench.server.cleanup()


if __name__ == "__main__":
    main()
