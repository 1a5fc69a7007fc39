"""How the warehouse does, per source and per stream: from the database and notes of the runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg.rows import dict_row

from planwerk_transform.attempts import read_attempt
from planwerk_transform.checkpoints import Checkpoints, read_checkpoints
from planwerk_transform.connection import connect
from planwerk_transform.errors import TransformError, not_applied, refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEFAULT_STALE_AFTER: Final = "1 day"

_STREAMS: Final = """
select source, stream, rows, deleted_rows, last_change, last_extracted_at
from planwerk.sync_status order by source, stream
"""
_ERRORS: Final = """
select s.source,
    (select count(*) from planwerk.rejected_row as r where r.source = s.source) as rejected_rows,
    (select count(*) from planwerk.trigger_error as t where t.source = s.source) as trigger_errors
from (select distinct source from planwerk.sync_status) as s
"""
_NUMBERS: Final = """
select
    (select count(*) from planwerk.trigger_error) as trigger_errors,
    (select message from planwerk.trigger_error order by id desc limit 1) as last_trigger_error,
    (select count(*) from planwerk.unmatched_label) as unmatched_labels
"""


class SourceStatus(NamedTuple):
    """How one source does.

    Attributes:
        source: Its name.
        last_success: End of the last run that loaded everything.
        is_stale: Whether that is too long ago; never for a source that is not in use.
        rows: Stored rows, deleted ones included.
        deleted_rows: Rows marked deleted.
        rejected_rows: Values and rows that could not be loaded.
        trigger_errors: What a trigger could not do.
        requests: What the last run that loaded everything has asked of the source's server.
        next_start: The earliest moment at which an incremental stream goes on.
        failed_at: End of the last run, if it failed.
        failure: Why it failed.
    """

    source: str
    last_success: dt.datetime | None
    is_stale: bool
    rows: int
    deleted_rows: int
    rejected_rows: int
    trigger_errors: int
    requests: int | None
    next_start: dt.datetime | None
    failed_at: dt.datetime | None
    failure: str | None


class Status(NamedTuple):
    """How the warehouse does.

    Attributes:
        sources: One per source.
        streams: Columns of `planwerk.sync_status`, and `checkpoint`.
        checkpoints: Per source.
        trigger_errors: How many there are.
        last_trigger_error: Message of the newest.
        unmatched_labels: Labels in use that no rule knows.
    """

    sources: list[SourceStatus]
    streams: list[dict[str, Any]]
    checkpoints: dict[str, Checkpoints]
    trigger_errors: int
    last_trigger_error: str | None
    unmatched_labels: int

    @property
    def rejected_rows(self) -> int:
        """Values and rows that could not be loaded."""
        return sum(source.rejected_rows for source in self.sources)

    @property
    def is_stale(self) -> bool:
        """Whether the last success of any source is too long ago."""
        return any(source.is_stale for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        """Return an object that `json.dumps` takes; moments are ISO 8601."""
        return {
            "sources": [_with_iso_moments(source._asdict()) for source in self.sources],
            "streams": [_with_iso_moments(row) for row in self.streams],
            "checkpoints": {
                source: {"file": str(read.file), "problem": read.problem}
                for source, read in self.checkpoints.items()
            },
            "trigger_errors": self.trigger_errors,
            "last_trigger_error": self.last_trigger_error,
            "unmatched_labels": self.unmatched_labels,
            "rejected_rows": self.rejected_rows,
        }


def read_status(
    database_url: str,
    state_folder: Path,
    environment: str,
    *,
    runs_folder: Path,
    stale_after: str = DEFAULT_STALE_AFTER,
) -> Status:
    """Ask the database, the state files and the notes; moments are in the office's time zone.

    Args:
        database_url: The database.
        state_folder: Where Meltano keeps its states.
        environment: Meltano's environment, such as `office`.
        runs_folder: Where the notes of the runs are.
        stale_after: Time without a success after which a source is stale, as PostgreSQL writes
            intervals: `1 day`, `90 minutes`.

    Raises:
        TransformError: The database is unreachable, nothing was applied to it yet, or the time is
            none.
    """
    try:
        with connect(database_url) as connection:
            connection.execute(
                "select set_config('timezone', value, true) from planwerk.setting"
                " where name = 'timezone'"
            )
            cursor = connection.cursor(row_factory=dict_row)
            streams = cursor.execute(_STREAMS).fetchall()
            errors = {row["source"]: row for row in cursor.execute(_ERRORS)}
            numbers = cursor.execute(_NUMBERS).fetchone() or {}
            limit = _moment_before_now(connection, stale_after)
            timezone = connection.info.timezone
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise not_applied() from None
    except psycopg.Error as error:
        raise refused("Reading the status", error) from None
    checkpoints = {
        source: read_checkpoints(state_folder, environment, source) for source in sorted(errors)
    }
    for row in streams:
        moment = checkpoints[row["source"]].streams.get(row["stream"])
        row["checkpoint"] = moment and moment.astimezone(timezone)
    sources = [
        _source_status(source, read, streams, errors[source], runs_folder, environment, limit)
        for source, read in checkpoints.items()
    ]
    return Status(sources=sources, streams=streams, checkpoints=checkpoints, **numbers)


def _moment_before_now(connection: psycopg.Connection[Any], interval: str) -> dt.datetime:
    try:
        row = connection.execute("select now() - %s::interval", [interval]).fetchone()
    except psycopg.errors.DataError:
        raise TransformError(
            f"PLANWERK_STALE_AFTER is no length of time: {interval}. Write it like 1 day,"
            " 6 hours or 90 minutes."
        ) from None
    moment: dt.datetime = (row or [])[0]
    return moment


def _source_status(  # noqa: PLR0913, PLR0917
    source: str,
    read: Checkpoints,
    streams: Sequence[dict[str, Any]],
    errors: dict[str, Any],
    runs_folder: Path,
    environment: str,
    limit: dt.datetime,
) -> SourceStatus:
    attempt = read_attempt(runs_folder, environment, source)
    successes = [
        moment.astimezone(limit.tzinfo)
        for moment in (
            read.last_run and read.last_run.ended_at,
            attempt and attempt.succeeded_at,
        )
        if moment
    ]
    last_success = max(successes, default=None)
    rows = sum(row["rows"] for row in streams if row["source"] == source)
    failed_at = attempt.ended_at.astimezone(limit.tzinfo) if attempt and attempt.failure else None
    is_in_use = bool(rows or attempt or read.streams)
    return SourceStatus(
        source=source,
        last_success=last_success,
        is_stale=is_in_use and (last_success is None or last_success < limit),
        rows=rows,
        deleted_rows=sum(row["deleted_rows"] for row in streams if row["source"] == source),
        rejected_rows=errors["rejected_rows"],
        trigger_errors=errors["trigger_errors"],
        requests=read.last_run.requests if read.last_run else None,
        next_start=read.next_start and read.next_start.astimezone(limit.tzinfo),
        failed_at=failed_at,
        failure=attempt.failure if attempt else None,
    )


def _with_iso_moments(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in row.items()
    }
