"""What the database and the state grow by, per item, and what the loader asks PostgreSQL for.

The floor of a size is that of the same rows, put into the same table by one COPY, its indexes
built anew: rows without gaps, indexes without half-empty pages.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from figures import Figure
from harness import last_state, value
from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from harness import Bench

COMMAND: Final = "tap-teamwork | target-postgres"
INDEX_SIZES = """
select substring(pg_get_indexdef(indexrelid) from 'USING (.*)'), pg_relation_size(indexrelid)
from pg_index where indrelid = %s::regclass order by 1
"""
CALLS = """
select coalesce(sum(f.calls), 0)::bigint
from pg_stat_user_functions as f
where f.schemaname = 'planwerk' and f.funcid in (
    select tgfoid from pg_trigger where not tgisinternal and tgtype & 1 = 0
)
"""
TABLES = """
from pg_class as c where c.relkind = 'r' and c.relnamespace in (
    'raw_{}'::regnamespace, 'planwerk'::regnamespace
)
"""
STATEMENT: Final = re.compile(r"LOG: +(?:statement|execute [^:]*): ")


def of_tasks(number: int) -> str:
    """Return how many tasks there are, in groups of three digits."""
    return f"{in_groups(number)} tasks"


def measure(bench: Bench, connection: psycopg.Connection[Any], messages: Path, tasks: int) -> None:
    """Measure what is there after a first load, beside the table `copied` with the same rows."""
    data = of_tasks(tasks)

    def note(what: str, found: float, unit: str, floor: float | None, goal: str) -> None:
        figure = Figure("growth", what, COMMAND, data, found, unit, floor, goal, guarded=True)
        bench.note(figure)

    state = len(json.dumps(last_state(messages), separators=(",", ":")))
    note("state of tasks", state, "bytes", None, "flat")
    connection.execute(b"select pg_stat_clear_snapshot()")
    dead = "select n_dead_tup from pg_stat_user_tables where relid = 'raw_teamwork.tasks'::regclass"
    note("dead rows", value(connection, dead), "", None, "0")
    connection.execute(b"reindex table raw_teamwork.copied")
    loaded, copied = (sizes(connection, f"raw_teamwork.{name}") for name in ("tasks", "copied"))
    for what, bytes_ in loaded.items():
        note(f"{what}, per task", bytes_ / tasks, "bytes", copied[what] / tasks, "flat")


def sizes(connection: psycopg.Connection[Any], table: str) -> dict[str, int]:
    """Return the bytes of a table, of each of its indexes, and of all together."""
    all_bytes = value(connection, f"select pg_total_relation_size('{table}')")
    rows = value(connection, f"select pg_table_size('{table}')")
    indexes = connection.execute(INDEX_SIZES.encode(), [table]).fetchall()
    return {"table and indexes": all_bytes, "table": rows, **dict(indexes)}


def count_statements(bench: Bench, messages: Path, tasks: int) -> None:
    """Count what the loader asks PostgreSQL for, and how often that calls our triggers.

    Args:
        bench: Programs and databases.
        messages: Those of a tap that has read 10 000 tasks, which the loader takes as one batch.
        tasks: How many there are.
    """
    data = of_tasks(tasks)
    with bench.database("counted") as connection:
        connection.execute(b"alter database counted set log_statement = 'all'")
        connection.execute(b"alter database counted set track_functions = 'all'")
        logged = bench.server.log.stat().st_size
        bench.run("target-postgres", *bench.loader_arguments(database="counted"), stdin=messages)
        with bench.server.log.open(encoding="utf-8") as log:
            log.seek(logged)
            statements = len(STATEMENT.findall(log.read()))
        connection.execute(b"select pg_stat_clear_snapshot()")
        calls = value(connection, CALLS)
    per_batch = (
        ("statements of the loader for one batch", statements),
        ("calls of statement triggers for one batch", calls),
    )
    for what, found in per_batch:
        bench.note(Figure("growth", what, COMMAND, data, found, guarded=True))


def of_state(bench: Bench, source: str, messages: Path, data: str) -> None:
    """Measure the state that a first run of a source leaves behind."""
    state = len(json.dumps(last_state(messages), separators=(",", ":")))
    what, command = f"state of tap-{source}", f"meltano run sync-{source}"
    bench.note(Figure("sources", what, command, data, state, "bytes", goal="flat", guarded=True))


def of_rows(bench: Bench, source: str, messages: Path, items: str, data: str) -> None:
    """Measure what a first run of a source leaves behind in the database.

    Args:
        bench: Programs and databases.
        source: Such as `missive`.
        messages: What its tap printed.
        items: The stream that counts, such as `conversations`.
        data: How much there is.
    """
    size = f"select sum(pg_total_relation_size(c.oid))::bigint {TABLES.format(source)}"
    with bench.database("grown") as connection:
        empty = value(connection, size)
        bench.load(messages, f"raw_{source}")
        grown = value(connection, size) - empty
        connection.execute(b"vacuum full")
        least = value(connection, size) - empty
        rows = value(connection, f"select count(*) from raw_{source}.{items}")  # noqa: S608
    what, command = f"all of it in the database, per row of {items}", f"meltano run sync-{source}"
    bench.note(Figure("sources", what, command, data, grown / rows, "bytes", least / rows, "flat"))
