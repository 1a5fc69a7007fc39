"""A tap in this process, over a small sandbox, with a home of its own."""

import pytest
from planwerk_sandbox.server import running
from tap_missive.tap import TapMissive


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """Keep spool and counted requests out of the developer's home."""
    monkeypatch.setattr("platformdirs.user_state_path", lambda name: tmp_path / "home" / name)
    return tmp_path / "home"


@pytest.fixture
def sandbox():
    """A small office of its own for the test."""
    with running(scale=0.02) as started:
        yield started


@pytest.fixture
def run(sandbox, run_tap):
    """Run the tap's command line, by default for one small stream."""

    def run(*streams, state=None, **settings):
        config = {
            "api_url": sandbox.missive_url,
            "api_token": "missive_pat-sandbox",
            "requests_per_minute": 100_000,
            "requests_per_quarter_hour": 1_000_000,
            **settings,
        }
        return run_tap(TapMissive, config, streams or ["shared_labels"], state)

    return run
