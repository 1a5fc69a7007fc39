"""A tap in this process, over a small sandbox, with a home of its own."""

from contextlib import contextmanager

import pytest
from planwerk_sandbox.server import running
from tap_craft.tap import TapCraft

STREAMS = (
    *("document_contents", "documents", "folders"),
    *("tasks", "collections", "collection_items"),
)
FAST = {
    "requests_per_ten_seconds": 100_000,
    "requests_per_minute": 1_000_000,
    "blocks_per_minute": 10_000_000,
}
OLDEST_DAILY_NOTE = "2026-02-27"
SECRET_LINK, SECRET_KEY = "very-secret-link", "pdk_very_secret"


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """Keep counted requests out of the developer's home."""
    monkeypatch.setattr("platformdirs.user_state_path", lambda name: tmp_path / "home" / name)


@contextmanager
def small_office():
    """Run a small office without the folders that wait for documents."""
    with running(scale=0.02) as started:
        folders = [row for row in started.craft.truth("folders") if not row["_built_in"]]
        used = {
            tuple(row["_path"][:depth])
            for row in folders
            for depth in range(len(row["_path"]) + 1)
            if row["documentCount"]
        }
        unused = [row["id"] for row in folders if tuple(row["_path"]) not in used]
        started.craft.delete_folders(*unused[1:])
        started.craft.create_link(SECRET_LINK, "space", key=SECRET_KEY)
        yield started


@pytest.fixture
def sandbox():
    """An office of its own for the test."""
    with small_office() as started:
        yield started


@pytest.fixture(scope="session")
def office_of_all():
    with small_office() as started:
        yield started


@pytest.fixture
def shared_sandbox(office_of_all):
    """An office that tests share which change nothing in it."""
    office_of_all.craft.reset_settings()
    office_of_all.craft.clear_faults()
    office_of_all.craft.clear_hooks()
    office_of_all.craft.clear_requests()
    return office_of_all


@pytest.fixture
def craft(sandbox):
    """The sandbox's Craft, from outside."""
    return sandbox.craft


@pytest.fixture
def run(sandbox, run_tap, waits):
    """Run the tap's command line, by default for all streams of the space; it does not wait."""

    def run(*streams, state=None, link="space", **settings):
        # A link to daily notes costs a request for each day.
        start = {"start_date": OLDEST_DAILY_NOTE} if link == "daily" else {}
        config = {"api_url": sandbox.craft_urls[link], **FAST, **start, **settings}
        return run_tap(TapCraft, config, streams or STREAMS, state)

    return run


@pytest.fixture
def asked(craft):
    """What was asked since the last time, by path."""

    def asked():
        paths = craft.requests()["by_path"]
        craft.clear_requests()
        return paths

    return asked


@pytest.fixture
def a_document(craft):
    """A document of the space that nothing is special about."""
    return craft.create_document("Protokoll 1", "Decke über EG betoniert.")


@pytest.fixture
def sentence():
    """Return the last line that the tap logged, after making sure it is no stack trace."""

    def sentence(run):
        assert run.exit_code == 1
        assert run.exception is None or isinstance(run.exception, SystemExit)
        assert "Traceback" not in run.log
        return run.log.strip().splitlines()[-1]

    return sentence
