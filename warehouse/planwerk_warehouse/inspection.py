"""A look at the database as a doctor takes it: what it is, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg.rows import dict_row

from planwerk_warehouse.errors import WarehouseError
from planwerk_warehouse.server import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_FREE_BYTES: Final = 1 << 30
LARGEST_CLOCK_DIFFERENCE_SECONDS: Final = 60

_SERVER: Final = """
select
    current_setting('server_version') as version,
    pg_size_pretty(pg_database_size(current_database())) as size,
    pg_encoding_to_char(encoding) as encoding,
    clock_timestamp() as clock,
    current_user as who,
    has_database_privilege(current_database(), 'create') as may_create,
    (
        select string_agg(nspname, ', ' order by nspname) from pg_namespace
        where nspname ~ '^(planwerk|raw_(teamwork|missive|craft))$'
            and not pg_has_role(nspowner, 'usage')
    ) as schemas_of_others
from pg_database where datname = current_database()
"""


class Finding(NamedTuple):
    """Something that was looked at.

    Attributes:
        what: What it is, in a few words.
        wrong: What is wrong with it and what to do, as sentences; None if nothing is.
    """

    what: str
    wrong: str | None = None


def inspect(folder: Path | None) -> Iterator[Finding]:
    """Look at the database that the service names.

    Args:
        folder: Data of the embedded server; None for a server that somebody else runs.

    Raises:
        WarehouseError: It does not answer.
    """
    try:
        with psycopg.connect(f"service={SERVICE}", row_factory=dict_row) as session:
            seen: dict[str, Any] = session.execute(_SERVER).fetchone() or {}
    except psycopg.Error as error:
        reason = error.diag.message_primary or "the connection broke off"
        raise WarehouseError(f"The database cannot be looked at: {reason}.") from None
    place = "embedded" if folder else "a server of your own"
    yield Finding(f"PostgreSQL {seen['version']}, {place}, {seen['size']}", _of_encoding(seen))
    yield Finding(f"rights of {seen['who']}", _of_rights(seen))
    away = abs((seen["clock"] - dt.datetime.now(dt.timezone.utc)).total_seconds())
    yield Finding(
        f"clock of the database, {away:.0f} s from this machine's",
        "Set the clocks of both by NTP: days and ages that the views show would be wrong."
        if away > LARGEST_CLOCK_DIFFERENCE_SECONDS
        else None,
    )
    if folder:
        free = shutil.disk_usage(folder).free
        yield Finding(
            f"disk of the database, {free / 1e9:.1f} GB free",
            f"Make room where {folder} lies: a load needs space for what it writes twice."
            if free < LEAST_FREE_BYTES
            else None,
        )


def _of_encoding(seen: dict[str, Any]) -> str | None:
    if seen["encoding"] == "UTF8":
        return None
    return (
        f"Its encoding is {seen['encoding']}, which cannot hold every text. Create the database "
        "anew: create database planwerk encoding 'UTF8' template template0."
    )


def _of_rights(seen: dict[str, Any]) -> str | None:
    if seen["schemas_of_others"]:
        return (
            f"The user does not own {seen['schemas_of_others']}. Connect as the user who made "
            "them, or have an administrator make that one a role of this one."
        )
    if not seen["may_create"]:
        return (
            "The user may create no schema. As an administrator: "
            f'grant create on database … to "{seen["who"]}".'
        )
    return None
