"""What sorting costs: 1 000 000 tasks with three of 2 000 labels each."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from figures import Figure, spread_of
from harness import value
from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from harness import Bench

ROUNDS = 5
CHANGED_TASKS = 10_000
IDS = range(1, 1_000_000, 50_000)
DATA = "1 000 000 tasks with 3 of 2 000 labels each"
ALL_PATTERNS = """
select count(*) from planwerk.label as l, planwerk.rule as r where r.enabled and l.name ~* r.pattern
"""
"""The floor of a rule's change: each pattern is tried on each label once."""

GENERATE = """
select setseed(0.276);
insert into raw_teamwork.projects (id, name, status)
select n, format('%s Projekt %s', 1000 + n, n), 'active' from generate_series(1, 500) as n;
insert into raw_teamwork.tasklists (id, name, project_id, status)
select n, format('Liste %s', n), 1 + n % 500, 'new' from generate_series(1, 5000) as n;
-- Four of ten labels name a cost group, three a place, one a type, two nothing that is known.
insert into raw_teamwork.tags (id, name)
select n, case
    when n % 10 < 4 then format('KG %s %s', g.code, n)
    when n % 10 < 7 then
        format('O-Haus %s-%s-%s', chr(65 + n % 7), (array['EG', '1. OG', 'UG'])[1 + n % 3], n)
    when n % 10 < 8 then format('%s %s', (array['Mangel', 'Nachtrag', 'Protokoll'])[1 + n % 3], n)
    else format('Stichwort %s', n)
end
from generate_series(1, 2000) as n
join (
    select code, row_number() over (order by md5(code::text)) as k, count(*) over () as codes
    from planwerk.cost_group
) as g on g.k = 1 + (n / 10 * 4 + n % 10) % g.codes;
alter table raw_teamwork.tasks disable trigger user;
insert into raw_teamwork.tasks
    (id, name, status, project_id, tasklist_id, tag_ids, created_at, updated_at)
select
    n, format('Aufgabe %s', n), case when n % 3 = 0 then 'completed' else 'new' end,
    1 + n % 500, 1 + n % 5000,
    array[
        1 + floor(2000 * random()), 1 + floor(2000 * random()), 1 + floor(2000 * random())
    ]::bigint [],
    timestamptz '2022-01-01 00:00Z' + n * interval '2 minutes',
    timestamptz '2022-01-01 00:00Z' + n * interval '2 minutes' + random() * interval '200 days'
from generate_series(1, 1000000) as n;
alter table raw_teamwork.tasks enable trigger user;
"""

# The usual kind: for each changed row, settings are looked up, links deleted and derived anew.
USUAL_TRIGGER = """
create schema usual;
create table usual.setting (name text primary key, value text);
insert into usual.setting values
    ('is_enabled', 'true'), ('cost_group_pattern', '(?:KG|KGR)\\s*([0-9]{3})'),
    ('place_pattern', '^O-([^-]+)(?:-([^-]+))?(?:-(.+))?$');
create table usual.place (
    id bigint generated always as identity primary key, name text unique
);
create table usual.item_cost_group (
    task_id bigint, code smallint references planwerk.cost_group, primary key (task_id, code)
);
create table usual.item_place (
    task_id bigint, place_id bigint references usual.place, primary key (task_id, place_id)
);
create function usual.sort_task() returns trigger language plpgsql as $$
declare
    tag text;
    found text;
    place bigint;
begin
    if (select s.value from usual.setting as s where s.name = 'is_enabled') <> 'true' then
        return new;
    end if;
    delete from usual.item_cost_group where task_id = new.id;
    delete from usual.item_place where task_id = new.id;
    for tag in select t.name from raw_teamwork.tags as t where t.id = any(new.tag_ids) loop
        found := substring(tag from (
            select s.value from usual.setting as s where s.name = 'cost_group_pattern'
        ));
        if exists (select from planwerk.cost_group as g where g.code::text = found) then
            insert into usual.item_cost_group values (new.id, found::smallint)
            on conflict do nothing;
        end if;
        if tag ~ (select s.value from usual.setting as s where s.name = 'place_pattern') then
            select p.id into place from usual.place as p where p.name = tag;
            if place is null then
                insert into usual.place (name) values (tag) returning id into place;
            end if;
            insert into usual.item_place values (new.id, place) on conflict do nothing;
        end if;
    end loop;
    return new;
end
$$;
create trigger usual_sort_task after insert or update on raw_teamwork.tasks
for each row execute function usual.sort_task();
"""


def measure(bench: Bench) -> None:
    """Measure all of it."""
    with bench.database("categories") as connection:
        connection.execute(GENERATE.encode())
        connection.execute("vacuum analyze")
        change_rules(bench, connection)
        rename_labels(bench, connection)
        search(bench, connection)
        change_rows(bench, connection)


def milliseconds(connection: psycopg.Connection[Any], statement: str) -> float:
    """Return how long a statement takes, with its rows fetched."""
    started = time.perf_counter()
    cursor = connection.execute(statement.encode())
    if cursor.description:
        cursor.fetchall()
    return 1000 * (time.perf_counter() - started)


class Times(NamedTuple):
    """Milliseconds of several rounds, and those of the least that PostgreSQL has to do."""

    found: list[float]
    floor: list[float]


def note(bench: Bench, what: str, command: str, times: Times, goal: str) -> None:
    """Keep the median of some times."""
    found, floor, spread = median(times.found), median(times.floor), spread_of(times.found)
    bench.note(
        Figure("categorisation", what, command, DATA, found, "ms", floor, goal, spread=spread)
    )


def change_rules(bench: Bench, connection: psycopg.Connection[Any]) -> None:
    """Measure what a rule costs that is added, changed and deleted again."""
    statements = (
        (
            "insert into planwerk.rule (category, pattern, position, value)"
            " values ('cost_group', '^Stichwort .*7$', 900, '410')"
        ),
        "update planwerk.rule set value = '434' where position = 900",
        "delete from planwerk.rule where position = 900",
    )
    found = [milliseconds(connection, statement) for statement in statements * ROUNDS]
    floor = [milliseconds(connection, ALL_PATTERNS) for _ in range(ROUNDS)]
    what = "adding, changing or deleting a rule"
    note(bench, what, "insert into planwerk.rule ...", Times(found, floor), "under 2 s")


def rename_labels(bench: Bench, connection: psycopg.Connection[Any]) -> None:
    """Measure renaming a label, in new sessions and in the same."""
    found: dict[str, list[float]] = {"first": [], "later": [], "floor": []}
    renaming = "update raw_teamwork.tags set name = '{}' where id = 11"
    for round_ in range(ROUNDS):
        with psycopg.connect(connection.info.dsn, autocommit=True) as session:
            for which, name in (("first", "KG 434 Kälte"), ("later", "O-Haus B-EG")):
                statement = renaming.format(f"{name} {round_}")
                found[which].append(milliseconds(session, statement))
            session.execute(b"set session_replication_role = replica")  # no trigger
            found["floor"].append(milliseconds(session, renaming.format(f"ohne {round_}")))
    for which in ("first", "later"):
        what = f"renaming a label, {which} statement of a session"
        command = "update raw_teamwork.tags set name = ..."
        note(bench, what, command, Times(found[which], found["floor"]), "under 20 ms")


def search(bench: Bench, connection: psycopg.Connection[Any]) -> None:
    """Measure finding the categories of an item, and the items of a category."""

    def times(query: str) -> list[float]:
        return [milliseconds(connection, query.format(id)) for id in IDS]  # noqa: A001

    command = "select * from planwerk.item_cost_group where item_kind = 'task' and item_id = ..."
    found = times(command.replace("...", "'{}'"))
    floor = times("select * from raw_teamwork.tasks where id = {}")
    note(bench, "cost groups of one item", command, Times(found, floor), "under 5 ms")
    floor = times("select * from raw_teamwork.tasks order by updated_at desc limit 50")
    for code in (400, 440, 474):
        share = value(
            connection,
            "select round(count(distinct item_id) / 10000.0, 2) from planwerk.item_cost_group"  # noqa: S608
            f" where {code} = any(code_path)",
        )
        query = f"select * from planwerk.newest_items({code})"  # noqa: S608
        what = f"newest 50 items of {code} with all below it ({share} % of all items)"
        note(bench, what, query, Times(times(query), floor), "under 50 ms")


def change_rows(bench: Bench, connection: psycopg.Connection[Any]) -> None:
    """Measure changed tasks: with our triggers, and with the usual one of each row."""
    connection.execute(USUAL_TRIGGER.encode())
    ours, usual, plain = [], [], []
    for round_ in range(2 * ROUNDS):
        first = 1 + round_ * CHANGED_TASKS
        row = connection.execute(
            "explain (analyze, format json)"  # noqa: S608  # our own numbers
            " update raw_teamwork.tasks set name = name || ' neu', updated_at = now()"
            f" where id between {first} and {first + CHANGED_TASKS - 1}".encode()
        ).fetchone()
        (plan,) = row[0] if row else ({},)
        times = {trigger["Trigger Name"]: trigger["Time"] for trigger in plan["Triggers"]}
        usual.append(times.pop("usual_sort_task"))
        ours.append(sum(times.values()))
        plain.append(plan["Execution Time"] - usual[-1] - ours[-1])
    command = "update raw_teamwork.tasks set name = ..."
    for whose, triggers in (("our triggers", ours), ("a usual one, row by row", usual)):
        what = f"changing {in_groups(CHANGED_TASKS)} tasks, with {whose}"
        found = [each + alone for each, alone in zip(triggers, plain, strict=True)]
        note(bench, what, command, Times(found, plain), "")
    ratio = median(usual) / median(ours)
    what = "time in triggers, a usual one / ours"
    bench.note(Figure("categorisation", what, command, DATA, ratio, goal="at least 20"))
