"""Keep one sandbox running in the background, by a process id and an address in a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import requests

from planwerk_sandbox.client import Control
from planwerk_sandbox.server import listen

if TYPE_CHECKING:
    from pathlib import Path

_PID, _URL, _LOG = "sandbox.pid", "sandbox.url", "sandbox.log"
_START_SECONDS, _STOP_SECONDS, _PROBE_SECONDS = 120, 10, 3


class BackgroundError(Exception):
    """The sandbox could not be started or stopped, in one sentence."""


def port_taken(host: str, port: int, error: OSError) -> str:
    """Say that an address cannot be listened on, and what to do."""
    return (
        f"Cannot listen on {host}, port {port} ({error.strerror}): "
        "choose another port with --port or SANDBOX_PORT."
    )


def start(host: str, port: int, options: list[str], folder: Path) -> str:
    """Start a sandbox unless one answers on the port.

    Returns:
        A sentence that says which sandbox answers where.

    Raises:
        BackgroundError: If something else has the port, or the sandbox ends early.
    """
    url = f"http://{host}:{port}"
    about = _about(url)
    if about is not None:
        return f"A sandbox answers on {url} already (process {about['pid']}); nothing to do."
    try:
        listen(host, port).close()
    except OSError as error:
        raise BackgroundError(port_taken(host, port, error)) from None
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / _LOG
    command = [sys.executable, "-m", "planwerk_sandbox.cli", "serve"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [*command, f"--host={host}", f"--port={port}", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (folder / _PID).write_text(f"{process.pid}\n")
    (folder / _URL).write_text(f"{url}\n")
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        if _about(url) is not None:
            # It outlives this command on purpose; without a return code, Popen would warn of it.
            process.returncode = 0
            return f"Sandbox answers on {url} (process {process.pid}, log {log})."
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise BackgroundError(f"The sandbox did not start; its log {log} says why.")


def stop(folder: Path) -> str:
    """Stop the sandbox that `start` left in a folder.

    Returns:
        A sentence that says what was stopped.

    Raises:
        BackgroundError: If it does not end.
    """
    try:
        pid, url = int((folder / _PID).read_text()), (folder / _URL).read_text().strip()
    except (OSError, ValueError):
        return f"No sandbox was started from {folder}; nothing to stop."
    about = _about(url)
    # A process id alone may by now belong to another program: only the sandbox itself confirms it.
    if about is None or about.get("pid") != pid:
        _forget(folder)
        return f"The sandbox of {folder} is not running any more; nothing to stop."
    os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + _STOP_SECONDS
    while _about(url) is not None:
        if time.monotonic() > give_up:
            raise BackgroundError(f"The sandbox (process {pid}) does not end; stop it by hand.")
        time.sleep(0.05)
    _forget(folder)
    return f"Sandbox on {url} stopped."


def _forget(folder: Path) -> None:
    for name in (_PID, _URL):
        (folder / name).unlink(missing_ok=True)


def _about(url: str) -> dict[str, Any] | None:
    """Return what a sandbox says of itself, None when no sandbox answers."""
    try:
        with Control(url, _PROBE_SECONDS) as control:
            about = control.about()
    except (requests.RequestException, ValueError):
        return None
    return about if about.get("name") == "planwerk-sandbox" else None
