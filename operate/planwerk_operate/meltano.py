"""Meltano, which does the work: its commands in one environment of this project."""

from __future__ import annotations

import enum
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planwerk_operate.errors import OperateError

if TYPE_CHECKING:
    from collections.abc import Sequence

BUSY: Final = re.compile(r"is already being loaded|pipeline is already running")
"""What the transform, and Meltano itself, say when another run is at work."""
LONGEST_ANSWER_SECONDS: Final = 120
ERROR: Final = re.compile(r"^\S+ \[error *\] (?P<logger>\S+)\s+(?P<message>.*)$")
"""A line of the log configurations for people."""


class Outcome(enum.Enum):
    """How a run of a source ended."""

    LOADED = "loaded"
    FAILED = "failed"
    BUSY = "left to another run"


class Loaded(NamedTuple):
    """What came of a run.

    Attributes:
        outcome: How it ended.
        failure: What went wrong, if it failed.
    """

    outcome: Outcome
    failure: str | None = None


class Meltano:
    """Meltano in one environment of the project in this folder.

    Args:
        environment: Such as `office`, or `demo`.

    Raises:
        OperateError: This is not the folder of a project.
    """

    def __init__(self, environment: str) -> None:
        if not Path("meltano.yml").is_file():
            raise OperateError("There is no meltano.yml in this folder: go to your checkout first.")
        self.program = Path(sys.executable).with_name("meltano")
        self.environment = environment
        self._command = [str(self.program), *_log_config(), f"--environment={environment}"]
        self._settings: dict[str, dict[str, Any]] = {}

    def run(self, *arguments: str) -> int:
        """Run a command, its output shown; return its exit code."""
        sys.stdout.flush()
        return subprocess.run([*self._command, *arguments], check=False).returncode  # noqa: S603

    def invoke(self, *commands: Sequence[str], otherwise: str) -> None:
        """Run commands of plugins one after the other, their output shown.

        Args:
            commands: Each with its arguments.
            otherwise: What is not done if one fails, as a sentence without its full stop.

        Raises:
            OperateError: One failed.
        """
        for command in commands:
            if self.run("invoke", *command) != 0:
                raise OperateError(f"{otherwise}; what is wrong stands above.")

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command and return what it says, or that it takes too long."""
        try:
            return subprocess.run(  # noqa: S603
                [*self._command, *arguments],
                check=False,
                capture_output=True,
                text=True,
                timeout=LONGEST_ANSWER_SECONDS,
            )
        except subprocess.TimeoutExpired as given_up:
            said = f"There is no answer within {LONGEST_ANSWER_SECONDS} s; try again later."
            return subprocess.CompletedProcess(given_up.cmd, 1, "", said)

    def load(self, source: str) -> Loaded:
        """Run the job of a source, its output shown, and stop it when this program is stopped."""
        sys.stdout.flush()
        is_busy, failures = False, _Failures()
        with subprocess.Popen(  # noqa: S603
            [*self._command, "run", f"sync-{source}"], stderr=subprocess.PIPE, text=True
        ) as process:
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
            try:
                for line in process.stderr or ():
                    sys.stderr.write(line)
                    is_busy = is_busy or bool(BUSY.search(line))
                    failures.read(line)
            except KeyboardInterrupt:  # Meltano has it too, and lets tap and loader come to an end
                process.wait()
                raise
            finally:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if process.returncode == 0:
            return Loaded(Outcome.LOADED)
        if is_busy:
            return Loaded(Outcome.BUSY)
        if process.returncode < 0:
            killed = (
                f"Meltano was killed (signal {-process.returncode}). Nothing is lost; its next run "
                "can begin 5 minutes later."
            )
            print(f"{source}: {killed}", file=sys.stderr)
            return Loaded(Outcome.FAILED, killed)
        return Loaded(Outcome.FAILED, failures.reason)

    def settings(self, plugin: str) -> dict[str, Any]:
        """Return the settings of a plugin; those that are secret are hidden.

        Raises:
            OperateError: Meltano cannot read them.
        """
        if plugin not in self._settings:
            printed = subprocess.run(  # noqa: S603
                [*self._command, "config", "print", plugin],
                check=False,
                stdout=subprocess.PIPE,
                text=True,
            )
            if printed.returncode != 0:
                raise OperateError(
                    f"Meltano cannot read the settings of {plugin}; what it says stands above."
                )
            self._settings[plugin] = json.loads(printed.stdout)
        return self._settings[plugin]


class _Failures:
    """Finds out of the lines of a log why a run failed: a part's own words go first."""

    def __init__(self) -> None:
        self._own = self._of_meltano = ""

    def read(self, line: str) -> None:
        found = ERROR.match(line)
        if found and found["logger"] == "meltano":
            self._of_meltano = found["message"]
        elif found:
            self._own = found["message"]

    @property
    def reason(self) -> str:
        return self._own or self._of_meltano or "the log says why"


def _log_config() -> list[str]:
    """Return the option for what is logged: progress for people who watch, problems for cron."""
    kind = "progress" if sys.stderr.isatty() else "quiet"
    # Meltano has a variable for it too, but says a few words before it looks there.
    return [f"--log-config={os.environ.get('MELTANO_CLI_LOG_CONFIG') or f'logging.{kind}.yaml'}"]
