"""Load the sources, one after the other.

A source without credentials is skipped with one line (one that was named fails), and a source that
fails does not stop the others. One that another run is loading is left to that run.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from planwerk_operate.environment import setting
from planwerk_operate.locks import HeldError, alone_with
from planwerk_operate.meltano import Loaded, Meltano, Outcome
from planwerk_operate.notes import after, read_note, write_note
from planwerk_operate.notify import notify
from planwerk_operate.sources import REQUIRED, SOURCES

if TYPE_CHECKING:
    from collections.abc import Collection

    from planwerk_operate.sources import Setting

SECONDS_UNTIL_READ: Final = 600
"""A program reads its settings when it starts."""


def sync(meltano: Meltano, sources: Collection[str] = ()) -> int:
    """Load the sources that have credentials, or those named.

    Returns:
        The exit code: 0 all were loaded; 1 one failed, or none could run; 75 none failed, but
        another run was at work on one.
    """
    keep_to_ourselves()
    outcomes: list[Outcome] = []
    for source in sources or SOURCES:
        if lacking := missing(meltano, source):
            # Named, it was meant to run.
            _ask_for(source, lacking, is_named=bool(sources))
            if sources:
                outcomes.append(Outcome.FAILED)
            continue
        started = time.monotonic()
        loaded = _load_alone(meltano, source)
        outcomes.append(loaded.outcome)
        print(f"{source}: {loaded.outcome.value} after {time.monotonic() - started:.0f} s.")
    if not outcomes or Outcome.FAILED in outcomes:
        return 1
    return os.EX_TEMPFAIL if Outcome.BUSY in outcomes else 0


def missing(meltano: Meltano, source: str) -> list[Setting]:
    """Return the settings that a source lacks."""
    if all(setting(required.variable) for required in REQUIRED[source]):
        return []  # as in most offices, and Meltano takes a second to say so
    settings = meltano.settings(f"tap-{source}")
    return [required for required in REQUIRED[source] if not settings.get(required.name)]


def _ask_for(source: str, lacking: Collection[Setting], *, is_named: bool) -> None:
    names = " and ".join(required.variable for required in lacking)
    where = sys.stderr if is_named else sys.stdout
    print(
        f"{source}: skipped, because {names} {'is' if len(lacking) == 1 else 'are'} not set. "
        "Put into the file .env in this folder (see .env.example):",
        file=where,
    )
    for required in lacking:
        print(f"  {required.variable}  {required.place}", file=where)


def _load_alone(meltano: Meltano, source: str) -> Loaded:
    """Load a source unless another run of this program does, and note how that ended."""
    try:
        with alone_with(meltano.environment, source):
            loaded = meltano.load(source)
            if loaded.outcome is not Outcome.BUSY:
                note_and_tell(meltano.environment, source, loaded)
            return loaded
    except HeldError as holder:
        print(f"{source}: another run is at work on it ({holder}).")
        return Loaded(Outcome.BUSY)


def note_and_tell(environment: str, source: str, loaded: Loaded) -> None:
    """Keep a note of the run; tell people if it is the first that fails, or no longer does."""
    before = read_note(environment, source)
    now = after(before, loaded)
    try:
        write_note(environment, source, now)
    except OSError as error:
        print(f"{source}: {error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
    if now.failure and not before.failure:
        notify(f"Planwerk: {source} could not be loaded", now.failure)
    elif before.failure and not now.failure:
        notify(f"Planwerk: {source} is loaded again", f"It could not be before: {before.failure}")


def keep_to_ourselves() -> None:
    """Let nobody else read what a run writes, nor what one that was killed has left.

    Meltano hands its settings, keys included, to a tap in a file, which it removes at the end.
    """
    os.umask(0o077)
    for folder in map(Path, (".meltano/run", ".meltano/logs", "state")):
        if folder.is_dir():
            folder.chmod(0o700)
    for left_over in Path(".meltano/run").glob("*/*.*.config.json"):
        if time.time() - left_over.stat().st_mtime > SECONDS_UNTIL_READ:
            left_over.unlink(missing_ok=True)
