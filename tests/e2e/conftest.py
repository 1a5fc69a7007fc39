"""The pipeline as it runs at an office: tap, loader and database, with the sandbox as the API."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from planwerk_sandbox.server import running
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict

PROGRAMS = Path(sys.executable).parent


class Pipeline:
    """A tap and the loader, with their state, over a sandbox and a database of their own."""

    def __init__(self, sandbox, database_url, folder):
        self.sandbox = sandbox
        self.control = sandbox.control
        self.folder = folder
        self.state = {}
        self.log = ""
        self.connection = psycopg.connect(database_url, autocommit=True)
        self.environment = os.environ | {"PGSERVICEFILE": str(folder / "pg_service.conf")}
        self.loader_config = self.file(
            "target-postgres",
            {
                "sqlalchemy_url": "postgresql+psycopg:///?service=planwerk",
                "default_target_schema": "raw_teamwork",
                "use_copy": True,
                "sanitize_null_text_characters": True,
            },
        )

    def file(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)

    def sync(self, **settings):
        """Run once; keep the state that the loader confirms; return whether the tap succeeded."""
        config = {
            "base_url": self.sandbox.teamwork_url,
            "api_key": "twp_sandbox",
            "requests_per_minute": 100_000,
            **settings,
        }
        tap = subprocess.Popen(
            [
                PROGRAMS / "tap-teamwork",
                "--config",
                self.file("tap", config),
                "--state",
                self.file("state", self.state),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )
        loader = subprocess.run(
            [PROGRAMS / "target-postgres", "--config", self.loader_config],
            stdin=tap.stdout,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        self.log = tap.stderr.read().decode()
        assert loader.returncode == 0, loader.stderr
        for line in loader.stdout.splitlines():
            self.state = json.loads(line)
        return tap.wait() == 0

    def rows(self, query, *parameters):
        """Return all rows; a row of one column as its value."""
        found = self.connection.execute(query, parameters).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def value(self, query, *parameters):
        (only,) = self.rows(query, *parameters)
        return only


@pytest.fixture
def sandbox():
    """A small office of its own for the test."""
    with running(scale=0.1) as started:
        yield started


@pytest.fixture
def pipeline(sandbox, new_database, applied_template, tmp_path, monkeypatch):
    """A pipeline into an applied, empty database; nothing has run yet."""
    url = new_database(applied_template)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "pg_service.conf"))
    write_service(conninfo_to_dict(url))
    made = Pipeline(sandbox, url, tmp_path)
    yield made
    made.connection.close()
