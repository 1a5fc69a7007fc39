"""What somebody did to the tables by hand since the last apply.

An apply makes again what is lost of raw tables, because the sources still have it, and says what to
read again. What a changed column holds, and what people wrote, nobody can make again: that is named
before anything is changed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psycopg.errors import UndefinedColumn, UndefinedTable

from planwerk_transform.errors import TransformError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

Structure = dict[str, dict[str, str]]
"""Per table, with its schema, its parts: `column x` or `constraint x`, and how it is defined."""

_READ_TOGETHER: Final = (
    {"conversations", "messages", "comments"},
    {"documents", "document_contents"},
)
"""Streams that a tap reads along with each other, so that none is read again without the others."""
_WITHOUT_ZONE: Final = "timestamp without time zone"


def read_structure(connection: psycopg.Connection[Any], package: Path) -> Structure:
    """Read how the tables are defined now."""
    row = connection.execute((package / "structure.sql").read_bytes()).fetchone()
    return dict(row[0]) if row else {}


def read_last_structure(connection: psycopg.Connection[Any]) -> Structure:
    """Read how the last apply left the tables; empty if there was none."""
    try:
        with connection.transaction():
            row = connection.execute("select structure from planwerk.applied").fetchone()
    except (UndefinedTable, UndefinedColumn):
        return {}
    return dict(row[0]) if row else {}


def refuse_changes_by_hand(last: Structure, now: Structure, package: Path) -> None:
    """Name what an apply could not mend.

    Raises:
        TransformError: There is something, and how to put it back.
    """
    found = [*_changed(last, now, _shipped(package)), *_without_zone(last, now)]
    if found:
        raise TransformError(
            "Tables were changed by hand. Put them back, then apply again; nothing was changed."
            + "".join(f"\n  {line}" for line in found)
        )


def say_what_to_read_again(last: Structure, before: Structure, after: Structure) -> Iterator[str]:
    """Name the raw tables and columns that were lost and that an apply has made again, empty."""
    lost: dict[str, dict[str, list[str]]] = {}
    for table, parts in last.items():
        schema, _, stream = table.partition(".")
        if not schema.startswith("raw_") or table not in after:
            continue
        if table not in before:
            lost.setdefault(schema, {})[stream] = [table]
        elif columns := [
            f"{table}.{part.removeprefix('column ')}"
            for part in parts
            if part not in before[table] and part in after[table]
        ]:
            lost.setdefault(schema, {})[stream] = columns
    for schema, streams in lost.items():
        source = schema.removeprefix("raw_")
        names = [name for lost_names in streams.values() for name in lost_names]
        yield (
            f"{', '.join(names)} {'was' if len(names) == 1 else 'were'} gone and made again,"
            f" empty. To read it again from the beginning: {read_again(source, set(streams))}"
        )


def read_again(source: str, streams: set[str]) -> str:
    """Return the command that reads some streams again and leaves the checkpoints of others."""
    for group in _READ_TOGETHER:
        if group & streams:
            streams |= group
    selected = json.dumps([f"{stream}.*" for stream in sorted(streams)])
    return f"TAP_{source.upper()}__SELECT='{selected}' meltano run --full-refresh sync-{source}"


def _changed(last: Structure, now: Structure, shipped: str) -> Iterator[str]:
    for table, parts in last.items():
        is_raw = table.startswith("raw_")
        if not _is_named(table, shipped):
            continue
        if table not in now:
            if not is_raw:
                yield f"{table} is gone: restore it from a backup (docs/operating.md)"
            continue
        for part, should_be in parts.items():
            kind, _, name = part.partition(" ")
            found = now[table].get(part)
            if found == should_be or not _is_ours(kind, name, table, shipped):
                continue
            if kind == "constraint":
                drop = f"drop constraint if exists {name}, " if found else ""
                yield (
                    f"{table}: constraint {name} is {found or 'gone'}, should be {should_be}:"
                    f" alter table {table} {drop}add constraint {name} {should_be};"
                )
            elif found:
                yield (
                    f"{table}.{name} is {found}, should be {should_be}:"
                    f" alter table {table} {_put_back(name, found, should_be)};"
                )
            elif not is_raw:
                yield f"{table}.{name} is gone: restore it from a backup (docs/operating.md)"


def _put_back(column: str, found: str, should_be: str) -> str:
    kind, has_kind = should_be.removesuffix(" not null"), found.removesuffix(" not null")
    changes = []
    if has_kind != kind:
        zone = " at time zone 'UTC'" if has_kind == _WITHOUT_ZONE else f"::{kind}"
        changes.append(f"alter column {column} type {kind} using {column}{zone}")
    if (found == has_kind) != (should_be == kind):
        verb = "drop" if should_be == kind else "set"
        changes.append(f"alter column {column} {verb} not null")
    return ", ".join(changes)


def _without_zone(last: Structure, now: Structure) -> Iterator[str]:
    """Name what a loader has made that ran before the first apply."""
    for table, parts in now.items():
        if table in last:
            continue
        for part, found in parts.items():
            if table.startswith("raw_") and found.startswith(_WITHOUT_ZONE):
                column = part.removeprefix("column ")
                zoned = found.replace(_WITHOUT_ZONE, "timestamp with time zone")
                yield (
                    f"{table}.{column} is {found}, should be {zoned}:"
                    f" alter table {table} {_put_back(column, found, zoned)};"
                )


def _shipped(package: Path) -> str:
    files = [*package.glob("migrations/versions/*.sql"), *package.glob("raw/*.sql")]
    return "\n".join(file.read_text("utf-8") for file in files)


def _is_ours(kind: str, name: str, table: str, shipped: str) -> bool:
    """Return whether it is ours: people may have columns and constraints of their own beside ours.

    PostgreSQL names our constraints after the table.
    """
    if kind == "constraint":
        return name.startswith(table.partition(".")[2] + "_")
    return _is_named(name, shipped)


def _is_named(name: str, shipped: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", shipped))
