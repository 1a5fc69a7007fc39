"""The report at the end of `make demo`: what was loaded and how it was sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planwerk_transform.connection import connect
from planwerk_transform.errors import not_applied, refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_MOST_LABELS: Final = 10
_QUERIES: Final = (
    (
        "Tasks per cost group (DIN 276, the ten most used)",
        ("code", "cost group", "tasks"),
        """
        select code, cost_group_name, count(distinct item_id) from planwerk.item_cost_group
        where item_kind = 'task' and not is_deleted
        group by code, cost_group_name order by 3 desc, 1 limit 10
        """,
    ),
    (
        "Conversations per cost group (DIN 276, the ten most used)",
        ("code", "cost group", "conversations"),
        """
        select code, cost_group_name, count(distinct item_id) from planwerk.item_cost_group
        where item_kind = 'conversation' and not is_deleted
        group by code, cost_group_name order by 3 desc, 1 limit 10
        """,
    ),
    (
        "Tasks per building",
        ("building", "tasks"),
        """
        select location_path[1], count(distinct item_id) from planwerk.item_location
        where item_kind = 'task' and not is_deleted
        group by 1 order by 2 desc, 1
        """,
    ),
    (
        "Mails per project, by their labels (the ten with the most)",
        ("project", "conversations", "messages"),
        """
        select project_name, count(distinct conversation_id), count(distinct email_id)
        from planwerk.email_project where not is_deleted
        group by project_id, project_name order by 3 desc, 1 limit 10
        """,
    ),
    (
        "Documents per project, by their folders (the ten with the most)",
        ("project", "documents"),
        """
        select project_name, count(distinct item_id) from planwerk.item_project
        where item_kind = 'document' and not is_deleted
        group by project_id, project_name order by 2 desc, 1 limit 10
        """,
    ),
    (
        f"Labels that no rule knows (the {_MOST_LABELS} most used)",
        ("label", "used", "reason", "source"),
        f"""
        select coalesce(array_to_string(path, ' / '), name), use_count, reason, source
        from planwerk.unmatched_label
        order by use_count desc, 1, 4 limit {_MOST_LABELS}
        """,  # noqa: S608  # our own number
    ),
)
_COUNTS: Final = {
    *("rows", "new or changed", "deleted"),
    *("tasks", "conversations", "messages", "documents", "used"),
}


def print_report(database_url: str, since: dt.datetime | None = None) -> None:
    """Print rows per stream, how tasks, mails and documents were sorted, and unmatched labels.

    Args:
        database_url: A libpq connection string or URL.
        since: Also tell how many rows were new or changed since then.

    Raises:
        TransformError: The database is unreachable, or nothing was applied to it yet.
    """
    # A pipe or a log file gets lines as long as they need to be, a terminal gets its own width.
    console = Console()
    if not console.is_terminal:
        console = Console(width=200, highlight=False)
    try:
        with connect(database_url) as connection:
            _print_streams(console, connection, since)
            for title, columns, query in _QUERIES:
                rows = connection.execute(query).fetchall()
                console.print(Text(f"\n{title}", style="bold"))
                console.print(_table(columns, rows) if rows else Text("none"))
            _print_further_labels(console, connection)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise not_applied() from None
    except psycopg.Error as error:
        raise refused("Reading the report", error) from None


def _print_streams(
    console: Console, connection: psycopg.Connection[Any], since: dt.datetime | None
) -> None:
    streams = connection.execute(
        "select source, stream, rows, deleted_rows from planwerk.sync_status"
        " order by source, stream"
    ).fetchall()
    console.print(Text("\nRows per stream", style="bold"))
    if since is None:
        console.print(_table(("source", "stream", "rows", "deleted"), streams))
        return
    changed = [_changed_rows(connection, source, stream, since) for source, stream, *_ in streams]
    rows = [(*stream, count) for stream, count in zip(streams, changed, strict=True)]
    console.print(_table(("source", "stream", "rows", "deleted", "new or changed"), rows))
    if not any(changed):
        console.print(Text("Nothing new: every row was already there, as it is."))


def _changed_rows(
    connection: psycopg.Connection[Any], source: str, stream: str, since: dt.datetime
) -> int:
    table = sql.Identifier(f"raw_{source}", stream)
    query = sql.SQL(
        "select count(*) from {} where greatest(_sdc_batched_at, _sdc_deleted_at) >= %s"
    )
    found = connection.execute(query.format(table), [since]).fetchone()
    return int(found[0]) if found else 0


def _print_further_labels(console: Console, connection: psycopg.Connection[Any]) -> None:
    found = connection.execute("select count(*) from planwerk.unmatched_label").fetchone()
    further = (found[0] if found else 0) - _MOST_LABELS
    if further > 0:
        console.print(Text(f"and {further} more in planwerk.unmatched_label"))


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column, justify="right" if column in _COUNTS else "left")
    for row in rows:
        # Text, because square brackets in a name are no markup.
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    return table
