"""Where the database is: the connection that everything else uses."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from planwerk_warehouse.embedded import PORT, SUPERUSER, EmbeddedServer
from planwerk_warehouse.errors import WarehouseError

OLDEST_VERSION = 14
CONNECT_SECONDS = 10
SERVICE = "planwerk"
LOADER_SERVICE = "planwerk_loader"
LONGEST_LINE = 1000
"""What libpq reads of a line in a service file, name and value."""

Connection = dict[str, Any]
"""Parameters of libpq: host, port, user, password, dbname ..."""


def external(url: str, setting: str = "PLANWERK_DATABASE_URL") -> Connection:
    """Return the connection to a server that somebody else runs, once it has answered.

    Args:
        url: `postgresql://user:password@host:port/database`, or any other form that libpq takes,
            but no service: that is what we write ourselves.
        setting: Where the user has put the URL.

    Raises:
        WarehouseError: If the URL is not readable, the server does not answer or refuses us.
    """
    plain = re.sub(r"^postgres(ql)?\+\w+:", "postgresql:", url)
    try:
        connection: Connection = conninfo_to_dict(plain)
    except psycopg.Error:
        connection = {}
    if not connection or "service" in connection or _is_torn(connection):
        raise WarehouseError(
            f"{setting} is not a PostgreSQL URL. It looks like "
            "postgresql://user:password@host:5432/database, with special characters in the "
            "password percent-encoded (@ is %40)."
        )
    _check(connection, setting)
    return connection


def _is_torn(connection: Connection) -> bool:
    """Return whether a password with @ or / in it has spilled into the parts beside it."""
    beside = f"{connection.get('host', '')}{connection.get('dbname', '')}"
    return "@" in beside or not re.fullmatch(r"[\d,]*", str(connection.get("port", "")))


def embedded(folder: Path, database: str) -> Connection:
    """Return the connection to the embedded server, started and with its database.

    Raises:
        WarehouseError: If the server does not start.
    """
    server = EmbeddedServer(folder)
    server.up()
    connection: Connection = {
        "host": str(server.socket_folder),
        "port": str(PORT),
        "user": SUPERUSER,
        "dbname": database,
    }
    try:
        with psycopg.connect(**{**connection, "dbname": SUPERUSER}, autocommit=True) as session:
            _create(session, database)
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"The embedded database does not answer: {_reason(error, connection)}."
        ) from None
    return connection


def _create(session: psycopg.Connection, database: str) -> None:
    """Create the database unless it is there.

    Its locale is the same on every machine, and knows that Ü is a capital ü.
    """
    known = session.execute("select from pg_database where datname = %s", [database])
    if known.fetchone() is None:
        # Another process may be quicker, and be done by the time that ours is refused.
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            session.execute(
                sql.SQL(
                    "create database {} template template0"
                    " locale_provider builtin builtin_locale 'C.UTF-8'"
                ).format(sql.Identifier(database))
            )


def _check(connection: Connection, setting: str) -> None:
    at = f"{connection.get('host', 'the local socket')}:{connection.get('port', 5432)}"
    limits = {"connect_timeout": CONNECT_SECONDS, **connection}
    try:
        with psycopg.connect(**limits) as session:
            version = session.info.server_version // 10_000
    except (psycopg.Error, UnicodeError) as error:  # the latter from a name that no host can have
        raise WarehouseError(
            f"The database at {at} refuses or does not answer: {_reason(error, connection)}. "
            f"Check {setting}, and that the server runs and lets this machine in."
        ) from None
    if version < OLDEST_VERSION:
        raise WarehouseError(
            f"The database at {at} is PostgreSQL {version}. Planwerk needs {OLDEST_VERSION} "
            "or newer."
        )


def _reason(error: Exception, connection: Connection) -> str:
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
    if re.fullmatch(r"[^/,]+", rest.get("host", "")):  # one host, neither a socket nor a list
        host = rest.pop("host")
        place = f"[{quote(host, safe=':')}]" if ":" in host else quote(host)
        place += f":{rest.pop('port')}" if "port" in rest else ""
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


def write_service(connection: Connection, service: str = SERVICE) -> None:
    """Note the connection where libpq finds it as a service, for this user only.

    Other services that the file may hold stay as they are.

    Raises:
        WarehouseError: If the file cannot be written, or cannot hold a value.
    """
    path = service_file()
    lines = [f"{name}={value}" for name, value in connection.items()]
    if not all(map(_fits, lines)):
        raise WarehouseError(
            "The URL of the database holds a value that a service file cannot: one that ends in a "
            f"space, has a line break or is longer than {LONGEST_LINE} bytes."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = path.read_text("utf-8", "surrogateescape") if path.exists() else ""
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join([_others(known, service) + f"[{service}]", *lines, ""]))
        Path(draft).replace(path)
    except OSError as error:
        raise WarehouseError(
            f"{path}, which PGSERVICEFILE names, cannot be written: {error.strerror}."
        ) from None


def _fits(line: str) -> bool:
    return line == line.rstrip() and "\n" not in line and len(line.encode()) <= LONGEST_LINE


def _others(services: str, service: str) -> str:
    """Return a service file without one service."""
    ours = rf"^\[{service}\]\n(?:[^\[\n#].*\n?)*"
    others = re.sub(ours, "", services, flags=re.MULTILINE)
    return others if not others or others.endswith("\n") else f"{others}\n"
