"""One run per source: locks that the operating system frees when their holder ends."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import filelock

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(".planwerk/locks")


class HeldError(Exception):
    """Somebody else holds the lock; the text says who."""


@contextmanager
def alone_with(environment: str, source: str, patience_seconds: float = 0) -> Iterator[None]:
    """Hold the lock of a source.

    Args:
        environment: Meltano's environment, such as `office`.
        source: Such as `teamwork`.
        patience_seconds: How long to wait for one that somebody else holds.

    Raises:
        HeldError: Somebody else does, for that long.
    """
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = FOLDER / f"{environment}-{source}"
    holder = name.with_suffix(".holder")
    lock = filelock.FileLock(f"{name}.lock", timeout=patience_seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise HeldError(_read(holder)) from None
    try:
        holder.write_text(f"process {os.getpid()}, since {dt.datetime.now():%H:%M:%S}")  # noqa: DTZ005  # for people at this machine
        yield
    finally:
        lock.release()


def _read(holder: Path) -> str:
    try:
        return holder.read_text()
    except OSError:
        return "which has just begun"
