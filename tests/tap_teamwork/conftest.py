"""A tap in this process, over a small sandbox."""

import json

import pytest
from click.testing import CliRunner
from planwerk_sandbox.server import running
from tap_teamwork.tap import TapTeamwork


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
def waits(monkeypatch):
    """Seconds that the tap wanted to wait; it does not really wait."""
    seconds = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def run(sandbox, tmp_path, caplog):
    """Run the tap's command line, by default for one small stream."""

    def run_tap(*streams, state=None, **settings):
        config = {
            "base_url": sandbox.teamwork_url,
            "api_key": "twp_sandbox",
            "requests_per_minute": 100_000,
            **settings,
        }
        tap = TapTeamwork(config=config, setup_mapper=False, validate_config=False)
        catalog = json.loads(tap.catalog_json_text)
        for entry in catalog["streams"]:
            for metadata in entry["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = entry["stream"] in (streams or ["tags"])
        files = {"config": config, "catalog": catalog, "state": state or {}}
        arguments = []
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        caplog.clear()
        result = CliRunner().invoke(TapTeamwork.cli, arguments)
        return Run(result, caplog.text)

    return run_tap
