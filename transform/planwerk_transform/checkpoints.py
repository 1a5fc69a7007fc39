"""How far each tap has read, from the state files that Meltano keeps in this project."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class State(NamedTuple):
    """A state file.

    Attributes:
        content: Its bytes; None where it is missing or cannot be read.
        state: What it holds, if that is what Meltano writes.
        problem: What is wrong with it, as a sentence without subject and full stop.
    """

    content: bytes | None = None
    state: dict[str, Any] | None = None
    problem: str | None = None


class LastRun(NamedTuple):
    """What a tap notes at the end of a run.

    Attributes:
        ended_at: When, by the clock of the source's server.
        requests: How many it took.
    """

    ended_at: dt.datetime
    requests: int


class Checkpoints(NamedTuple):
    """What a state file says.

    Attributes:
        file: The file.
        streams: Per stream the moment up to which everything is loaded: of the newest change, or
            of the last complete listing.
        problem: Why there are none, as a sentence without its full stop.
        incremental: Those of the streams that do not deliver again what was delivered.
        last_run: The last run whose rows are all loaded.
    """

    file: Path
    streams: dict[str, dt.datetime]
    problem: str | None = None
    incremental: frozenset[str] = frozenset()
    last_run: LastRun | None = None

    @property
    def next_start(self) -> dt.datetime | None:
        """The earliest moment at which an incremental stream goes on."""
        return min((self.streams[stream] for stream in self.incremental), default=None)


def state_file(folder: Path, environment: str, source: str) -> Path:
    """Return the file of Meltano's `state_backend` for the job that loads a source."""
    return folder / f"{environment}:tap-{source}-to-target-postgres" / "state.json"


def read_state(file: Path) -> State:
    """Read a state file, and say what is wrong with it."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return State(problem="is missing")
    except OSError as error:
        return State(problem=f"cannot be read ({error.strerror})")
    try:
        state = json.loads(content)
    except (ValueError, RecursionError) as error:
        return State(content, problem=f"is broken ({error})")
    if not _is_of_meltano(state):
        return State(content, problem="is broken (it does not hold what Meltano writes)")
    return State(content, state)


def read_checkpoints(folder: Path, environment: str, source: str) -> Checkpoints:
    """Read how far a source was loaded.

    Args:
        folder: Meltano's folder of states.
        environment: Meltano's environment, such as `office`.
        source: Such as `teamwork`.
    """
    file = state_file(folder, environment, source)
    read = read_state(file)
    if read.state is None:
        return Checkpoints(file, {}, read.problem)
    try:
        bookmarks = _bookmarks(read.state)
        moments = {stream: _moment(bookmark) for stream, bookmark in bookmarks.items()}
        last_run = _last_run(bookmarks)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return Checkpoints(file, {}, "is broken (its bookmarks are not those of our taps)")
    known = {stream: moment for stream, moment in moments.items() if moment}
    return Checkpoints(
        file,
        known,
        None if known else "has none: no run came far enough",
        frozenset(s for s in known if bookmarks[s].get("replication_key_value")),
        last_run,
    )


def _is_of_meltano(state: object) -> bool:
    if not isinstance(state, dict) or not state.keys() <= {"completed", "partial"}:
        return False
    for part in filter(None, state.values()):
        singer = part.get("singer_state", {}) if isinstance(part, dict) else None
        if not isinstance(singer, dict) or not isinstance(singer.get("bookmarks", {}), dict):
            return False
    return True


def _bookmarks(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return where the next run begins: `partial`, of a run that broke off, goes first."""
    bookmarks: dict[str, dict[str, Any]] = {}
    for part in ("completed", "partial"):
        singer = (state.get(part) or {}).get("singer_state", {})
        for stream, bookmark in singer.get("bookmarks", {}).items():
            bookmarks[stream] = bookmarks.get(stream, {}) | bookmark
    return bookmarks


def _moment(bookmark: dict[str, Any]) -> dt.datetime | None:
    if value := bookmark.get("replication_key_value"):
        return iso_moment(value)
    if version := bookmark.get("table_version"):
        return dt.datetime.fromtimestamp(version / 1000, dt.timezone.utc)
    return None


def _last_run(bookmarks: dict[str, dict[str, Any]]) -> LastRun | None:
    for bookmark in bookmarks.values():
        if noted := bookmark.get("last_run"):
            return LastRun(iso_moment(noted["ended_at"]), int(noted["requests"]))
    return None


def iso_moment(text: str) -> dt.datetime:
    """Return a moment with a time zone; Python 3.10 does not know Z."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
