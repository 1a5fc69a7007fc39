"""Measure all that the issues give figures for; keep it in `results.json` and `README.md`.

Every figure is a count, or a time or size beside its floor, measured in the same run; bare times
depend on the machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import api_requests
import categorisation
import faults
import idle
import load
from figures import write
from harness import Bench

PARTS = {
    "requests": api_requests.measure,
    "idle": idle.measure,
    "load": load.measure,
    "categorisation": categorisation.measure,
    "faults": faults.measure,
}


def main() -> None:
    """Measure the parts that are named, or all."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for part in sys.argv[1:] or PARTS:
            PARTS[part](bench)
            write(bench.figures)
            print(f"{part} done after {time.monotonic() - started:.0f} s", file=sys.stderr)
        bench.server.cleanup()


if __name__ == "__main__":
    main()
