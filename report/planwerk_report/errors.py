"""What a user is told when the report cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from pathlib import Path


class ReportError(Exception):
    """A failure with one sentence that says what, where and what to do."""


def malformed() -> ReportError:
    """Name a connection string that libpq cannot read; its message would repeat the string."""
    return ReportError(
        "The connection string cannot be read: write it as"
        " postgresql://user:password@host:5432/database into REPORT_DATABASE_URL"
        " (or --database-url)."
    )


def unreachable(error: psycopg.Error) -> ReportError:
    """Name a failed connection without repeating the connection string."""
    return ReportError(
        f"The database cannot be reached: {_one_line(error)}. "
        "Check REPORT_DATABASE_URL (or --database-url) and that the server runs."
    )


def not_applied() -> ReportError:
    """Name a database that lacks our views, or has older ones."""
    return ReportError(
        "The database has no Planwerk views yet, or not all: run planwerk-transform apply first."
    )


def refused(error: psycopg.Error) -> ReportError:
    """Name a query that the server refused, with the server's own message."""
    hint = (
        "Use a user that is a member of planwerk_reader."
        if isinstance(error, psycopg.errors.InsufficientPrivilege)
        else "No report was written."
    )
    message = error.diag.message_primary or _one_line(error)
    return ReportError(f"Reading the database: {message.rstrip('.')}. {hint}")


def not_writable(output: Path, error: OSError) -> ReportError:
    """Name a file that cannot be written."""
    return ReportError(
        f"The report cannot be written to {output}: {error.strerror or error}. "
        "Name another file in REPORT_OUTPUT (or --output)."
    )


def _one_line(error: psycopg.Error) -> str:
    return " ".join(str(error).split()).rstrip(".")
