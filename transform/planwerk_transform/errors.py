"""What a user is told when the database refuses."""

from __future__ import annotations

import psycopg


class TransformError(Exception):
    """A failure with one sentence that says what, where and what to do."""


class SourceBusyError(TransformError):
    """Somebody else is at work on the same; nothing is wrong."""


def unreachable(error: psycopg.Error) -> TransformError:
    """Name a failed connection without repeating the connection string."""
    reason = " ".join(str(error).split()).rstrip(".")
    return TransformError(
        f"The database cannot be reached: {reason}. "
        "Check TRANSFORM_DATABASE_URL (or --database-url) and that the server runs."
    )


def malformed() -> TransformError:
    """Name a connection string that libpq cannot read; its message would repeat the string."""
    return TransformError(
        "The connection string cannot be read: write it as"
        " postgresql://user:password@host:5432/database into TRANSFORM_DATABASE_URL"
        " (or --database-url)."
    )


def not_applied() -> TransformError:
    """Name a database that lacks our tables or functions."""
    return TransformError(
        "The database has no Planwerk tables yet, or not all: run planwerk-transform apply first."
    )


def refused(where: str, error: psycopg.Error) -> TransformError:
    """Name a statement that the server refused, with the server's own message."""
    message = (error.diag.message_primary or " ".join(str(error).split())).rstrip(".")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        hint = "Use a role that owns the schemas planwerk and raw_*, or may create them."
    elif isinstance(error, psycopg.errors.LockNotAvailable):
        hint = "Another session holds a table for a long time: try again when it is done."
    elif isinstance(error, (psycopg.errors.InvalidTableDefinition, psycopg.errors.WrongObjectType)):
        hint = (
            "Somebody has put another in its place: drop that one with “cascade”, and the next"
            " apply makes ours again. Nothing was changed."
        )
    else:
        advice = f"{error.diag.message_hint} " if error.diag.message_hint else ""
        hint = f"{advice}Nothing was changed."
    return TransformError(f"{where}: {message}. {hint}")
