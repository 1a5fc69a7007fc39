"""One run of a tap and the loader, by hand: `tap | target-postgres`, and who is killed when."""

import json
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from circumstances import Circumstances
from programs import FORKS, Program, loader_settings, text

LONGEST_RUN_SECONDS = 100
FOREVER_SECONDS = 20
POLL_SECONDS = 0.004
PROGRAMS = {"tap": ["tap"], "loader": ["loader"], "both": ["tap", "loader"]}
CHUNK = 2048


class HangError(Exception):
    """A run that does not end."""


@dataclass(frozen=True)
class Kill:
    """Who is killed with SIGKILL, and when.

    Attributes:
        victim: `tap`, `loader`, `both`, `meltano`, `server` (the database's first process) or
            `session`.
        moment: `request` (the n-th request hangs until then), `bytes` (so many came out of the
            tap and went into the loader), `load` (the n-th time that a session is seen at work) or,
            for Meltano, `milliseconds`.
        number: Which request, how many bytes, which sight, how long.
    """

    victim: str
    moment: str
    number: int


@dataclass(frozen=True)
class Plan:
    """What happens to one run beside the faults of the API."""

    kill: Kill | None = None
    tap: Circumstances = field(default_factory=Circumstances)
    loader: Circumstances = field(default_factory=Circumstances)
    batch_size_rows: int = 10_000
    settings: dict = field(default_factory=dict)


@dataclass
class Outcome:
    """How a run ended."""

    tap_exit: int | None = None
    loader_exit: int | None = None
    killed: bool = False
    log: str = ""
    loader_log: str = ""
    output: bytes = b""
    states: list = field(default_factory=list)

    @property
    def is_good(self):
        return self.tap_exit == 0 and self.loader_exit == 0

    def said(self):
        """Return the last words of a tap or loader that failed."""
        log = self.log if self.tap_exit else self.loader_log
        lines = [line for line in log.strip().splitlines() if line.strip()]
        return lines[-1][-300:] if lines else ""


class Pipeline:
    """A tap and the loader, with their state, over a sandbox and a database of the seed."""

    def __init__(self, source, database, server):
        self.source = source
        self.database = database
        self.server = server
        self.folder = source.folder
        self.state = {}
        self.known_states = [{}]
        self.folders = source.tap_folders
        """Folders that can be taken away during a run."""
        self._number = 0
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        self.environment = os.environ | {"XDG_STATE_HOME": str(home)}

    def start(self, plan):
        """Start a run with the state at hand."""
        self._number += 1
        return Run(self, plan, self._number)

    def keep(self, states):
        """Take over the last state that a loader confirmed."""
        if states:
            self.state = states[-1]
            self.known_states.append(states[-1])

    def file(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)


class Run:
    """A run that has been started; `finish` waits for its end."""

    def __init__(self, pipeline, plan, number):
        self._pipeline = pipeline
        self._plan = plan
        self.outcome = Outcome()
        self.passed = 0
        source = pipeline.source
        self._hang = self._hang_at_request(source.control)
        files = {
            "config": {**source.account, **plan.settings},
            "state": pipeline.state,
        }
        paths = [
            part
            for name, content in files.items()
            for part in (f"--{name}", pipeline.file(f"{name}-{number}", content))
        ]
        loader_config = {
            **loader_settings(source.name),
            "batch_size_rows": plan.batch_size_rows,
        }
        environment = pipeline.environment
        self.tap = Program(
            f"tap-{source.name}", *paths, environment=environment, circumstances=plan.tap
        )
        reader, writer = FORKS.Pipe(duplex=False)
        self.loader = Program(
            "target-postgres",
            *("--config", pipeline.file(f"loader-{number}", loader_config)),
            *("--input", "/dev/stdin"),
            environment=environment,
            stdin=reader,
            circumstances=plan.loader,
        )
        self._threads = [
            threading.Thread(target=target, args=args, daemon=True)
            for target, args in (
                (self._pump, (writer,)),
                (self._read, ("log", self.tap.log)),
                (self._read, ("loader_log", self.loader.log)),
                (self._read_states, ()),
                (self._wait_and_kill, ()),
            )
        ]
        for thread in self._threads:
            thread.start()

    def finish(self):
        """Wait for the end and return how it went.

        Raises:
            HangError: If there is none.
        """
        give_up = time.monotonic() + LONGEST_RUN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            words = ", ".join(
                f"{name} {'runs' if program.poll() is None else 'ended'}"
                for name, program in (("tap", self.tap), ("loader", self.loader))
            )
            self._kill("both")
            raise HangError(f"The run does not end: {words}; {self.outcome.log[-500:]}")
        self.outcome.tap_exit = self.tap.wait()
        self.outcome.loader_exit = self.loader.wait()
        return self.outcome

    def _hang_at_request(self, control):
        kill = self._plan.kill
        if not kill or kill.moment != "request":
            return None
        # Added before all other faults of the step, so that it is the first to strike.
        control.fault(".", "timeout", skip=kill.number, times=1, seconds=FOREVER_SECONDS)
        return control

    def ended(self):
        return self.tap.poll() is not None and self.loader.poll() is not None

    def _wait_and_kill(self):
        kill = self._plan.kill
        if not kill:
            return
        sights, last = 0, None
        while not self.ended():
            if kill.moment == "bytes":
                if self.passed >= kill.number:
                    break
            elif kill.moment == "request":
                if self._hang.faults()[0]["fired"]:
                    break
                if self.tap.poll() is not None:
                    return
            else:
                at_work = self._pipeline.database.loader_sessions()
                sights += bool(at_work and at_work != last)
                last = at_work
                if sights >= kill.number:
                    break
            time.sleep(POLL_SECONDS)
        else:
            return
        self.outcome.killed = self._kill(kill.victim)

    def _kill(self, victim):
        if victim == "server":
            with suppress(psutil.Error, OSError):
                self._pipeline.server.kill()
                return True
            return False
        if victim == "session":
            while not self.ended():
                for pid in self._pipeline.database.loader_sessions():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        return True
            return False
        hit = False
        for program in self._programs(victim):
            if program.poll() is None:
                with suppress(ProcessLookupError):
                    program.send_signal(signal.SIGKILL)
                    hit = True
        return hit

    def _pump(self, writer):
        """Hand on what the tap writes, like a pipe; stop where a kill waits for its byte."""
        kill = self._plan.kill
        stop = kill.number if kill and kill.moment == "bytes" else None
        source, sink, parts = self.tap.output.fileno(), writer.fileno(), []
        try:
            while chunk := os.read(source, CHUNK if stop is not None else 65_536):
                parts.append(chunk)
                rest = chunk
                if stop is not None and self.passed + len(chunk) >= stop:
                    write_all(sink, chunk[: stop - self.passed])
                    rest, self.passed, stop = chunk[stop - self.passed :], stop, None
                    self._stay_until_killed(kill.victim)
                    if self.outcome.killed and kill.victim in PROGRAMS:
                        break
                write_all(sink, rest)
                self.passed += len(rest)
        except BrokenPipeError:
            pass
        finally:
            writer.close()
            self.tap.output.close()
            self.outcome.output = b"".join(parts)

    def _stay_until_killed(self, victim):
        give_up = time.monotonic() + 1
        while not self.outcome.killed and time.monotonic() < give_up and not self.ended():
            time.sleep(POLL_SECONDS)
        for program in self._programs(victim):
            program.process.join(1)

    def _programs(self, victim):
        named = {"tap": self.tap, "loader": self.loader}
        return [named[name] for name in PROGRAMS.get(victim, ())]

    def _read(self, name, pipe):
        setattr(self.outcome, name, text(pipe))

    def _read_states(self):
        for line in text(self.loader.output).splitlines():
            with suppress(ValueError):  # cut off by a kill
                self.outcome.states.append(json.loads(line))


def write_all(descriptor, data):
    """Write all bytes into a pipe."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
