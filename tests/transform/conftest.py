"""An applied database per test, and what tests do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest
from planwerk_transform.apply import apply
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Reading(NamedTuple):
    """What the warehouse made of a label."""

    outcome: str | None
    codes: list[int]
    locations: list[str]
    task_types: list[str]
    reason: str | None


class Warehouse:
    """An applied database and what tests do to it; every statement commits."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)

    def run(self, query: str, parameters: Any = None) -> Any:
        return self.connection.execute(query, parameters)

    def rows(self, query: str, parameters: Any = None) -> list[Any]:
        """Return all rows; a row of one column as its value."""
        found = self.run(query, parameters).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def apply(self) -> bool:
        """Apply again, as every sync does first; return whether there was anything to do."""
        return apply(self.url)

    def value(self, query: str, parameters: Any = None) -> Any:
        (only,) = self.rows(query, parameters)
        return only

    def load_tags(self, *names: str, first_id: int = 1) -> None:
        """Load tags in one statement, as the loader does, numbered from `first_id`."""
        self.run(
            "insert into raw_teamwork.tags (id, name)"
            " select %s + n - 1, name from unnest(%s::text[]) with ordinality as t (name, n)",
            [first_id, list(names)],
        )

    def load(self, table: str, **columns: Any) -> None:
        """Load one row into a raw table of Teamwork."""
        self.run(
            f"insert into raw_teamwork.{table} ({', '.join(columns)})"
            f" values ({', '.join(['%s'] * len(columns))})",
            list(columns.values()),
        )

    def load_projects(self, names: dict[int, str]) -> None:
        """Load projects in one statement, by their ids."""
        self.run(
            "insert into raw_teamwork.projects (id, name, status)"
            " select id, name, 'active' from unnest(%s::bigint[], %s::text[]) as p (id, name)",
            [list(names), list(names.values())],
        )

    def load_missive(self, table: str, *rows: dict[str, Any]) -> None:
        """Load rows into a raw table of Missive, as the loader does."""
        self.load_as_loader(f"raw_missive.{table}", *rows)

    def load_craft(self, table: str, *rows: dict[str, Any]) -> None:
        """Load rows into a raw table of Craft, as the loader does."""
        self.load_as_loader(f"raw_craft.{table}", *rows)

    def load_as_loader(self, table: str, *rows: dict[str, Any]) -> None:
        """Insert what is new, update all.

        A column that a row lacks is null, a structure JSON's null: so the loader writes them.
        """
        self.run(f"create temporary table loading (like {table})")
        kinds = dict(
            self.rows(
                "select attname::text, format_type(atttypid, atttypmod) from pg_attribute"
                f" where attrelid = '{table}'::regclass and attnum > 0 order by attnum"
            )
        )
        names = [name for name in kinds if not name.startswith("_sdc_")]
        moments = [name for name in kinds if name == "_sdc_extracted_at"]
        for row in rows:
            values = [
                Jsonb(row.get(name)) if kinds[name] == "jsonb" else row.get(name) for name in names
            ]
            columns = ", ".join(f'"{name}"' for name in names + moments)
            self.run(
                f"insert into loading ({columns})"
                f" values ({', '.join(['%s'] * len(names))}, coalesce(%s, clock_timestamp()))",
                [*values, row.get("_sdc_extracted_at")],
            )
        key = names[0]
        self.run(
            f"insert into {table} select n.* from loading as n"
            f" left join {table} as o on o.{key} = n.{key} where o.{key} is null"
        )
        columns = ", ".join(f'"{name}" = n."{name}"' for name in [*names[1:], *moments])
        self.run(f"update {table} as t set {columns} from loading as n where n.{key} = t.{key}")
        self.run("drop table loading")

    def load_labels(self, **names: str | tuple[str, str]) -> None:
        """Load shared labels by id: `a="Name"` at the top, `b=("Name", "a")` below another."""
        self.load_missive(
            "shared_labels",
            *(
                {"id": key, "name": name, "parent_id": None}
                if isinstance(name, str)
                else {"id": key, "name": name[0], "parent_id": name[1]}
                for key, name in names.items()
            ),
        )

    def load_conversation(self, key: str, *labels: str, **columns: Any) -> None:
        """Load a full conversation that carries labels."""
        row = {
            "id": key,
            "shared_label_ids": list(labels),
            "shared_labels": [{"id": label, "name": label} for label in labels],
            "is_guest": False,
            "is_deleted": False,
            "is_trashed": False,
            "is_junked": False,
        }
        self.load_missive("conversations", row | columns)

    def load_folders(self, **paths: str) -> None:
        """Load Craft's folders by id, each with its whole path: `b="Projekte / 2417 Kita"`."""
        self.load_craft(
            "folders",
            *(
                {"id": key, "name": path.split(" / ")[-1], "path": path.split(" / ")}
                for key, path in paths.items()
            ),
        )

    def load_document(self, key: str, *folders: str, **columns: Any) -> None:
        """Load a document of a space, in the last of these folders, which are one below another."""
        row = {
            "id": key,
            "title": key,
            "folder_id": folders[-1] if folders else None,
            "folder_ids": list(folders),
            "folder_path": list(folders),
            "is_deleted": False,
        }
        self.load_craft("documents", row | columns)

    def readings(self) -> dict[str, Reading]:
        """Return what was made of every label, by its name."""
        found = self.rows(
            """
            select
                l.name, l.outcome,
                array(
                    select code::int from planwerk.label_cost_group as x
                    where x.label_id = l.source_id order by code
                ),
                array(
                    select array_to_string(path, ' / ') from planwerk.label_location as x
                    join planwerk.location on location.id = x.location_id
                    where x.label_id = l.source_id
                ),
                array(
                    select t.name from planwerk.label_task_type as x
                    join planwerk.task_type as t on t.id = x.task_type_id
                    where x.label_id = l.source_id
                ),
                l.reason
            from planwerk.label as l
            """
        )
        return {name: Reading(*rest) for name, *rest in found}

    def read(self, name: str) -> Reading:
        """Load one tag and return what was made of it."""
        self.run("truncate raw_teamwork.tags")
        self.load_tags(name)
        (only,) = self.readings().values()
        return only


@pytest.fixture
def empty_url(new_database: Callable[..., str]) -> str:
    """Connection string of a database without anything of ours."""
    return new_database()


@pytest.fixture(scope="session")
def make_warehouse(
    new_database: Callable[..., str], applied_template: str
) -> Iterator[Callable[[], Warehouse]]:
    """Open a database of its own as a warehouse, for fixtures that share one between tests."""
    made: list[Warehouse] = []

    def make() -> Warehouse:
        made.append(Warehouse(new_database(applied_template)))
        return made[-1]

    yield make
    for warehouse in made:
        warehouse.connection.close()


@pytest.fixture
def warehouse(new_database: Callable[..., str], applied_template: str) -> Iterator[Warehouse]:
    """A database of its own to which everything was applied."""
    made = Warehouse(new_database(applied_template))
    yield made
    made.connection.close()


@pytest.fixture
def second_session(warehouse: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """Another connection to the same database, not autocommit."""
    with psycopg.connect(warehouse.url) as connection:
        yield connection
