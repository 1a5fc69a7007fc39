"""What the report shows, read from the database at one moment."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from planwerk_report.errors import malformed, not_applied, refused, unreachable
from planwerk_report.known import read_known

if TYPE_CHECKING:
    import datetime as dt

    from planwerk_report.known import Known

Row = dict[str, Any]

_SECTIONS: Final = (
    "sources",
    "months",
    "cost_groups",
    "locations",
    "task_states",
    "projects",
    "unmatched_labels",
)
"""Each is a field of `Figures` and a file in sql/, whose select list is its columns."""
_MISSING: Final = (
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedTable,
)


class Figures(NamedTuple):
    """The numbers, all of one moment; deleted items do not count.

    Attributes:
        made_at: The moment, in the office's time zone like all others.
        totals: The one row of totals.sql.
        sources: Rows of sources.sql, and likewise the further ones.
        known: What rules may name.
    """

    made_at: dt.datetime
    totals: Row
    sources: list[Row]
    months: list[Row]
    cost_groups: list[Row]
    locations: list[Row]
    task_states: list[Row]
    projects: list[Row]
    unmatched_labels: list[Row]
    known: Known


def read_figures(database_url: str) -> Figures:
    """Read everything in one transaction that can change nothing.

    Args:
        database_url: A libpq connection string or URL, such as `service=planwerk`.

    Raises:
        ReportError: The database is unreachable, lacks our views, or may not be read.
    """
    try:
        conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        raise malformed() from None
    try:
        connection = psycopg.connect(database_url, row_factory=dict_row)
    except psycopg.Error as error:
        raise unreachable(error) from None
    try:
        with connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            (now,) = connection.execute(
                "select now() as utc, set_config('timezone', value, true) as timezone"
                " from planwerk.setting where name = 'timezone'"
            )
            return Figures(
                made_at=now["utc"].astimezone(connection.info.timezone),
                totals=_read(connection, "totals")[0],
                known=read_known(connection),
                **{section: _read(connection, section) for section in _SECTIONS},
            )
    except _MISSING:
        raise not_applied() from None
    except psycopg.Error as error:
        raise refused(error) from None


def _read(connection: psycopg.Connection[Row], section: str) -> list[Row]:
    query = (files("planwerk_report") / "sql" / f"{section}.sql").read_bytes()
    return connection.execute(query).fetchall()
