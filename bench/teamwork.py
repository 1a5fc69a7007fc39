"""What Teamwork's tap and the loading of tasks cost."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
from harness import last_state, value
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Bench
    from planwerk_sandbox.server import Sandbox

SMALL, LARGE = 2.5, 50
"""Scales of the sandbox: 5 000 and 100 000 tasks."""

ROUNDS = 3
TAGGED_TASKS = 50_000


def measure(bench: Bench) -> None:
    """Measure all of it."""
    messages = requests_and_memory(bench)
    load_with_and_without_triggers(bench, messages)
    nothing_changed(bench)


def account(sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    return {
        "base_url": sandbox.teamwork_url,
        "api_key": "twp_sandbox",
        "requests_per_minute": 1_000_000,
    }


def requests_and_memory(bench: Bench) -> Path:
    """Measure the task stream at two sizes; return the messages of the large one."""
    peaks = {}
    for scale in (SMALL, LARGE):
        with running(scale=scale) as sandbox:
            done = bench.tap("teamwork", account(sandbox), {"tasks"})
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
        first = bench.tap("teamwork", account(sandbox))
        bench.load(first.output)
        rows = "select md5(string_agg(xmin::text, '' order by id)) from raw_teamwork.tasks"
        before = value(connection, rows)
        sandbox.control.clear_requests()
        second = bench.tap("teamwork", account(sandbox), state=last_state(first.output))
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
