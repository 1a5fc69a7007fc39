"""Which locks are taken in which order.

A loader's transaction writes one raw table; its triggers then take the lock of all derived tables
and write those. Whoever changes a rule or a location by hand writes that table, then takes the lock
of the derived tables, and reads raw tables. Whoever reads takes views and tables in any order. Two
sessions that wait for each other end with one of them refused, and that may be the loader: so
nobody else may wait for what these hold while holding what they need.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATIENCE_SECONDS: Final = 120
_ATTEMPT_SECONDS: Final = 0.5
"""Less than the second after which PostgreSQL looks for sessions that wait for each other."""
_WRITTEN_BY_PEOPLE: Final = "task_type", "rule", "location", "assignment", "internal_domain"
"""In an order in which triggers of one write another: rules name types, and create locations."""
_TAKE_FROM_READERS: Final = r"""
do $$
declare
    relation record;
begin
    -- As readers lock them: views before what they are made of, the newer ones first. "lock table"
    -- would lock what a view is made of along with it; to give it to its owner locks it alone.
    for relation in
        select c.oid::regclass as name, c.relowner::regrole as owner, c.relkind = 'v' as is_view
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v') and (n.nspname = 'planwerk' or n.nspname like 'raw\_%')
        order by c.relkind desc, c.oid desc
    loop
        if relation.is_view then
            execute format('alter view %s owner to %s', relation.name, relation.owner);
        else
            execute format('lock table %s in access exclusive mode', relation.name);
        end if;
    end loop;
end
$$
"""


def begin_alone(connection: psycopg.Connection[Any]) -> None:
    """Wait until no other apply, check or rebuild runs; the lock ends with the transaction."""
    connection.execute("select set_config('lock_timeout', %s, true)", [f"{_PATIENCE_SECONDS}s"])
    connection.execute("select pg_advisory_xact_lock(hashtextextended('planwerk.apply', 0))")


def lock_everything(connection: psycopg.Connection[Any]) -> None:
    """Let nobody read or write, as a change of the structure needs.

    First those who write are waited for, loaders and then people, while all may read. Then all is
    taken from readers: at once or not at all, and tried again.

    Raises:
        psycopg.errors.LockNotAvailable: Somebody held something for too long.
    """
    _lock(connection, _raw_tables(connection), "share row exclusive")
    for table in _WRITTEN_BY_PEOPLE:
        _lock(connection, _existing(connection, f"planwerk.{table}"), "share row exclusive")
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while not _lock_at_once(connection):
        if time.monotonic() > give_up_at:
            raise psycopg.errors.LockNotAvailable("somebody reads without a pause")
        time.sleep(random.uniform(0, _ATTEMPT_SECONDS))  # noqa: S311  # no secret


def lock_derived_tables(connection: psycopg.Connection[Any]) -> None:
    """Hold the derived tables as they are; loaders may write until their triggers need them."""
    _lock(connection, _raw_tables(connection), "access share")
    connection.execute("select pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0))")


def _raw_tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "select c.oid::regclass::text from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace"
        r" where c.relkind = 'r' and n.nspname like 'raw\_%' order by c.oid"
    )
    return [name for (name,) in found.fetchall()]


def _existing(connection: psycopg.Connection[Any], name: str) -> list[str]:
    found = connection.execute("select to_regclass(%s)::text", [name]).fetchone()
    return [found[0]] if found and found[0] else []


def _lock(connection: psycopg.Connection[Any], relations: Sequence[str], mode: str) -> None:
    if relations:
        connection.execute(f"lock table {', '.join(relations)} in {mode} mode".encode())


def _lock_at_once(connection: psycopg.Connection[Any]) -> bool:
    """Take all from readers, or nothing where that takes too long."""
    try:
        with connection.transaction():
            connection.execute(
                "select set_config('statement_timeout', %s, true)", [f"{_ATTEMPT_SECONDS}s"]
            )
            connection.execute(_TAKE_FROM_READERS)
            connection.execute("set local statement_timeout to default")
    except psycopg.errors.QueryCanceled:
        return False
    return True
