from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
import requests
from planwerk_sandbox.cli import app
from typer.testing import CliRunner


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_up_starts_one_sandbox_in_a_folder_with_spaces_and_down_stops_it(tmp_path, free_port):
    folder = tmp_path / "ein Ordner mit Leerzeichen"
    try:
        options = ("--port", free_port, "--folder", folder)
        started = run("up", *options, "--scale", 0.05, "--requests-per-minute", 7)
        assert started.exit_code == 0, started.output
        url = f"http://127.0.0.1:{free_port}"
        assert url in started.output
        about = requests.get(f"{url}/control/", timeout=9).json()
        assert (about["scale"], about["seed"]) == (0.05, 276)
        settings = requests.get(f"{url}/control/teamwork/settings", timeout=9).json()
        assert settings["requests_per_minute"] == 7
        assert requests.get(about["attachments_url"], timeout=9).status_code == 403
        assert about["attachments_url"] in (folder / "sandbox.log").read_text()
        assert (folder / "sandbox.pid").read_text().strip() == str(about["pid"])
        assert "answers on" in (folder / "sandbox.log").read_text()

        again = run("up", *options)
        assert again.exit_code == 0
        assert "already" in again.output
    finally:
        stopped = run("down", "--folder", folder)
    assert stopped.exit_code == 0
    assert "stopped" in stopped.output
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/control/", timeout=9)
    assert "nothing to stop" in run("down", "--folder", folder).output


def test_up_leaves_its_sandbox_running_without_a_warning(tmp_path, free_port):
    command = [sys.executable, "-m", "planwerk_sandbox.cli", "up", f"--port={free_port}"]
    try:
        started = subprocess.run(
            [*command, "--scale=0.05", f"--folder={tmp_path}"],
            env={**os.environ, "PYTHONWARNINGS": "once"},
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        stopped = run("down", "--folder", tmp_path)
    assert "stopped" in stopped.output
    assert "ResourceWarning" not in started.stderr


@pytest.mark.parametrize("command", ["serve", "up"])
def test_a_port_in_use_is_named_with_the_option_that_changes_it(tmp_path, command, monkeypatch):
    monkeypatch.setenv("SANDBOX_FOLDER", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("SANDBOX_PORT", str(port))
        result = run(command)
    assert result.exit_code == 1
    assert str(port) in result.output
    assert "--port" in result.output
    assert result.output.count("\n") == 1


def test_down_never_ends_a_process_that_is_no_sandbox(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / "sandbox.pid").write_text(str(bystander.pid))
        (tmp_path / "sandbox.url").write_text("http://127.0.0.1:9")
        assert "not running any more" in run("down", "--folder", tmp_path).output
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_scale_that_makes_no_office_is_refused():
    assert run("serve", "--scale", 0).exit_code == 2
