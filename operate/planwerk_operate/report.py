"""The report: of the office, or of the demo as long as nothing else was loaded."""

from __future__ import annotations

import sys
from pathlib import Path

from planwerk_operate.meltano import Meltano
from planwerk_operate.notes import read_note
from planwerk_operate.sources import SOURCES

OFFICE, DEMO = "office", "demo"


def write_report(file: Path | None, environment: str | None) -> None:
    """Write the report; its path is printed last.

    Args:
        file: The HTML file; None for the one that the settings name.
        environment: Meltano's environment; None for the office or, before its first run, the demo.

    Raises:
        OperateError: It could not be written.
    """
    meltano = Meltano(environment or (DEMO if _was_run(DEMO) and not _was_run(OFFICE) else OFFICE))
    if not environment and meltano.environment == DEMO:
        print(
            "This is the report of the demo; that of your office follows its first run.",
            file=sys.stderr,
        )
    output = [f"--output={file}"] if file else []
    meltano.invoke(["warehouse:up"], ["report:html", *output], otherwise="There is no report")


def _was_run(environment: str) -> bool:
    has_states = any(Path("state").glob(f"{environment}:*"))
    return has_states or any(read_note(environment, source).ended_at for source in SOURCES)
