"""A backup that fits together: the database, and the checkpoints that say how far it was loaded.

No source is loaded meanwhile, so that no checkpoint is ahead of the rows, and none is behind.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from planwerk_operate.errors import OperateError
from planwerk_operate.locks import HeldError, alone_with
from planwerk_operate.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_operate.meltano import Meltano

DATABASE: Final = "planwerk.dump"
PATIENCE_SECONDS: Final = 600
"""So long a run that is at work may take to end."""


def back_up(meltano: Meltano, file: Path) -> None:
    """Write what belongs together into a file that nobody else may read.

    The file is a zip: the database as `pg_dump` writes it, a state per source, and the folder in
    which a tap keeps what it has seen.

    Raises:
        OperateError: A run does not end, the database cannot be dumped, or the file be written.
    """
    os.umask(0o077)
    if not file.absolute().parent.is_dir():
        raise OperateError(f"There is no folder {file.parent}; make it first.")
    with _nobody_loads(meltano), _working_folder(file.absolute().parent) as work:
        content = work / "content"
        content.mkdir()
        dump = ["warehouse:dump", str(content / DATABASE)]
        meltano.invoke(dump, otherwise="Nothing was backed up")
        for source in SOURCES:
            if state := _state(meltano, source):
                (content / f"{source}.json").write_text(state, encoding="utf-8")
            folder = _own_folder(meltano, source)
            if folder and folder.is_dir():
                shutil.copytree(folder, content / source)
        Path(shutil.make_archive(str(work / "draft"), "zip", content)).replace(file)


def restore(meltano: Meltano, file: Path) -> None:
    """Put a backup in the place of what is there: the database, and then its checkpoints.

    Raises:
        OperateError: The file is no backup, a run does not end, or the database refuses it.
    """
    os.umask(0o077)
    with _nobody_loads(meltano), _working_folder(Path(".planwerk")) as work:
        try:
            with zipfile.ZipFile(file) as archive:
                archive.extractall(work)
        except (OSError, zipfile.BadZipFile) as error:
            raise OperateError(f"{file} is no backup that can be read: {error}.") from None
        if not (work / DATABASE).exists():
            raise OperateError(f"{file} is no backup of `planwerk backup`: it has no {DATABASE}.")
        meltano.invoke(
            ["warehouse:up"],
            # Roles are no part of a backup, and the rights within it are theirs.
            ["transform:apply"],
            ["warehouse:restore", str(work / DATABASE)],
            otherwise="Nothing was restored",
        )
        for source in SOURCES:
            _set_state(meltano, source, work / f"{source}.json")
            if folder := _own_folder(meltano, source):
                shutil.rmtree(folder, ignore_errors=True)
                if (work / source).is_dir():
                    shutil.copytree(work / source, folder)


def _state_id(meltano: Meltano, source: str) -> str:
    return f"{meltano.environment}:tap-{source}-to-target-postgres"


def _state(meltano: Meltano, source: str) -> str | None:
    """Return the checkpoints of a source, from wherever Meltano keeps them; None if it has none."""
    asked = meltano.ask("state", "get", _state_id(meltano, source))
    if asked.returncode != 0:
        raise OperateError(
            f"The checkpoints of {source} cannot be read, so nothing was backed up: "
            f"{asked.stderr.strip().splitlines()[-1:]}"
        )
    return asked.stdout if json.loads(asked.stdout or "{}") else None


def _set_state(meltano: Meltano, source: str, file: Path) -> None:
    name = _state_id(meltano, source)
    done = (
        meltano.ask("state", "set", "--force", "--input-file", str(file), name)
        if file.exists()
        else meltano.ask("state", "clear", "--force", name)
    )
    if done.returncode != 0 and file.exists():
        raise OperateError(
            f"The database is restored, but the checkpoints of {source} could not be set. Clear "
            f"them, so that it is read anew: meltano state clear --force {name}"
        )


def _own_folder(meltano: Meltano, source: str) -> Path | None:
    """Return where a tap keeps what it has seen; it belongs to its checkpoints."""
    folder = meltano.settings(f"tap-{source}").get("spool_folder")
    return Path(folder) if folder else None


@contextmanager
def _working_folder(place: Path) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.absolute(), prefix="backup-") as work:
        yield Path(work)


def _nobody_loads(meltano: Meltano) -> ExitStack:
    """Hold the locks of all sources."""
    try:
        with ExitStack() as stack:
            for source in SOURCES:
                stack.enter_context(alone_with(meltano.environment, source, PATIENCE_SECONDS))
            return stack.pop_all()
    except HeldError as holder:
        raise OperateError(
            f"A source is still being loaded ({holder}); try again when that is done."
        ) from None
