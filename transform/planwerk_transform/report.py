"""The report at the end of `make demo`: what was loaded and how it was sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planwerk_transform.connection import connect
from planwerk_transform.errors import TransformError, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUERIES: Final = (
    (
        "Rows per stream",
        ("source", "stream", "rows", "deleted"),
        """
        select source, stream, rows, deleted_rows from planwerk.sync_status
        order by source, stream
        """,
    ),
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
        "Tasks per building",
        ("building", "tasks"),
        """
        select location_path[1], count(distinct item_id) from planwerk.item_location
        where item_kind = 'task' and not is_deleted
        group by 1 order by 2 desc, 1
        """,
    ),
    (
        "Labels that no rule knows",
        ("label", "used", "reason"),
        """
        select name, use_count, reason from planwerk.unmatched_label
        order by use_count desc, name
        """,
    ),
)
_COUNTS: Final = {"rows", "deleted", "tasks", "used"}


def print_report(database_url: str) -> None:
    """Print rows per stream, tasks per cost group and building, and unmatched labels.

    Raises:
        TransformError: The database is unreachable, or nothing was applied to it yet.
    """
    # A pipe or a log file gets lines as long as they need to be, a terminal gets its own width.
    console = Console()
    if not console.is_terminal:
        console = Console(width=200, highlight=False)
    try:
        with connect(database_url) as connection:
            for title, columns, query in _QUERIES:
                rows = connection.execute(query).fetchall()
                console.print(Text(f"\n{title}", style="bold"))
                console.print(_table(columns, rows) if rows else Text("none"))
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise TransformError(
            "The database has no Planwerk tables yet: run planwerk-transform apply first."
        ) from None
    except psycopg.Error as error:
        raise refused("Reading the report", error) from None


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column, justify="right" if column in _COUNTS else "left")
    for row in rows:
        # Text, because square brackets in a name are no markup.
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    return table
