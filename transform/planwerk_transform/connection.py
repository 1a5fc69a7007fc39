"""Connections to the warehouse, with failures that a user can act on."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from planwerk_transform.errors import malformed, unreachable


def connect(database_url: str) -> psycopg.Connection[Any]:
    """Open a connection.

    Args:
        database_url: A libpq connection string or URL, such as `service=planwerk`.

    Raises:
        TransformError: The string cannot be read, or the server not be reached.
    """
    try:
        conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        raise malformed() from None
    try:
        return psycopg.connect(database_url)
    except psycopg.Error as error:
        raise unreachable(error) from None
