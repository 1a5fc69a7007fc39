"""Apply the SQL: tables by migration, everything else from its files, in one transaction."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import psycopg
from psycopg.types.json import Jsonb

from planwerk_transform.connection import connect
from planwerk_transform.derived import compute
from planwerk_transform.errors import TransformError, refused
from planwerk_transform.locks import begin_alone, lock_everything
from planwerk_transform.reference_data import put_reference_data
from planwerk_transform.structure import (
    read_last_structure,
    read_structure,
    refuse_changes_by_hand,
    say_what_to_read_again,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE: Final = Path(str(files("planwerk_transform")))
OLDEST_SERVER: Final = 140000
DEFAULT_TIMEZONE: Final = "Europe/Berlin"


def apply(
    database_url: str,
    package: Path = PACKAGE,
    *,
    timezone: str = DEFAULT_TIMEZONE,
    tell: Callable[[str], object] = lambda _: None,
) -> bool:
    """Bring the database to this version; return whether there was anything to do.

    Args:
        database_url: A libpq connection string or URL.
        timezone: Name of the office's time zone, for days shown to people.
        package: Folder with `migrations/`, `raw/`, `sql/` and `data/`.
        tell: Is called with each sentence about what a person has to do next.

    Raises:
        TransformError: The database is unreachable, was changed by hand in a way that cannot be
            mended, or refused a statement; nothing was changed.
    """
    shipped = f"{_fingerprint_of_files(package)} {timezone}"
    try:
        with connect(database_url) as connection:
            _check_server(connection)
            _check_timezone(connection, timezone)
            if _is_current(connection, package, shipped):
                return False
    except psycopg.Error as error:
        raise refused("Looking at the database", error) from None
    sentences = _apply_all(database_url, package, shipped, timezone)
    for sentence in sentences or ():
        tell(sentence)
    return sentences is not None


def _apply_all(database_url: str, package: Path, shipped: str, timezone: str) -> list[str] | None:
    """Apply; return what a person has to do next, or None if there was nothing to apply."""
    # Here, because the import takes longer than everything a run without changes does.
    import sqlalchemy  # noqa: PLC0415

    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(database_url),
        poolclass=sqlalchemy.NullPool,
    )
    where = "Locking"
    try:
        with engine.begin() as outer:
            connection = cast("psycopg.Connection[Any]", outer.connection.driver_connection)
            begin_alone(connection)
            connection.execute("set local client_min_messages = warning")
            if _is_current(connection, package, shipped):
                return None
            lock_everything(connection)
            where = "Looking at the tables"
            last = read_last_structure(connection)
            before = read_structure(connection, package)
            refuse_changes_by_hand(last, before, package)
            where = "Migration"
            connection.execute("create schema if not exists planwerk")
            _migrate(outer, package)
            connection.execute(_comments_of_migrations(package).encode())
            for file in _sql_files(package):
                where = f"{file.parent.name}/{file.name}"
                connection.execute(file.read_bytes())
            where = "Reference data"
            put_reference_data(connection)
            connection.execute("refresh materialized view planwerk.cost_group_word")
            connection.execute(
                "insert into planwerk.setting (name, value) values ('timezone', %s)"
                " on conflict (name) do update set value = excluded.value",
                [timezone],
            )
            where = "Trying the rules"
            bad_rules = connection.execute("select * from planwerk.switch_off_bad_rules()")
            sentences = [
                f"Rule {number} (“{pattern}”) was switched off: {problem}"
                for number, pattern, problem in bad_rules.fetchall()
            ]
            where = "Parsing the labels"
            connection.execute("delete from planwerk.trigger_error")
            compute(connection)
            where = "Noting what was applied"
            after = read_structure(connection, package)
            connection.execute(
                "insert into planwerk.applied (shipped, catalogue, structure) values (%s, %s, %s)"
                " on conflict (only_row) do update set shipped = excluded.shipped,"
                " catalogue = excluded.catalogue, structure = excluded.structure,"
                " applied_at = now()",
                [shipped, _fingerprint_of_catalogue(connection, package), Jsonb(after)],
            )
    except psycopg.Error as error:
        raise refused(where, error) from None
    finally:
        engine.dispose()
    return [*sentences, *say_what_to_read_again(last, before, after)]


def _check_server(connection: psycopg.Connection[Any]) -> None:
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise TransformError(
            f"The server is PostgreSQL {version // 10000}; Planwerk needs 14 or newer: upgrade it."
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise TransformError(
            f"The database is encoded in {encoding}; Planwerk needs UTF8:"
            " create it with \"encoding 'UTF8'\"."
        )


def _check_timezone(connection: psycopg.Connection[Any], timezone: str) -> None:
    known = connection.execute("select from pg_timezone_names where name = %s", [timezone])
    if known.fetchone() is None:
        raise TransformError(
            f"There is no time zone “{timezone}”; set PLANWERK_TIMEZONE to a name such as"
            " Europe/Berlin."
        )


def _is_current(connection: psycopg.Connection[Any], package: Path, shipped: str) -> bool:
    """Tell whether the last apply was of these files, and nothing was lost or broken since."""
    found = connection.execute("select to_regclass('planwerk.applied')").fetchone()
    if found is None or found[0] is None:
        return False
    try:
        with connection.transaction():
            row = connection.execute(
                "select a.shipped, a.catalogue, exists (select from planwerk.trigger_error)"
                " from planwerk.applied as a"
            ).fetchone()
            return row == (shipped, _fingerprint_of_catalogue(connection, package), False)
    except psycopg.errors.UndefinedTable:
        return False


def _fingerprint_of_catalogue(connection: psycopg.Connection[Any], package: Path) -> str:
    query = (package / "catalogue_fingerprint.sql").read_bytes()
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""


def _fingerprint_of_files(package: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.suffix in {".sql", ".csv", ".py"}:
            digest.update(file.relative_to(package).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sql_files(package: Path) -> Iterator[Path]:
    yield from sorted((package / "raw").glob("*.sql"))
    yield from sorted((package / "sql").glob("*.sql"))


def _comments_of_migrations(package: Path) -> str:
    """Return what the migrations say of tables and columns, for a comment may get lost."""
    files = sorted((package / "migrations" / "versions").glob("*.sql"))
    text = "\n".join(file.read_text("utf-8") for file in files)
    return "\n".join(
        re.findall(r"^comment on (?:table|column) .*\s'(?:[^']|'')*';", text, re.MULTILINE)
    )


def _migrate(connection: Any, package: Path) -> None:  # noqa: ANN401  # SQLAlchemy comes late
    from alembic import command, config  # noqa: PLC0415

    settings = config.Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(package / "migrations").replace("%", "%%"))
    command.upgrade(settings, "head")
