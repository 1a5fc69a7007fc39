"""Compare what is the same on every machine with the committed results; fail on a worse figure."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import api_requests
import load
from figures import Results
from harness import Bench
from rich.console import Console
from rich.table import Table


def main() -> int:
    """Return 1 if a figure is worse than the committed one, or has none to be compared with."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        api_requests.measure_smallest(bench)
        load.measure_smallest(bench)
        bench.server.cleanup()
    guarded = [figure for figure in bench.figures if figure.guarded]
    verdicts = [results.verdict(figure) for figure in guarded]
    table = Table("what", "data", "found", "against results.json")
    for figure, verdict in zip(guarded, verdicts, strict=True):
        table.add_row(figure.what, figure.data, f"{figure.found:g} {figure.unit}", verdict)
    Console(width=160).print(table)
    count = Counter(verdicts)
    print(", ".join(f"{count[verdict]} {verdict}" for verdict in sorted(count)))
    if count["worse"] or count["new"]:
        print("Mend what got worse, or, if it has to be, commit what `make bench` writes.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
