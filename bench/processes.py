"""A command with all the processes below it: what they cost, and which ran when."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

LOOK_SECONDS: Final = 0.02
LOOKS_PER_WEIGHING: Final = 5


class Cost(NamedTuple):
    """Wall and processor seconds of a command; the latter of all processes below it too."""

    seconds: float
    cpu: float


class Span(NamedTuple):
    """A process: its command line, its begin and its end in seconds after the first one's begin."""

    command: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it ran."""
        return self.end - self.begin


class Watched(NamedTuple):
    """A command that has run.

    Attributes:
        cost: What it cost.
        memory: That of all its processes in MB, at the moment at which it was most.
        spans: The processes below it, in the order in which they began.
    """

    cost: Cost
    memory: float
    spans: list[Span]


def cost(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end."""
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        return _end(process, started)


def watch(
    command: Sequence[str | Path], folder: Path, environment: dict[str, str], log: Path
) -> Watched:
    """Run a command to its end, and look at its processes every 20 ms.

    Raises:
        RuntimeError: It failed.
    """
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        with _looks(process.pid) as looks:
            found = _end(process, started)
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed: {log.read_text(encoding='utf-8')[-2000:]}")
    spans = (span._replace(end=min(span.end, found.seconds)) for span in looks.seen.values())
    return Watched(found, looks.memory, sorted(spans, key=lambda span: span.begin))


def memory(processes: Iterable[psutil.Process]) -> float:
    """Return the memory of processes in MB.

    It is the proportional set size (PSS), which counts once what they share; where the system does
    not tell it, as macOS, the resident set size.
    """
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            found = process.memory_full_info()
            total += getattr(found, "pss", found.rss)
    return total / 1024 / 1024


def _end(process: subprocess.Popen[bytes], started: float) -> Cost:
    """Wait for the end of a process; the system then says what it and all below it used."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime)


class _Looks:
    """What was seen of a process and all below it."""

    def __init__(self, pid: int) -> None:
        self.seen: dict[int, Span] = {}
        self.memory = 0.0
        self._first = psutil.Process(pid)
        self._began = time.perf_counter()

    def until(self, ended: Event) -> None:
        """Look again and again."""
        number = 0
        while not ended.wait(LOOK_SECONDS):
            number += 1
            with suppress(psutil.Error):
                below = self._first.children(recursive=True)
                for process in below:
                    with suppress(psutil.Error):
                        self._look_at(process)
                if number % LOOKS_PER_WEIGHING == 0:
                    self.memory = max(self.memory, memory([self._first, *below]))

    def _look_at(self, process: psutil.Process) -> None:
        # Both begins are by the system's clock, which is not that of this program.
        begin = process.create_time() - self._first.create_time()
        end = time.perf_counter() - self._began + LOOK_SECONDS / 2
        if command := " ".join(process.cmdline()):  # none when it has ended
            self.seen[process.pid] = Span(command, begin, end)


@contextmanager
def _looks(pid: int) -> Iterator[_Looks]:
    """Look at a process and all below it until the end of the block."""
    looks, ended = _Looks(pid), Event()
    thread = Thread(target=looks.until, args=[ended])
    thread.start()
    try:
        yield looks
    finally:
        ended.set()
        thread.join()
