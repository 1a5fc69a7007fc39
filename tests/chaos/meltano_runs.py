"""Runs as cron starts them: the real `meltano run`, which is killed, or whose children are."""

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
from runs import POLL_SECONDS, HangError, Outcome, Pipeline

ROOT = Path(__file__).parents[2]
MELTANO = Path(sys.executable).parent / "meltano"
ENVIRONMENT = "office"
LONGEST_RUN_SECONDS = 300


class MeltanoPipeline(Pipeline):
    """A source that Meltano loads, with its states and its own database in the seed's folder."""

    def __init__(self, source, database, server):
        states = source.folder / "states"
        job = f"{ENVIRONMENT}:tap-{source.name}-to-target-postgres"
        self._file = states / job / "state.json"
        super().__init__(source, database, server)
        self.folders = [states]
        prefix = f"TAP_{source.name.upper()}_"
        self.environment |= {
            "MELTANO_STATE_BACKEND_URI": f"file://{states}",
            "MELTANO_DATABASE_URI": f"sqlite:///{self.folder / 'meltano.db'}",
            "MELTANO_CLI_LOG_LEVEL": "warning",
            "TARGET_POSTGRES_SQLALCHEMY_URL": sqlalchemy_url(database),
            **{f"{prefix}{name.upper()}": as_text(value) for name, value in source.account.items()},
        }
        self._prefix = prefix

    @property
    def state(self):
        """The state that the next run begins with: of a run that broke off, the part goes first."""
        try:
            parts = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        bookmarks = {}
        for part in ("completed", "partial"):
            for stream, bookmark in (
                (parts.get(part) or {}).get("singer_state", {}).get("bookmarks", {}).items()
            ):
                bookmarks[stream] = {**bookmarks.get(stream, {}), **bookmark}
        return {"bookmarks": bookmarks}

    @state.setter
    def state(self, state):
        """Put a state back, as `meltano state set` and `clear` do."""
        if not state:
            self._file.unlink(missing_ok=True)
        else:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            parts = {"completed": {"singer_state": state}, "partial": {}}
            self._file.write_text(json.dumps(parts), encoding="utf-8")

    def start(self, plan):
        return MeltanoRun(self, plan)

    def keep(self, states):
        self.known_states.append(self.state)

    def settings(self, plan):
        return {f"{self._prefix}{name.upper()}": as_text(v) for name, v in plan.settings.items()}


class MeltanoRun:
    """A run that has been started; `finish` waits for its end."""

    def __init__(self, pipeline, plan):
        self._pipeline = pipeline
        self._plan = plan
        self.passed = 0
        self._log = (pipeline.folder / "meltano.log").open("w+", encoding="utf-8")
        name = pipeline.source.name
        kill = plan.kill
        if kill and kill.moment == "request":
            pipeline.source.control.fault(".", "timeout", skip=kill.number, times=1, seconds=20)
        self._process = subprocess.Popen(
            # --force: a killed Meltano is known to be dead only five minutes later
            [
                MELTANO,
                f"--environment={ENVIRONMENT}",
                "run",
                "--force",
                f"tap-{name}",
                "target-postgres",
            ],
            cwd=ROOT,
            env=pipeline.environment | pipeline.settings(plan),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._family = {}

    def ended(self):
        return self._process.poll() is not None

    def finish(self):
        """Wait for the end of Meltano and of all its children.

        Raises:
            HangError: If there is none.
        """
        outcome, began = Outcome(), time.monotonic()
        while not self.ended() or any(child.is_running() for child in self._family.values()):
            with suppress(psutil.Error):
                for child in psutil.Process(self._process.pid).children(recursive=True):
                    self._family[child.pid] = child
            if time.monotonic() - began > LONGEST_RUN_SECONDS:
                self._process.kill()
                raise HangError(f"Meltano does not end: {self._read()[-800:]}")
            if not outcome.killed and self._is_time(began):
                outcome.killed = self._kill()
            gone = [pid for pid, child in self._family.items() if is_gone(child)]
            for pid in gone:
                del self._family[pid]
            time.sleep(POLL_SECONDS)
        outcome.log = self._read()
        outcome.tap_exit = outcome.loader_exit = self._process.returncode
        return outcome

    def _read(self):
        self._log.seek(0)
        return self._log.read()

    def _is_time(self, began):
        kill = self._plan.kill
        if not kill:
            return False
        if kill.moment == "request":
            return bool(self._pipeline.source.control.faults()[0]["fired"])
        if kill.moment == "load":
            return bool(self._pipeline.database.loader_sessions())
        return time.monotonic() - began > kill.number / 1000

    def _kill(self):
        victim = self._plan.kill.victim
        if victim == "server":
            self._pipeline.server.kill()
            return True
        if victim == "meltano":
            self._process.send_signal(signal.SIGKILL)
            return True
        name = {"tap": "tap-", "loader": "target-postgres"}[victim]
        for child in self._family.values():
            with suppress(psutil.Error):
                if any(name in Path(part).name for part in child.cmdline()[:2]):
                    child.send_signal(signal.SIGKILL)
                    return True
        return False


def is_gone(process):
    """Whether a process has ended, waited for or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def sqlalchemy_url(database):
    """Return the database's address as the loader takes it."""
    parameters = database.parameters
    return (
        f"postgresql+psycopg://{parameters['user']}@/{parameters['dbname']}"
        f"?host={parameters['host']}&port={parameters['port']}"
    )


def as_text(value):
    """Write a setting as an environment variable."""
    return value if isinstance(value, str) else json.dumps(value)
