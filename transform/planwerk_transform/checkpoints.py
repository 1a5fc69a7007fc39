"""How far each tap has read, from the state files that Meltano keeps in this project."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Checkpoints(NamedTuple):
    """What a state file says.

    Attributes:
        file: The file.
        streams: Per stream the moment up to which everything is loaded: of the newest change, or
            of the last complete listing.
        problem: Why there are none, as a sentence without its full stop.
    """

    file: Path
    streams: dict[str, dt.datetime]
    problem: str | None = None


def read_checkpoints(folder: Path, environment: str, source: str) -> Checkpoints:
    """Read the state of the job that loads a source.

    The file is one of Meltano's `state_backend`.

    Args:
        folder: Meltano's folder of states.
        environment: Meltano's environment, such as `office`.
        source: Such as `teamwork`.
    """
    file = folder / f"{environment}:tap-{source}-to-target-postgres" / "state.json"
    try:
        state = json.loads(file.read_bytes())
    except FileNotFoundError:
        return Checkpoints(file, {}, "is missing")
    except OSError as error:
        return Checkpoints(file, {}, f"cannot be read ({error.strerror})")
    except ValueError as error:
        return Checkpoints(file, {}, f"is broken ({error})")
    try:
        moments = _moments(state)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return Checkpoints(file, {}, "is broken (it does not hold what Meltano writes)")
    return Checkpoints(file, moments, None if moments else "has none: no run came far enough")


def _moments(state: dict[str, Any]) -> dict[str, dt.datetime]:
    """Return where the next run begins: `partial`, of a run that broke off, goes first."""
    bookmarks: dict[str, dict[str, Any]] = {}
    for part in ("completed", "partial"):
        for stream, bookmark in state[part].get("singer_state", {}).get("bookmarks", {}).items():
            bookmarks[stream] = bookmarks.get(stream, {}) | bookmark
    moments = {stream: _moment(bookmark) for stream, bookmark in bookmarks.items()}
    return {stream: moment for stream, moment in moments.items() if moment}


def _moment(bookmark: dict[str, Any]) -> dt.datetime | None:
    if value := bookmark.get("replication_key_value"):
        # Python 3.10 does not know Z.
        return dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if version := bookmark.get("table_version"):
        return dt.datetime.fromtimestamp(version / 1000, dt.timezone.utc)
    return None
