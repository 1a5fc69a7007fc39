"""Checkouts with a warehouse in them, and the real command in an emptied environment."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_warehouse.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BIN = Path(sys.executable).parent
SERVICE_FILE = Path(".planwerk/pg_service.conf")


class Checkout:
    """A folder in which `planwerk-warehouse` is run as Meltano runs it."""

    def __init__(self, path: Path, *, database_url: str = "", run_by: tuple[str, ...] = ()) -> None:
        self.path = path
        self.environment = {"PATH": os.defpath, "HOME": str(path)}
        self.environment["PGSERVICEFILE"] = str(SERVICE_FILE)
        self.environment["WAREHOUSE_DATABASE_URL"] = database_url
        self.run_by = run_by

    @property
    def folder(self) -> Path:
        return self.path / ".planwerk/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def service_file(self) -> Path:
        return self.path / SERVICE_FILE

    @property
    def socket_folder(self) -> Path:
        return EmbeddedServer(self.folder).socket_folder

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.run_by, BIN / "planwerk-warehouse", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.path,
            env=self.environment | environment,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def up(self) -> None:
        done = self.run("up")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def refuses(self, *arguments: str, **environment: str) -> str:
        """Return the one sentence with which the command fails."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def query(self, query: str, **environment: str) -> str:
        """Return what psql prints for a query."""
        done = self.run("psql", "-X", "-A", "-t", "-c", query, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n")[0])


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that the user whom root starts the server as may enter.

    (pytest's own folders are closed again by each other run of pytest.)
    """
    path = Path(tempfile.mkdtemp(prefix="warehouse-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextmanager
def checkouts() -> Iterator[Callable[..., Checkout]]:
    made: list[Checkout] = []
    with temporary_folder() as folder:

        def create(name: str = "checkout", **details: Any) -> Checkout:
            path = folder / name
            path.mkdir(parents=True)
            made.append(Checkout(path, **details))
            return made[-1]

        yield create
        for checkout in made:
            if (checkout.data / "postmaster.pid").exists():
                checkout.run("down")
            shutil.rmtree(checkout.socket_folder, ignore_errors=True)


@pytest.fixture
def new_checkout() -> Iterator[Callable[..., Checkout]]:
    """Create a checkout, by name; whatever is started in it is stopped in the end."""
    with checkouts() as create:
        yield create


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder for the data of a server that is not ours."""
    with temporary_folder() as path:
        yield path


@pytest.fixture
def checkout(new_checkout) -> Checkout:
    return new_checkout()


@pytest.fixture(scope="session")
def shared_checkout() -> Iterator[Checkout]:
    with checkouts() as create:
        checkout = create()
        checkout.query("create table kept as select 276 as number")
        # Nothing here has to survive a power cut.
        checkout.query("alter system set fsync = off")
        checkout.query("select pg_reload_conf()")
        yield checkout


@pytest.fixture
def running(shared_checkout) -> Checkout:
    """A checkout whose server runs, with 276 in the table `kept`.

    It is shared, as it takes a second to make: a test may stop, kill or move it.
    """
    EmbeddedServer(shared_checkout.folder).up()
    return shared_checkout


@pytest.fixture(scope="session")
def normal_user() -> tuple[str, ...]:
    """What to write before a command so that a normal user runs it."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is missing, with which root runs a command as somebody else")
    nobody = pwd.getpwnam("nobody")
    # To read is allowed, as the interpreter may lie in the home of root; to write is not.
    capability = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    user = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    command = ("setpriv", *user, *capability)
    probe = [*command, sys.executable, "-c", "import planwerk_warehouse.cli"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("a normal user cannot run the interpreter of root on this machine")
    return command


@pytest.fixture
def service(monkeypatch) -> Callable[[Checkout], psycopg.Connection[Any]]:
    """Connect as all other parts do: to the service `planwerk`."""

    def connect(checkout: Checkout) -> psycopg.Connection[Any]:
        monkeypatch.setenv("PGSERVICEFILE", str(checkout.service_file))
        return psycopg.connect("service=planwerk")

    return connect
