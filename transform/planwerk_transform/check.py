"""Compare the derived tables with what a fresh computation gives, and keep that if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from planwerk_transform.connection import connect
from planwerk_transform.derived import DERIVED_TABLES, DerivedTable, compute
from planwerk_transform.errors import not_applied, refused
from planwerk_transform.locks import begin_alone, lock_derived_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SHOWN: Final = 20

_TRIGGER_ERRORS: Final = """
select source, table_name, row_key, message, at::text as at, count(*) over () as total
from planwerk.trigger_error order by id desc limit %s
"""


class Findings(NamedTuple):
    """What is wrong in one place.

    Attributes:
        place: The table.
        total: How many rows.
        shown: The first of them, `MOST_SHOWN` at most: `key`, `found` and `expected` of a derived
            row, where null stands for no row; the columns of `trigger_error`.
    """

    place: str
    total: int
    shown: list[dict[str, Any]]


class Comparison(NamedTuple):
    """What is there against what a fresh computation gives."""

    differences: list[Findings]
    trigger_errors: Findings

    @property
    def is_clean(self) -> bool:
        """Nothing differs, and triggers did all that they had to."""
        return not self.differences and not self.trigger_errors.total

    def as_json(self) -> dict[str, Any]:
        """Return an object that `json.dumps` takes."""
        return {
            "is_clean": self.is_clean,
            "differences": [
                {"table": found.place, "count": found.total, "shown": found.shown}
                for found in self.differences
            ],
            "trigger_errors": {
                "count": self.trigger_errors.total,
                "shown": self.trigger_errors.shown,
            },
        }

    def as_lines(self) -> Iterator[str]:
        """Say it to a person."""
        for found in self.differences:
            yield f"{found.place}: {_counted(found.total, 'row')} not as a fresh computation gives."
            for row in found.shown:
                yield f"  {_say(row['key'])}: {_difference(row['found'], row['expected'])}"
            yield from _further(found)
        if self.trigger_errors.total:
            yield f"trigger_error: {_counted(self.trigger_errors.total, 'failure')} of triggers."
        for row in self.trigger_errors.shown:
            key = row["row_key"] or "(all rows of a statement)"
            yield f"  {row['at']} {row['source']} {row['table_name']} {key}: {row['message']}"
        yield from _further(self.trigger_errors)


def compare(database_url: str, *, keep: bool) -> Comparison:
    """Compute all derived tables from nothing, and tell what differs from what was there.

    Loaders are waited for, and wait for this where their triggers write derived tables.

    Args:
        database_url: A libpq connection string or URL.
        keep: Commit the fresh computation, if it differs, and clear the errors of triggers.
            Otherwise all is as before.

    Raises:
        TransformError: The database is unreachable, nothing was applied to it, or the computation
            failed; nothing was changed.
    """
    try:
        with connect(database_url) as connection:
            comparison = compute_afresh(connection)
            if comparison.is_clean or not keep:
                connection.rollback()
            return comparison
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction):
        raise not_applied() from None
    except psycopg.Error as error:
        raise refused("Computing afresh", error) from None


def compute_afresh(connection: psycopg.Connection[Any]) -> Comparison:
    """Do it in the transaction at hand, which decides whether it stays.

    Nothing is left of the old derived rows, so that no refresh can leave alone what is wrong.
    """
    begin_alone(connection)
    lock_derived_tables(connection)
    trigger_errors = _trigger_errors(connection)
    connection.execute("delete from planwerk.trigger_error")
    for table in DERIVED_TABLES:
        connection.execute(
            sql.SQL("create temporary table {} on commit drop as {}").format(
                _found(table), _keys_and_values(table)
            )
        )
    for table in DERIVED_TABLES:
        connection.execute(table.empty.encode())
    compute(connection)
    compared = [_differences(connection, table) for table in DERIVED_TABLES]
    return Comparison([found for found in compared if found.total], trigger_errors)


def _trigger_errors(connection: psycopg.Connection[Any]) -> Findings:
    rows = connection.cursor(row_factory=dict_row).execute(_TRIGGER_ERRORS, [MOST_SHOWN]).fetchall()
    total = rows[0]["total"] if rows else 0
    return Findings("trigger_error", total, [_without(row, "total") for row in rows])


def _found(table: DerivedTable) -> sql.Identifier:
    return sql.Identifier(f"found_{table.name}")


def _keys_and_values(table: DerivedTable) -> sql.Composed:
    return sql.SQL(
        "select to_jsonb(natural_key) as key, to_jsonb(computed) as value from {} as t"
        " cross join lateral (select {}) as natural_key"
        " cross join lateral (select {}) as computed"
    ).format(
        sql.Identifier("planwerk", table.name),
        sql.SQL(", ").join(map(sql.SQL, table.key)),
        sql.SQL(", ").join(map(sql.SQL, table.value)),
    )


def _differences(connection: psycopg.Connection[Any], table: DerivedTable) -> Findings:
    query = sql.SQL(
        "select key, f.value as found, e.value as expected, count(*) over () as total"
        " from {} as f full join ({}) as e using (key)"
        " where f.value is distinct from e.value order by key limit %s"
    ).format(_found(table), _keys_and_values(table))
    rows = connection.cursor(row_factory=dict_row).execute(query, [MOST_SHOWN]).fetchall()
    total = rows[0]["total"] if rows else 0
    return Findings(table.name, total, [_without(row, "total") for row in rows])


def _without(row: dict[str, Any], column: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != column}


def _difference(found: dict[str, Any] | None, expected: dict[str, Any] | None) -> str:
    if found is None:
        return f"is missing, should have {_say(expected or {})}"
    if expected is None:
        return f"should not be there, has {_say(found)}"
    differing = {name for name in found if found[name] != expected[name]}
    return "; ".join(
        f"{name} is {_quoted(found[name])}, should be {_quoted(expected[name])}"
        for name in found
        if name in differing
    )


def _say(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_quoted(value)}" for name, value in values.items())


def _quoted(value: Any) -> str:  # noqa: ANN401  # anything that JSON holds
    if isinstance(value, list):
        return "“" + " / ".join(map(str, value)) + "”"
    return f"“{value}”" if isinstance(value, str) else "empty" if value is None else str(value)


def _further(found: Findings) -> Iterator[str]:
    if found.total > len(found.shown):
        yield f"  and {found.total - len(found.shown)} more"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
