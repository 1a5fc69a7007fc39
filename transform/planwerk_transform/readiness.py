"""What has to be so before a source is loaded: nobody else does, its checkpoints are sound."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Final

import psycopg

from planwerk_transform.checkpoints import read_state, state_file
from planwerk_transform.connection import connect
from planwerk_transform.errors import SourceBusyError, TransformError, refused

if TYPE_CHECKING:
    from pathlib import Path


LOADER: Final = "planwerk loader of raw_"
"""How the loader of a source names its sessions, before the source: see meltano.yml."""

PATIENCE_SECONDS: Final = 10
"""So long the session of a loader that was killed may go on with what it was at."""

_KEPT: Final = "last_good.json"
_ABANDONED_AFTER_SECONDS: Final = 60
_LOADERS: Final = """
select pid, backend_start from pg_stat_activity
where datname = current_database() and application_name = %s
order by backend_start limit 1
"""


def check_nobody_loads(database_url: str, source: str) -> None:
    """Find out whether a loader of this source is at work, be it one whose Meltano was killed.

    Two at once could write an older answer over a newer one. One that ends soon is waited for.

    Raises:
        SourceBusyError: There is one.
        TransformError: The database is unreachable.
    """
    try:
        with connect(database_url) as connection:
            connection.autocommit = True
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            while (
                found := connection.execute(_LOADERS, [f"{LOADER}{source}"]).fetchone()
            ) and time.monotonic() < give_up_at:
                time.sleep(0.2)
    except psycopg.Error as error:
        raise refused("Looking for loaders", error) from None
    if found:
        raise SourceBusyError(
            f"{source} is already being loaded, since {found[1]:%Y-%m-%d %H:%M:%S%z} by session"
            f" {found[0]} of the database: this run leaves it to that one. If its Meltano was"
            " killed, it ends by itself when it has written what it holds."
        )


def check_checkpoints(folder: Path, environment: str, source: str) -> None:
    """Find out whether Meltano will be able to read the state of a source.

    Meltano writes a state in place: if it is killed, or the disk is full, an empty file is left.
    That one is replaced by a copy of the last good one; a file in which something stands is never
    touched.

    Args:
        folder: Meltano's folder of states; nothing happens where there is none.
        environment: Meltano's environment, such as `office`.
        source: Such as `teamwork`.

    Raises:
        TransformError: The file is broken.
    """
    file = state_file(folder, environment, source)
    if not file.parent.is_dir():
        return
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    try:
        _remove_empty_lock(file.with_name("lock"))
        state = read_state(file)
        if state.content == b"":
            _restore(file)
        elif state.content and state.problem is None:
            _keep(file, state.content)
    except OSError as error:
        raise TransformError(
            f"The checkpoints of {source} cannot be looked after: {error.filename}:"
            f" {error.strerror}. Make room on the disk and see that {file.parent} may be written."
        ) from None
    if state.content and state.problem:
        kept = file.with_name(_KEPT)
        way_back = f" or replace it by {_KEPT} beside it," if kept.exists() else ""
        raise TransformError(
            f"The checkpoints of {source} in {file.absolute()} cannot be read: the file"
            f" {state.problem}. It was left as it is, and nothing was loaded. Mend it,{way_back}"
            " or read the source again from the beginning: meltano"
            f" --environment={environment} state clear --force {file.parent.name}"
        )


def _keep(file: Path, content: bytes) -> None:
    kept = file.with_name(_KEPT)
    if not kept.exists() or kept.read_bytes() != content:
        _put(kept, content)


def _restore(file: Path) -> None:
    kept = file.with_name(_KEPT)
    if kept.exists():
        _put(file, kept.read_bytes())
    else:
        file.unlink()


def _put(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _remove_empty_lock(lock: Path) -> None:
    """Remove the lock of a Meltano that was killed before it wrote into it when it took it."""
    with contextlib.suppress(FileNotFoundError):
        found = lock.stat()
        if found.st_size == 0 and time.time() - found.st_mtime > _ABANDONED_AFTER_SECONDS:
            lock.unlink()
