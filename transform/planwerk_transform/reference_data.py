"""Reference data: the tables made equal to the shipped CSV files, writing only what differs."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

DATA: Final = files("planwerk_transform") / "data"

_PUT_COST_GROUPS = """
delete from planwerk.cost_group_2008 where code not in (select code from shipped_cost_group_2008);
insert into planwerk.cost_group as c
select code, name_de, name_en, level, parent_code from shipped_cost_group order by level, code
on conflict (code) do update
set name_de = excluded.name_de, name_en = excluded.name_en,
    level = excluded.level, parent_code = excluded.parent_code
where c is distinct from excluded;
insert into planwerk.cost_group_2008 as c
select s.code, s.name_2008, s.name_2018, s.change, t.code_2018
from shipped_cost_group_2008 as s left join shipped_successor as t using (code) order by s.code
on conflict (code) do update
set name_2008 = excluded.name_2008, name_2018 = excluded.name_2018,
    change = excluded.change, code_2018 = excluded.code_2018
where c is distinct from excluded;
delete from planwerk.cost_group where code not in (select code from shipped_cost_group);
"""

_PUT_TASK_TYPES = """
insert into planwerk.task_type (name, is_default)
select s.name, s.is_default and not exists (select from planwerk.task_type where is_default)
from shipped_task_type as s
where not exists (select from planwerk.task_type as t where t.name = s.name);
"""

_PUT_RULES = """
-- A rule that is new in this version.
insert into planwerk.rule (default_name, category, source, reads, pattern, position, value, note)
select s.name, s.category, s.source, s.reads, s.pattern, s.position, s.value, s.note
from shipped_rule as s
where not exists (select from planwerk.default_rule as d where d.name = s.name)
order by s.category, s.position;
-- A rule that this version improves, unless somebody edited it.
update planwerk.rule as r
set category = s.category, source = s.source, reads = s.reads, pattern = s.pattern,
    position = s.position, value = s.value, note = s.note
from shipped_rule as s
join planwerk.default_rule as d on d.name = s.name
where r.default_name = s.name
    and (d.category, d.source, d.reads, d.pattern, d.position, d.value, d.note)
    is distinct from (s.category, s.source, s.reads, s.pattern, s.position, s.value, s.note)
    and (r.category, r.source, r.reads, r.pattern, r.position, r.value, r.note)
    is not distinct from (d.category, d.source, d.reads, d.pattern, d.position, d.value, d.note);
insert into planwerk.default_rule as d
    (name, category, source, reads, pattern, position, value, note)
select name, category, source, reads, pattern, position, value, note from shipped_rule order by name
on conflict (name) do update
set category = excluded.category, source = excluded.source, reads = excluded.reads,
    pattern = excluded.pattern, position = excluded.position, value = excluded.value,
    note = excluded.note
where d is distinct from excluded;
"""


def put_reference_data(connection: psycopg.Connection) -> None:
    """Load cost groups, task types and default rules.

    Cost groups are made equal to the files. Task types and rules belong to the office: what was
    edited or deleted stays as it is.
    """
    _ship(
        connection,
        "cost_group",
        "code smallint, name_de text, name_en text, level smallint, parent_code smallint",
        "din276_2018.csv",
    )
    _ship(
        connection,
        "cost_group_2008",
        "code smallint, name_2008 text, name_2018 text, change text",
        "din276_2008_renames.csv",
    )
    _ship(
        connection, "successor", "code smallint, code_2018 smallint", "din276_2008_successors.csv"
    )
    _ship(connection, "task_type", "name text, is_default boolean", "task_types.csv")
    _ship(
        connection,
        "rule",
        "name text, category text, source text, reads text, pattern text, position integer,"
        " value text, note text",
        "default_rules.csv",
    )
    for statements in (_PUT_COST_GROUPS, _PUT_TASK_TYPES, _PUT_RULES):
        connection.execute(statements.encode())


def _ship(connection: psycopg.Connection, name: str, columns: str, file: str) -> None:
    """Copy a CSV file into a temporary table `shipped_<name>` for the rest of the transaction."""
    table = sql.Identifier(f"shipped_{name}")
    connection.execute(
        sql.SQL("create temporary table {} ({}) on commit drop").format(
            table,
            sql.SQL(columns),
        )
    )
    with connection.cursor().copy(
        sql.SQL("copy {} from stdin (format csv, header true)").format(table)
    ) as copy:
        copy.write((DATA / file).read_bytes())
