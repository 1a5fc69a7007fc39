"""One screen on how the warehouse does: rows, freshness, checkpoints, errors, unmatched labels."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planwerk_transform.checkpoints import Checkpoints, read_checkpoints
from planwerk_transform.connection import connect
from planwerk_transform.errors import not_applied, refused
from planwerk_transform.structure import read_again

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOMENTS: Final = "last_change", "last_extracted_at", "checkpoint"
_STREAMS: Final = """
select source, stream, rows, deleted_rows, last_change, last_extracted_at
from planwerk.sync_status order by source, stream
"""
_NUMBERS: Final = """
select
    (select count(*) from planwerk.trigger_error) as trigger_errors,
    (select message from planwerk.trigger_error order by id desc limit 1) as last_trigger_error,
    (select count(*) from planwerk.unmatched_label) as unmatched_labels,
    (select count(*) from planwerk.rejected_row) as rejected_rows
"""


class Status(NamedTuple):
    """How the warehouse does.

    Attributes:
        streams: Columns of `planwerk.sync_status`, and `checkpoint`.
        checkpoints: Per source.
        trigger_errors: How many there are.
        last_trigger_error: Message of the newest.
        unmatched_labels: Labels in use that no rule knows.
        rejected_rows: Values and rows that could not be loaded.
    """

    streams: list[dict[str, Any]]
    checkpoints: dict[str, Checkpoints]
    trigger_errors: int
    last_trigger_error: str | None
    unmatched_labels: int
    rejected_rows: int

    def as_json(self) -> dict[str, Any]:
        """Return an object that `json.dumps` takes; moments are ISO 8601."""
        return {
            "streams": [_with_moments(row, dt.datetime.isoformat) for row in self.streams],
            "checkpoints": {
                source: {"file": str(read.file), "problem": read.problem}
                for source, read in self.checkpoints.items()
            },
            "trigger_errors": self.trigger_errors,
            "last_trigger_error": self.last_trigger_error,
            "unmatched_labels": self.unmatched_labels,
            "rejected_rows": self.rejected_rows,
        }


def read_status(database_url: str, state_folder: Path, environment: str) -> Status:
    """Ask the database and the state files; moments are in the office's time zone.

    Raises:
        TransformError: The database is unreachable, or nothing was applied to it yet.
    """
    try:
        with connect(database_url) as connection:
            connection.execute(
                "select set_config('timezone', value, true) from planwerk.setting"
                " where name = 'timezone'"
            )
            cursor = connection.cursor(row_factory=dict_row)
            streams = cursor.execute(_STREAMS).fetchall()
            numbers = cursor.execute(_NUMBERS).fetchone() or {}
            timezone = connection.info.timezone
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise not_applied() from None
    except psycopg.Error as error:
        raise refused("Reading the status", error) from None
    sources = dict.fromkeys(row["source"] for row in streams)
    checkpoints = {
        source: read_checkpoints(state_folder, environment, source) for source in sources
    }
    for row in streams:
        moment = checkpoints[row["source"]].streams.get(row["stream"])
        row["checkpoint"] = moment and moment.astimezone(timezone)
    return Status(streams=streams, checkpoints=checkpoints, **numbers)


def print_status(status: Status) -> None:
    """Print it for a person; streams without rows share a line."""
    # A pipe or a log file gets lines as long as they need to be, a terminal gets its own width.
    console = Console()
    if not console.is_terminal:
        console = Console(width=200, highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in ("source", "stream"):
        table.add_column(column)
    for column in ("rows", "deleted"):
        table.add_column(column, justify="right")
    for column in ("last change", "last read", "checkpoint"):
        table.add_column(column, no_wrap=True)
    for row in status.streams:
        if row["rows"]:
            cells = _with_moments(row, "{:%Y-%m-%d %H:%M}".format).values()
            table.add_row(*("" if cell is None else str(cell) for cell in cells))
    console.print(table)
    for line in _remarks(status):
        console.print(Text(line), soft_wrap=True)


def _remarks(status: Status) -> Iterator[str]:
    for source, read in status.checkpoints.items():
        empty = [
            row["stream"] for row in status.streams if row["source"] == source and not row["rows"]
        ]
        if empty:
            yield f"{source}: no rows in {', '.join(empty)}"
        if emptied := read.incremental.intersection(empty):
            yield (
                f"{source}: no rows but a checkpoint in {', '.join(sorted(emptied))}; if somebody"
                f" has emptied that by hand: {read_again(source, set(emptied))}"
            )
        if read.problem:
            yield f"{source}: no checkpoints, {read.file} {read.problem}"
    if status.trigger_errors:
        yield (
            f"Trigger errors: {status.trigger_errors}, the last one: {status.last_trigger_error}"
            " (planwerk-transform check lists them, rebuild repairs)"
        )
    else:
        yield "Trigger errors: none"
    yield f"Unmatched labels in use: {status.unmatched_labels or 'none'}"
    if status.rejected_rows:
        yield (
            f"Values that could not be loaded: {status.rejected_rows}"
            " (planwerk.rejected_row lists them with the reason)"
        )


def _with_moments(row: dict[str, Any], write: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        name: write(value) if name in _MOMENTS and value is not None else value
        for name, value in row.items()
    }
