"""Where the database is: the connection that everything else uses."""

from __future__ import annotations

import configparser
import os
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from planwerk_warehouse.embedded import SUPERUSER, EmbeddedServer
from planwerk_warehouse.errors import WarehouseError

OLDEST_VERSION = 14
CONNECT_SECONDS = 10
SERVICE = "planwerk"

Connection = dict[str, Any]
"""Parameters of libpq: host, port, user, password, dbname ..."""


def external(url: str) -> Connection:
    """Return the connection to a server that somebody else runs, once it has answered.

    Args:
        url: `postgresql://user:password@host:port/database`, or any other form that libpq takes.

    Raises:
        WarehouseError: If the URL is not readable, the server does not answer or refuses us.
    """
    plain = re.sub(r"^postgres(ql)?\+\w+:", "postgresql:", url)
    try:
        connection: Connection = conninfo_to_dict(plain)
    except psycopg.Error:
        connection = {}
    if not connection or "@" in str(connection.get("host", "")):
        raise WarehouseError(
            "PLANWERK_DATABASE_URL is not a PostgreSQL URL. It looks like "
            "postgresql://user:password@host:5432/database, with special characters in the "
            "password percent-encoded (@ is %40)."
        )
    _check(connection)
    return connection


def embedded(folder: Path, database: str) -> Connection:
    """Return the connection to the embedded server, started and with its database.

    Raises:
        WarehouseError: If the server does not start.
    """
    server = EmbeddedServer(folder)
    server.up()
    connection: Connection = {
        "host": str(server.socket_folder),
        "user": SUPERUSER,
        "dbname": database,
    }
    with psycopg.connect(**{**connection, "dbname": SUPERUSER}, autocommit=True) as session:
        known = session.execute("select from pg_database where datname = %s", [database])
        if known.fetchone() is None:
            session.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
    return connection


def _check(connection: Connection) -> None:
    at = f"{connection.get('host', 'the local socket')}:{connection.get('port', 5432)}"
    limits = {"connect_timeout": CONNECT_SECONDS, **connection}
    try:
        with psycopg.connect(**limits) as session:
            version = session.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"The database at {at} refuses or does not answer: {_reason(error, connection)}. "
            "Check PLANWERK_DATABASE_URL, and that the server runs and lets this machine in."
        ) from None
    if version < OLDEST_VERSION:
        raise WarehouseError(
            f"The database at {at} is PostgreSQL {version}. Planwerk needs {OLDEST_VERSION} "
            "or newer."
        )


def _reason(error: psycopg.Error, connection: Connection) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = re.sub(r"^.*?(FATAL|failed|error):\s*", "", lines[0]) if lines else "no reason given"
    password = connection.get("password")
    return reason.replace(password, "***") if password else reason


def url(connection: Connection) -> str:
    """Return the connection as a URL that every PostgreSQL tool takes."""
    rest = dict(connection)
    user, password = quote(rest.pop("user", ""), safe=""), rest.pop("password", None)
    login = f"{user}:{quote(password, safe='')}@" if password else f"{user}@" if user else ""
    database = quote(rest.pop("dbname", ""), safe="")
    place = ""
    if not str(rest.get("host", "/")).startswith("/"):
        place = rest.pop("host") + (f":{rest.pop('port')}" if "port" in rest else "")
    query = "&".join(f"{name}={quote(str(value), safe='/')}" for name, value in rest.items())
    return f"postgresql://{login}{place}/{database}{'?' if query else ''}{query}"


def service_file() -> Path:
    """Return where libpq looks for the service: `PGSERVICEFILE`.

    Raises:
        WarehouseError: If it is not set; Meltano and make set it.
    """
    path = os.environ.get("PGSERVICEFILE")
    if not path:
        raise WarehouseError(
            "PGSERVICEFILE is not set. Run this through make or `meltano invoke warehouse:up`, "
            "which set it."
        )
    return Path(path)


def write_service(connection: Connection) -> None:
    """Note the connection where libpq finds it as the service `planwerk`, for this user only."""
    path = service_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    services = configparser.RawConfigParser()
    services[SERVICE] = {name: str(value) for name, value in connection.items()}
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        services.write(file, space_around_delimiters=False)
    Path(draft).replace(path)
