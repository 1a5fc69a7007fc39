"""What loading costs: tap, loader and triggers together, and the loader alone.

The floor is COPY of the same rows, by PostgreSQL itself, into a table with the same columns and
indexes and no trigger.
"""

from __future__ import annotations

import gc
import subprocess
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import growth
import teamwork
from figures import Figure, spread_of
from harness import Running, finish, private_memory, value
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import psycopg
    from harness import Bench
    from planwerk_sandbox.server import Sandbox

SCALES = {10_000: 5, 100_000: 50, 1_000_000: 500}
"""Tasks, and the scale of the sandbox that has so many."""
SMALLEST = min(SCALES)
ROUNDS = {10_000: 3, 100_000: 2, 1_000_000: 1}
PIPE_BYTES = 1 << 20
"""As much as Linux allows; Meltano keeps even more between a tap and its loader."""
PIPELINE = "tap-teamwork | target-postgres"
LOADER = "target-postgres < messages.jsonl"
COPY = "copy raw_teamwork.copied from stdin"
CHUNK_BYTES = 1 << 20
INDEXES = """
select string_agg(indexrelid::regclass::text, ', ') from pg_index
where indrelid = 'raw_teamwork.tasks'::regclass and not indisprimary
"""
LOADERS_PROCESS = """
select pid from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class Loaded(NamedTuple):
    """What it took to read and load all tasks.

    Attributes:
        messages: What the tap printed.
        seconds: From the first program's start to the last one's end.
        peaks: The most memory of each process, in MB.
    """

    messages: Path
    seconds: float
    peaks: dict[str, float]


class Size(NamedTuple):
    """How many tasks were loaded, and the seconds that COPY took for them."""

    tasks: int
    copy_seconds: float


def measure(bench: Bench) -> None:
    """Measure all sizes."""
    found = {tasks: measure_size(bench, tasks) for tasks in SCALES}
    smallest = found[SMALLEST]
    for tasks, loaded in found.items():
        data = growth.of_tasks(tasks)
        for process, peak in loaded.peaks.items():
            what, floor = f"peak memory of {process}", smallest.peaks[process]
            bench.note(Figure("load", what, PIPELINE, data, peak, "MB", floor, "flat"))
        bench.note(
            Figure(
                "load",
                "time per task, tap, loader and triggers",
                PIPELINE,
                data,
                1e6 * loaded.seconds / tasks,
                "us",
                1e6 * smallest.seconds / SMALLEST,
                "linear",
            )
        )


def measure_smallest(bench: Bench) -> None:
    """Measure what is the same on every machine, at the smallest size."""
    with office(SMALLEST) as sandbox, bench.database("loaded") as connection:
        loaded = load(bench, sandbox, connection)
        copy(bench, connection)
        growth.measure(bench, connection, loaded.messages, SMALLEST)
    growth.count_statements(bench, loaded.messages, SMALLEST)


def measure_size(bench: Bench, tasks: int) -> Loaded:
    """Measure one size."""
    with office(tasks) as sandbox, bench.database("loaded") as connection:
        loaded = load(bench, sandbox, connection)
        size = Size(tasks, copy(bench, connection))
        growth.measure(bench, connection, loaded.messages, tasks)
    note_rate(bench, "COPY of the same rows", COPY, size, [size.copy_seconds])
    note_rate(bench, "tap, loader and triggers", PIPELINE, size, [loaded.seconds])
    ours, plain = side_by_side(bench, loaded.messages, ROUNDS[tasks])
    note_rate(bench, "loader alone, with our triggers and indexes", LOADER, size, ours)
    note_rate(bench, "loader alone, without them", LOADER, size, plain)
    ratios = quotients(ours, plain)
    note_ratio(bench, "loader's time, with them / without", tasks, ratios, "at most 1.10")
    if tasks == SMALLEST:
        growth.count_statements(bench, loaded.messages, tasks)
        compare_settings(bench, loaded.messages, tasks)
    loaded.messages.unlink()
    return loaded


@contextmanager
def office(tasks: int) -> Iterator[Sandbox]:
    """Run a sandbox; looking for garbage among millions of objects would cost it a third."""
    gc.disable()
    with running(scale=SCALES[tasks]) as sandbox:
        gc.freeze()
        gc.enable()
        yield sandbox
    gc.unfreeze()


def load(bench: Bench, sandbox: Sandbox, connection: psycopg.Connection[Any]) -> Loaded:
    """Read all tasks and load them at the same time, as Meltano does."""
    messages = bench.folder / "messages.jsonl"
    tap_arguments = bench.tap_arguments("teamwork", teamwork.account(sandbox), {"tasks"})
    loader_arguments = bench.loader_arguments()
    postgresql = [0.0]
    processes: list[int] = []

    def look_at_postgresql() -> None:
        found = [private_memory(pid) for pid in processes]
        postgresql.extend(found)
        if not any(found):
            processes[:] = [pid for (pid,) in connection.execute(LOADERS_PROCESS).fetchall()]

    started = time.perf_counter()
    tap = bench.start("tap-teamwork", *tap_arguments, stdout=subprocess.PIPE, pipesize=PIPE_BYTES)
    tee = Running(
        subprocess.Popen(  # noqa: S603
            ["tee", str(messages)],  # noqa: S607
            stdin=tap.process.stdout,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
        )
    )
    loader = bench.start("target-postgres", *loader_arguments, stdin=tee.process.stdout)
    finish(tap, tee, loader, looking_on=look_at_postgresql)
    seconds = time.perf_counter() - started
    peaks = {
        "the tap": tap.peak_memory,
        "the loader": loader.peak_memory,
        "the loader's process in PostgreSQL (its own)": max(postgresql),
    }
    return Loaded(messages, seconds, peaks)


def copy(bench: Bench, connection: psycopg.Connection[Any]) -> float:
    """Put the loaded rows into a table `copied` with the same indexes; return the seconds."""
    rows = bench.folder / "rows.copy"
    with connection.cursor() as cursor:
        with cursor.copy(b"copy raw_teamwork.tasks to stdout") as out, rows.open("wb") as file:
            file.writelines(out)
        cursor.execute(b"create table raw_teamwork.copied (like raw_teamwork.tasks including all)")
        started = time.perf_counter()
        with cursor.copy(COPY.encode()) as into, rows.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                into.write(chunk)
        seconds = time.perf_counter() - started
    rows.unlink()
    return seconds


def side_by_side(bench: Bench, messages: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Load the same messages with and without our triggers and indexes, both at the same time.

    Returns:
        The seconds of each round, with and without.
    """
    ours: list[float] = []
    plain: list[float] = []
    for _ in range(rounds):
        with bench.database("plain") as connection:
            indexes = value(connection, INDEXES)
            connection.execute(f"drop index {indexes}".encode())
            connection.execute(b"alter table raw_teamwork.tasks disable trigger user")
        with bench.database("ours"), messages.open("rb") as one, messages.open("rb") as another:
            with_ours = bench.start(
                "target-postgres", *bench.loader_arguments(database="ours"), stdin=one
            )
            without = bench.start(
                "target-postgres", *bench.loader_arguments(database="plain"), stdin=another
            )
            finish(with_ours, without)
        ours.append(with_ours.seconds)
        plain.append(without.seconds)
    return ours, plain


def compare_settings(bench: Bench, messages: Path, tasks: int) -> None:
    """Measure what a setting of the loader saves that meltano.yml changes."""
    chosen: list[float] = []
    shipped: list[float] = []
    for _ in range(ROUNDS[tasks]):
        for found, validates in ((chosen, False), (shipped, True)):
            with bench.database("settings"):
                arguments = bench.loader_arguments(validate_records=validates)
                found.append(bench.run("target-postgres", *arguments, stdin=messages).seconds)
    ratios = quotients(chosen, shipped)
    note_ratio(bench, "loader's time, validate_records off / on", tasks, ratios, goal="")


def note_rate(bench: Bench, what: str, command: str, size: Size, seconds: Sequence[float]) -> None:
    """Keep a rate beside that of COPY."""
    rates = [size.tasks / each for each in seconds]
    floor = size.tasks / size.copy_seconds
    data, found, spread = growth.of_tasks(size.tasks), median(rates), spread_of(rates)
    bench.note(Figure("load", what, command, data, found, "per s", floor, spread=spread))


def note_ratio(bench: Bench, what: str, tasks: int, ratios: Sequence[float], goal: str) -> None:
    """Keep the ratio of two times of the loader."""
    data, found, spread = growth.of_tasks(tasks), median(ratios), spread_of(ratios)
    bench.note(Figure("load", what, LOADER, data, found, goal=goal, spread=spread))


def quotients(some: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return the ratios of two measurements, round by round."""
    return [one / other for one, other in zip(some, others, strict=True)]
