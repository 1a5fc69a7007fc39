"""Writing the report: whole or not at all, and for nobody else's eyes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from planwerk_report.errors import not_writable


def write_whole(output: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it, for it holds data of the office.

    Raises:
        ReportError: The folder is missing or may not be written to.
    """
    scratch = None
    try:
        # mkstemp makes it with mode 0600
        handle, scratch = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(scratch).replace(output)
    except OSError as error:
        if scratch:
            Path(scratch).unlink(missing_ok=True)
        raise not_writable(output, error) from None
