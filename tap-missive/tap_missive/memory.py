"""The file in which the tap keeps what outlives a run: spool and ledger."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock, Timeout
from singer_sdk.exceptions import FatalAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
"""Version of the tables, part of the file's name: another version begins anew."""

SETTING = "spool_folder (TAP_MISSIVE_SPOOL_FOLDER)"


def default_folder() -> Path:
    """Return the folder for what outlives a run."""
    return platformdirs.user_state_path("tap-missive")


def account(api_url: str, api_token: str) -> str:
    """Return a name for the files that belong to one token; it does not tell the token."""
    return hashlib.sha256(f"{api_url} {api_token}".encode()).hexdigest()[:16]


def path_of(folder: Path, name: str) -> Path:
    """Return the path of an account's file."""
    return folder / f"{name}.spool-{VERSION}.sqlite"


def take_over(folder: Path, former: str, name: str) -> None:
    """Go on with the file of a former token of the same user.

    Raises:
        FatalAPIError: One sentence, if another run has it or it cannot be used.
    """
    old, new = path_of(folder, former), path_of(folder, name)
    if not old.exists() or new.exists():
        return
    with opened(folder, former) as database:
        # All that is in the file, be it still in its journal.
        new.touch(mode=0o600)
        database.execute("vacuum into ?", [str(new)])
    for kind in ("", "-wal", "-shm", ".lock"):
        old.with_name(old.name + kind).unlink(missing_ok=True)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[sqlite3.Connection]:
    """Open the file of one account, for one run at a time.

    Raises:
        FatalAPIError: One sentence, if another run has it or it cannot be used.
    """
    path = path_of(folder, name)
    lock = FileLock(f"{path}.lock", timeout=0, mode=0o600)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
        path.touch(mode=0o600)
    except Timeout:
        raise FatalAPIError(
            f"Another run of tap-missive with this token is at work with the spool in {folder}. "
            f"Wait until it ends, or name another folder in {SETTING}."
        ) from None
    except OSError as error:
        raise FatalAPIError(
            f"The spool in {folder} cannot be used ({error.strerror}). Name another folder in "
            f"{SETTING}."
        ) from None
    try:
        with lock, closing(sqlite3.connect(path)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            yield connection
    except sqlite3.Error as error:
        raise FatalAPIError(
            f"The spool {path} cannot be used ({error}). See whether the disk is full. A damaged "
            "file may be deleted: the next run then lists all conversations once more."
        ) from None
    finally:
        lock.release(force=True)
