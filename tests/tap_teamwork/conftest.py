"""A tap in this process, over a small sandbox."""

import pytest
from planwerk_sandbox.server import running
from tap_teamwork.tap import TapTeamwork


@pytest.fixture(scope="session")
def shared_sandbox():
    with running(scale=0.1) as started:
        yield started


@pytest.fixture
def sandbox(shared_sandbox):
    """The sandbox as it was made, but for changes of earlier tests to its rows."""
    control = shared_sandbox.control
    control.reset_settings()
    control.clear_faults()
    control.clear_hooks()
    control.clear_requests()
    return shared_sandbox


@pytest.fixture
def run(sandbox, run_tap):
    """Run the tap's command line, by default for one small stream."""

    def run(*streams, state=None, **settings):
        config = {
            "base_url": sandbox.teamwork_url,
            "api_key": "twp_sandbox",
            "requests_per_minute": 100_000,
            **settings,
        }
        return run_tap(TapTeamwork, config, streams or ["tags"], state)

    return run
