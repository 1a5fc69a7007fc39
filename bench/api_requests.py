"""How many requests the taps send, against the least that the APIs allow."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import craft
import growth
import missive
import teamwork
from figures import Figure
from floors import DAY_SECONDS
from harness import last_state
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from harness import Bench, Finished
    from planwerk_sandbox.client import ApiControl
    from planwerk_sandbox.server import Sandbox

    Truth = dict[str, Any]

PAUSE_SECONDS = 600
"""Between two runs: more than the taps' overlap, so that each reads what is its own."""


class Source(Protocol):
    """What a module of a source has to offer."""

    @property
    def TITLE(self) -> str:  # noqa: N802  # a constant of a module
        """What it is called."""

    @property
    def SCALES(self) -> Sequence[float]:  # noqa: N802
        """How big the offices are, the smallest first."""

    @property
    def ITEMS(self) -> str:  # noqa: N802
        """The stream whose rows share what the database holds; empty not to measure that."""

    def account(self, sandbox: Sandbox) -> dict[str, Any]:
        """Return the tap's settings."""

    def control(self, sandbox: Sandbox) -> ApiControl[Any]:
        """Return the control of the API."""

    def truth(self, sandbox: Sandbox) -> Truth:
        """Return what there is to be read, and the office's time as `now`."""

    def data(self, office: Truth) -> str:
        """Return how much there is."""

    def first_floor(self, office: Truth) -> int:
        """Return the least requests of a first run."""

    def next_floor(self, before: Truth, after: Truth, *, is_daily: bool) -> int:
        """Return the least requests of a run after another."""

    def change_one(self, sandbox: Sandbox, office: Truth) -> str:
        """Change one thing, and say what."""

    def change_one_per_cent(self, sandbox: Sandbox, office: Truth) -> str:
        """Change one thing of a hundred, and say what."""

    def live_a_day(self, sandbox: Sandbox, office: Truth) -> str:
        """Let the office work for a day, and say what was done."""


SOURCES: Mapping[str, Source] = {"teamwork": teamwork, "missive": missive, "craft": craft}


def measure(bench: Bench) -> None:
    """Measure all sizes."""
    for name, source in SOURCES.items():
        smallest = None
        for scale in source.SCALES:
            smallest = measure_size(bench, name, scale, smallest)


def measure_smallest(bench: Bench) -> None:
    """Measure the smallest size of each source."""
    for name, source in SOURCES.items():
        measure_size(bench, name, source.SCALES[0], None)


def measure_size(bench: Bench, name: str, scale: float, smallest: float | None) -> float:
    """Measure the first run over an office, and runs after changes.

    Args:
        bench: Where figures are kept.
        name: The source.
        scale: How big the office is.
        smallest: Peak memory of the first run over the smallest office, if this is another.

    Returns:
        The peak memory of the first run over the smallest office.
    """
    with running(scale=scale) as sandbox, home_of_its_own(bench, f"{name} {scale}"):
        runs = Runs(bench, name, sandbox)
        done = runs.first()
        smallest = smallest or done.peak_memory
        runs.note_memory(done.peak_memory, smallest)
        source = SOURCES[name]
        growth.of_state(bench, name, done.output, runs.data)
        if source.ITEMS:
            growth.of_rows(bench, name, done.output, source.ITEMS, runs.data)
        runs.after("nothing changed", lambda *_: "")
        runs.after("one change", source.change_one)
        runs.after("one per cent changed", source.change_one_per_cent)
        runs.after("after a day off", source.live_a_day, DAY_SECONDS)
    return smallest


class Runs:
    """Runs of a tap over one office, each from the state of the one before."""

    def __init__(self, bench: Bench, name: str, sandbox: Sandbox) -> None:
        self._bench, self._name, self._sandbox = bench, name, sandbox
        self._source = SOURCES[name]
        self._control = self._source.control(sandbox)
        self._account = self._source.account(sandbox)
        self._office = self._source.truth(sandbox)
        self.data = self._source.data(self._office)
        self._swept_at = self._office["now"]
        self._state: Any = None

    def first(self) -> Finished:
        """Run without a state."""
        floor = self._source.first_floor(self._office)
        done = self._run()
        self._note("first sync", self.data, floor, "at most 1.05")
        return done

    def after(self, what: str, change: Callable[[Sandbox, Truth], str], seconds: int = 0) -> None:
        """Run after a change.

        Args:
            what: What the run is called.
            change: Changes the office and says what it did.
            seconds: How much time passes besides.
        """
        changes = change(self._sandbox, self._office)
        self._control.advance(seconds + PAUSE_SECONDS)
        office = self._source.truth(self._sandbox)
        is_daily = _seconds(self._swept_at, office["now"]) >= DAY_SECONDS
        floor = self._source.next_floor(self._office, office, is_daily=is_daily)
        self._run()
        data = f"{self.data}; {changes}" if changes else self.data
        self._note(what, data, floor, "at most 1.2")
        self._office = office
        self._swept_at = office["now"] if is_daily else self._swept_at

    def note_memory(self, peak: float, smallest: float) -> None:
        """Keep the peak memory of the first run, beside that of the smallest office."""
        self._bench.note(
            Figure(
                part="memory",
                what=f"tap-{self._name}, first sync",
                command=self._command,
                data=self.data,
                found=peak,
                unit="MB",
                floor=smallest,
                goal="flat",
            )
        )

    @property
    def _command(self) -> str:
        return f"meltano invoke tap-{self._name}"

    def _run(self) -> Finished:
        self._control.clear_requests()
        done = self._bench.tap(self._name, self._account, state=self._state)
        self._state = last_state(done.output)
        return done

    def _note(self, what: str, data: str, floor: int, goal: str) -> None:
        self._bench.note(
            Figure(
                part="requests",
                what=f"{self._source.TITLE}, {what}",
                command=self._command,
                data=data,
                found=self._control.requests()["total"],
                floor=floor,
                goal=goal,
                guarded=True,
            )
        )


@contextmanager
def home_of_its_own(bench: Bench, name: str) -> Iterator[None]:
    """Let the taps keep in a new folder what outlives a run.

    They name it by address, and a later sandbox may get the port of an earlier one.
    """
    former = os.environ["XDG_STATE_HOME"]
    os.environ["XDG_STATE_HOME"] = str(bench.folder / f"home of {name}")
    try:
        yield
    finally:
        os.environ["XDG_STATE_HOME"] = former


def _seconds(since: str, until: str) -> float:
    begin, end = (dt.datetime.fromisoformat(at.replace("Z", "+00:00")) for at in (since, until))
    return (end - begin).total_seconds()
