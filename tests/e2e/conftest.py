"""The pipeline as it runs at an office: tap, loader and database, with the sandbox as the API."""

import json
import os
import signal
import sys
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from accounts import accounts
from planwerk_sandbox.server import running
from planwerk_warehouse.server import write_service
from programs import Program, loader_settings, text
from projects import Project
from psycopg.conninfo import conninfo_to_dict


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.path.stem != "test_fresh_clone")


class Pipeline:
    """A tap and the loader, with their state, over a sandbox and a database of their own."""

    def __init__(self, source, account, control, database_url, folder):
        self.source = source
        self.account = account
        self.control = control
        self.folder = folder
        self.state = {}
        self.log = self.complaints = ""
        self.connection = psycopg.connect(database_url, autocommit=True)
        self.environment = os.environ | {
            "PGSERVICEFILE": str(folder / "pg_service.conf"),
            "XDG_STATE_HOME": str(folder / "state home"),
        }
        self.loader_config = self.file(
            f"target-postgres-{source}",
            loader_settings(source),
        )

    def file(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)

    def sync(self, *, meanwhile=None, **settings):
        """Run once; keep the state that the loader confirms; return whether the tap succeeded.

        `meanwhile` is called with both processes while they run; it may kill them.
        """
        config = self.file("tap", {**self.account, **settings})
        state = self.file("state", self.state)
        tap = self._start(f"tap-{self.source}", "--config", config, "--state", state)
        # Asked for by name, because the fork server's own input is closed.
        reads = ("--config", self.loader_config, "--input", "/dev/stdin")
        loader = self._start("target-postgres", *reads, stdin=tap.output)
        threads = [
            Thread(target=meanwhile or (lambda *_: None), args=[tap, loader]),
            Thread(target=lambda: setattr(self, "log", text(tap.log))),
            Thread(target=lambda: setattr(self, "complaints", text(loader.log))),
        ]
        for thread in threads:
            thread.start()
        states = text(loader.output)
        for thread in threads:
            thread.join()
        assert loader.wait() in (0, -signal.SIGKILL), self.complaints
        for line in states.splitlines():
            self.state = json.loads(line)
        return tap.wait() == 0

    def _start(self, program, *arguments, stdin=None):
        return Program(program, *arguments, environment=self.environment, stdin=stdin)

    def rows(self, query, *parameters):
        """Return all rows; a row of one column as its value."""
        found = self.connection.execute(query, parameters).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def value(self, query, *parameters):
        (only,) = self.rows(query, *parameters)
        return only


@pytest.fixture
def sandbox(request):
    """A small office of its own for the test, as large as its module says."""
    with running(scale=getattr(request.module, "SCALE", 0.1)) as started:
        yield started


@pytest.fixture
def database_url(new_database, applied_template, tmp_path, monkeypatch):
    """An applied, empty database, which the service file names."""
    url = new_database(applied_template)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "pg_service.conf"))
    write_service(conninfo_to_dict(url))
    return url


@pytest.fixture
def project(tmp_path, sandbox, database_url):
    """A checkout with an account at Teamwork; nothing has run yet."""
    account = {name: value for name, value in accounts(sandbox).items() if "TEAMWORK" in name}
    return new_project(tmp_path, account, database_url)


@pytest.fixture
def office(tmp_path, sandbox, database_url):
    """A checkout with accounts of all sources; nothing has run yet."""
    return new_project(tmp_path, accounts(sandbox), database_url)


def new_project(tmp_path, account, database_url):
    folder = tmp_path / "plan werk"
    folder.mkdir()
    environment = {
        "HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PLANWERK_DATABASE_URL": database_url,
        **account,
    }
    return Project(folder, environment)


@pytest.fixture
def pipeline(sandbox, database_url, tmp_path):
    """The pipeline of Teamwork; nothing has run yet."""
    account = {
        "base_url": sandbox.teamwork_url,
        "api_key": "twp_sandbox",
        "requests_per_minute": 100_000,
    }
    made = Pipeline("teamwork", account, sandbox.control, database_url, tmp_path)
    yield made
    made.connection.close()


@pytest.fixture
def mail(sandbox, database_url, tmp_path):
    """The pipeline of Missive; nothing has run yet."""
    account = {
        "api_url": sandbox.missive_url,
        "api_token": "missive_pat-sandbox",
        "requests_per_minute": 100_000,
        "requests_per_quarter_hour": 1_000_000,
        "spool_folder": str(tmp_path / "spool"),
    }
    made = Pipeline("missive", account, sandbox.missive, database_url, tmp_path)
    yield made
    made.connection.close()


@pytest.fixture
def flavour():
    """What the link of `documents` shows."""
    return "space"


@pytest.fixture
def documents(sandbox, database_url, tmp_path, flavour):
    """The pipeline of Craft; nothing has run yet."""
    account = {
        "api_url": sandbox.craft_urls[flavour],
        "requests_per_ten_seconds": 100_000,
        "requests_per_minute": 1_000_000,
        "blocks_per_minute": 10_000_000,
    }
    made = Pipeline("craft", account, sandbox.craft, database_url, tmp_path)
    made.flavour = flavour
    yield made
    made.connection.close()
