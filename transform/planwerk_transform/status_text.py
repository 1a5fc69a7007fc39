"""The status for people, on one screen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planwerk_transform.structure import read_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_transform.status import SourceStatus, Status


def print_status(status: Status) -> None:
    """Print it; streams without rows share a line."""
    # A pipe or a log file gets lines as long as they need to be, a terminal gets its own width.
    console = Console()
    if not console.is_terminal:
        console = Console(width=200, highlight=False)
    sources = _table(
        ["source", "last success"],
        ["rows", "deleted", "rejected", "trigger errors", "requests"],
        ["next run begins at"],
    )
    for source in status.sources:
        sources.add_row(*map(_cell, _source_cells(source)))
    console.print(sources)
    console.print()
    streams = _table(
        ["source", "stream"], ["rows", "deleted"], ["last change", "last read", "checkpoint"]
    )
    for row in status.streams:
        if row["rows"]:
            streams.add_row(*map(_cell, row.values()))
    console.print(streams)
    for line in _remarks(status):
        console.print(Text(line), soft_wrap=True)


def _table(texts: list[str], numbers: list[str], moments: list[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in texts:
        table.add_column(column, no_wrap=True)
    for column in numbers:
        table.add_column(column, justify="right")
    for column in moments:
        table.add_column(column, no_wrap=True)
    return table


def _source_cells(source: SourceStatus) -> Iterator[Any]:
    yield source.source
    yield source.last_success or "never"
    yield source.rows
    yield source.deleted_rows
    yield source.rejected_rows
    yield source.trigger_errors
    yield source.requests
    yield source.next_start


def _cell(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def _remarks(status: Status) -> Iterator[str]:
    for source in status.sources:
        if source.is_stale:
            since = "for too long" if source.last_success else "yet"
            yield f"{source.source}: STALE, no run has loaded everything {since}"
        if source.failure:
            yield f"{source.source}: the run of {_cell(source.failed_at)} failed: {source.failure}"
    for name, read in status.checkpoints.items():
        empty = [
            row["stream"] for row in status.streams if row["source"] == name and not row["rows"]
        ]
        if empty:
            yield f"{name}: no rows in {', '.join(empty)}"
        if emptied := read.incremental.intersection(empty):
            yield (
                f"{name}: no rows but a checkpoint in {', '.join(sorted(emptied))}; if somebody"
                f" has emptied that by hand: {read_again(name, set(emptied))}"
            )
        if read.problem:
            yield f"{name}: no checkpoints, {read.file} {read.problem}"
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
