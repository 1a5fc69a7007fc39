"""How the last run of each source ended, kept for `status` and for notifications."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planwerk_operate.meltano import Outcome

if TYPE_CHECKING:
    from planwerk_operate.meltano import Loaded

FOLDER: Final = Path(".planwerk/runs")


class Note(NamedTuple):
    """The last run of a source.

    Attributes:
        ended_at: ISO 8601.
        succeeded_at: End of the last one that loaded everything.
        failure: Why the last one failed; None if it did not.
        is_stale: Whether people were told that it was not loaded for too long.
    """

    ended_at: str | None = None
    succeeded_at: str | None = None
    failure: str | None = None
    is_stale: bool = False


def read_note(environment: str, source: str) -> Note:
    """Return what is known; one that cannot be read is as good as none."""
    try:
        noted: dict[str, Any] = json.loads(_file(environment, source).read_bytes())
        return Note(**noted)
    except (OSError, TypeError, ValueError):
        return Note()


def write_note(environment: str, source: str, note: Note) -> None:
    """Keep a note, as a whole or not at all."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _file(environment, source)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(note._asdict()), encoding="utf-8")
    draft.replace(file)


def after(note: Note, loaded: Loaded) -> Note:
    """Return the note after another run, which was not left to somebody else."""
    now = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
    if loaded.outcome is Outcome.LOADED:
        return Note(ended_at=now, succeeded_at=now)
    return note._replace(ended_at=now, failure=loaded.failure or "the log says why")


def _file(environment: str, source: str) -> Path:
    return FOLDER / f"{environment}-{source}.json"
