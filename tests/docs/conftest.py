"""The generated office, loaded by the real taps on two days, for queries of the documentation."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psycopg
import pytest
from planwerk_sandbox.server import running
from planwerk_warehouse.server import write_service
from programs import Program, loader_settings, text
from psycopg.conninfo import conninfo_to_dict

SCALE = 0.08
"""160 tasks, 140 conversations and 60 documents."""
WIDE = 1_000_000
"""A limit that nothing reaches."""


class Office(NamedTuple):
    """A database that holds the office, for copying only, and the moment that it is there."""

    template: str
    now: str


@pytest.fixture(scope="session")
def office(new_database, applied_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    url = new_database(applied_template)
    with pytest.MonkeyPatch.context() as patch, running(scale=SCALE) as sandbox:
        patch.setenv("PGSERVICEFILE", str(folder / "pg_service.conf"))
        patch.setenv("XDG_STATE_HOME", str(folder))
        write_service(conninfo_to_dict(url))
        write_what_is_rare(sandbox)
        states = load(folder, accounts(sandbox, folder))
        work_for_a_day(sandbox)
        load(folder, {"teamwork": accounts(sandbox, folder)["teamwork"]}, states)
        now = sandbox.control.now()
    return Office(conninfo_to_dict(url)["dbname"], now)


@pytest.fixture
def desk(office, new_database):
    """Connect to an office of one's own at the moment that it is there, as a role."""
    opened = []

    def sit_down(role):
        connection = psycopg.connect(new_database(office.template), autocommit=True)
        opened.append(connection)
        connection.execute(
            f"""
            create schema clock;
            grant usage on schema clock to public;
            create function clock.now() returns timestamptz
                stable return timestamptz '{office.now}';
            set search_path = clock, pg_catalog, public;
            set statement_timeout = '2s';
            set role {role};
            """
        )
        return connection

    yield sit_down
    for connection in opened:
        connection.close()


def accounts(sandbox, folder):
    return {
        "teamwork": {
            "base_url": sandbox.teamwork_url,
            "api_key": "twp_sandbox",
            "requests_per_minute": WIDE,
        },
        "missive": {
            "api_url": sandbox.missive_url,
            "api_token": "missive_pat-sandbox",
            "requests_per_minute": WIDE,
            "requests_per_quarter_hour": WIDE,
            "spool_folder": str(folder / "spool"),
        },
        "craft": {
            "api_url": sandbox.craft_url,
            "requests_per_ten_seconds": WIDE,
            "requests_per_minute": WIDE,
            "blocks_per_minute": WIDE,
        },
    }


def load(folder, accounts, states=None):
    """Run each tap into the loader, all at once; return the state that each ends with."""

    def run(source):
        state = (states or {}).get(source, {})
        tap = start(folder, f"tap-{source}", config=accounts[source], state=state)
        loader = start(
            folder, "target-postgres", source, config=loader_settings(source), stdin=tap.output
        )
        with ThreadPoolExecutor() as readers:
            output, *logs = readers.map(text, (loader.output, tap.log, loader.log))
        assert (tap.wait(), loader.wait()) == (0, 0), f"{source}: {logs}"
        return json.loads(output.splitlines()[-1])

    with ThreadPoolExecutor() as runs:
        return dict(zip(accounts, runs.map(run, accounts), strict=True))


def start(folder, program, source="", stdin=None, **files):
    arguments = ["--input", "/dev/stdin"] if stdin else []
    for name, content in files.items():
        path = folder / f"{program}-{source}-{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        arguments += [f"--{name}", str(path)]
    return Program(program, *arguments, environment=dict(os.environ), stdin=stdin)


def write_what_is_rare(sandbox):
    """Add what the pages speak of and the generated office lacks."""
    control, craft = sandbox.control, sandbox.craft
    tasks = control.truth("tasks", reachable=True)
    for task, name in zip(
        tasks, ("Elt", "ELT Beleuchtung", "TGA 430", "Bauteil 2-EG", "Bautl. 2"), strict=False
    ):
        control.tag("tasks", task["id"], tag_ids=[control.create("tags", name=name)["id"]])
    project = next(row["id"] for row in craft.truth("folders") if row["name"][:4] == "2417")
    heating = craft.create_folder("KG 420 Wärmeversorgung", parent=project)["id"]
    craft.create_document("Leitungsführung Heizung", "Steigstrang 2", folder=heating)


def work_for_a_day(sandbox):
    """Change tasks after they were loaded, so that there is a history."""
    control = sandbox.control
    control.advance(6 * 3600)
    tasks = control.truth("tasks", reachable=True)
    live = [task["id"] for task in tasks if task["status"] == "new"]
    done = [task["id"] for task in tasks if task["status"] == "completed"]
    control.edit("tasks", *live[:3], dueDate="2026-05-29T00:00:00Z")
    control.complete("tasks", *live[3:5])
    control.reopen("tasks", *done[:2])
    control.delete("tasks", *live[5:7])
    control.advance(2 * 3600)
