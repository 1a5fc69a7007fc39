"""What a cycle costs when nothing is new at any source, and which part of it is whose."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import psutil
from figures import Figure, spread_of
from harness import PROGRAMS, PROJECT
from processes import Cost, cost, memory, watch
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness import Bench
    from processes import Watched

DATA: Final = "2 000 tasks, 1 522 conversations, 404 documents"
MELTANO_RUN, PLANWERK_SYNC = "meltano run sync", "planwerk sync"
SOURCES: Final = "teamwork", "missive", "craft"
ROUNDS, FEWER_ROUNDS = 5, 2

PARTS: Final = {
    "warehouse:up": r"/planwerk-warehouse up",
    "transform:apply, three times": r"/planwerk-transform apply",
    "discovery": r"/tap-\w+ .*--discover",
    "taps, with loaders beside them": r"/tap-\w+ (?!.*--discover)",
}
LOADER: Final = r"/target-postgres "


class Import(NamedTuple):
    """What a program cannot do without and is not ours, and where its interpreter is."""

    module: str
    interpreter: Path

    @property
    def code(self) -> str:
        """A program that does nothing else."""
        return f"import {self.module}"


def _plugin(folder: str) -> Path:
    return PROJECT / ".meltano" / folder / "venv/bin/python"


MELTANO: Final = Import("meltano.cli", Path(sys.executable))
TAP: Final = Import("singer_sdk", _plugin("extractors/tap-teamwork"))
TARGET: Final = Import("target_postgres.target", _plugin("loaders/target-postgres"))
UP: Final = Import("psycopg", _plugin("utilities/warehouse"))
APPLY: Final = Import("psycopg", _plugin("utilities/transform"))


class Rounds:
    """What all rounds have shown: the cycles, the imports, and discovery on its own."""

    def __init__(self) -> None:
        self.cycles: dict[str, list[Watched]] = defaultdict(list)
        self.imports: dict[Import, list[Cost]] = defaultdict(list)
        self.discovery: list[float] = []

    def floor(self, needed: Import) -> Cost:
        """Return what an import costs."""
        return Cost(*map(median, zip(*self.imports[needed], strict=True)))

    def floor_of_cycle(self, starts: int) -> Cost:
        """Return what no cycle can go below.

        Args:
            starts: How often Meltano is started. A tap and its loader start side by side.
        """
        meltano, tap, target = map(self.floor, (MELTANO, TAP, TARGET))
        return Cost(
            starts * meltano.seconds + len(SOURCES) * max(tap.seconds, target.seconds),
            starts * meltano.cpu + len(SOURCES) * (tap.cpu + target.cpu),
        )


def measure(bench: Bench) -> None:
    """Load everything once; then measure cycles with nothing new, and by turns their floors."""
    rounds = Rounds()
    with bench.database("idle"), _sandbox() as sandbox:
        database = make_conninfo(bench.server.get_uri(), dbname="idle")
        project = Project(bench.folder / "idle", sandbox, database)
        project.run(MELTANO_RUN)
        for number in range(ROUNDS):
            rounds.cycles[MELTANO_RUN].append(project.run(MELTANO_RUN))
            if number < FEWER_ROUNDS:
                rounds.cycles[PLANWERK_SYNC].append(project.run(PLANWERK_SYNC))
                for needed in (MELTANO, TAP, TARGET, UP, APPLY):
                    rounds.imports[needed].append(cost([needed.interpreter, "-c", needed.code]))
                rounds.discovery.append(_discovery())
        note = bench.folder / "postgresql" / "postmaster.pid"
        server = psutil.Process(int(note.read_text(encoding="utf-8").split()[0]))
        of_postgresql = memory([server, *server.children()])
    _note_whole(bench, rounds, MELTANO_RUN, 1, ("under 8 s", "under 300 MB"))
    _note_parts(bench, rounds)
    what = "the same three discoveries, if each cycle had them"
    _note(bench, what, "tap-teamwork --discover", rounds.discovery)
    _note_whole(bench, rounds, PLANWERK_SYNC, len(SOURCES), ("", ""))
    _note(bench, "memory of PostgreSQL afterwards", MELTANO_RUN, [of_postgresql], "MB")


@contextmanager
def _sandbox() -> Iterator[str]:
    """Run a sandbox in a process of its own, as it would slow down who looks; yield its address."""
    command: list[str | Path] = [PROGRAMS / "planwerk-sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            said = process.stdout.readline() if process.stdout else ""
            yield re.findall(r"answers on (http://[^,]+)", said)[0]
        finally:
            process.terminate()


class Project:
    """A checkout with its own settings and state; the programs are those that make has set up.

    PostgreSQL is that of the measurements, so that its processes are not among the cycle's.
    """

    def __init__(self, folder: Path, sandbox: str, database: str) -> None:
        self.folder = folder
        (folder / ".meltano").mkdir(parents=True)
        for path in (PROJECT / "meltano.yml", *PROJECT.glob("logging.*.yaml")):
            shutil.copy(path, folder)
        for name in ("extractors", "loaders", "utilities"):
            (folder / ".meltano" / name).symlink_to(PROJECT / ".meltano" / name)
        (folder / "requirements.lock").symlink_to(PROJECT / "requirements.lock")
        self.environment = {
            "HOME": str(folder),
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "PLANWERK_DATABASE_URL": database,
            "TAP_TEAMWORK_BASE_URL": f"{sandbox}/teamwork",
            "TAP_TEAMWORK_API_KEY": "twp_sandbox",
            "TAP_TEAMWORK_REQUESTS_PER_MINUTE": "100000",
            "TAP_MISSIVE_API_URL": f"{sandbox}/missive/v1",
            "TAP_MISSIVE_API_TOKEN": "missive_pat-sandbox",
            "TAP_MISSIVE_REQUESTS_PER_MINUTE": "100000",
            "TAP_MISSIVE_REQUESTS_PER_QUARTER_HOUR": "1000000",
            "TAP_CRAFT_API_URL": f"{sandbox}/craft/links/sandbox-space/api/v1",
            "TAP_CRAFT_REQUESTS_PER_TEN_SECONDS": "100000",
            "TAP_CRAFT_REQUESTS_PER_MINUTE": "100000",
            "TAP_CRAFT_BLOCKS_PER_MINUTE": "1000000",
        }

    def run(self, command: str) -> Watched:
        """Run a command to its end, and watch it."""
        program, *arguments = command.split()
        log = self.folder / "log"
        return watch([PROGRAMS / program, *arguments], self.folder, self.environment, log)


def _discovery() -> float:
    return sum(cost([PROGRAMS / f"tap-{source}", "--discover"]).seconds for source in SOURCES)


def _memory_of_imports(*needed: Import) -> float:
    """Return the memory of programs that have imported what they need, and wait."""
    processes = [
        subprocess.Popen(  # noqa: S603
            [one.interpreter, "-c", f"{one.code}; print(flush=True); input()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for one in needed
    ]
    for process in processes:
        if process.stdout:
            process.stdout.readline()
    found = memory(psutil.Process(process.pid) for process in processes)
    for process in processes:
        process.communicate(b"\n")
    return found


def _note_whole(
    bench: Bench, rounds: Rounds, command: str, starts: int, goals: tuple[str, str]
) -> None:
    cycles, floor = rounds.cycles[command], rounds.floor_of_cycle(starts)
    wall, cpu = zip(*(cycle.cost for cycle in cycles), strict=True)
    _note(bench, f"wall of `{command}`", command, wall, floor=floor.seconds, goal=goals[0])
    _note(bench, f"processor time of `{command}`", command, cpu, floor=floor.cpu)
    what, peaks = f"memory of `{command}`", [cycle.memory for cycle in cycles]
    least = _memory_of_imports(MELTANO, TAP, TARGET)
    _note(bench, what, command, peaks, "MB", floor=least, goal=goals[1])


def _note_parts(bench: Bench, rounds: Rounds) -> None:
    """Note the parts of the wall time; in their order they are the whole."""
    found = [_parts(cycle) for cycle in rounds.cycles[MELTANO_RUN]]
    floors = {
        "Meltano, until its first block": rounds.floor(MELTANO).seconds,
        "warehouse:up": rounds.floor(UP).seconds,
        "transform:apply, three times": len(SOURCES) * rounds.floor(APPLY).seconds,
        "taps, with loaders beside them": len(SOURCES) * rounds.floor(TAP).seconds,
    }
    for part in found[0]:
        seconds = [parts[part] for parts in found]
        _note(bench, f"of its wall: {part}", MELTANO_RUN, seconds, floor=floors.get(part))


def _parts(cycle: Watched) -> dict[str, float]:
    spans = {
        part: [span for span in cycle.spans if re.search(pattern, span.command)]
        for part, pattern in {**PARTS, LOADER: LOADER}.items()
    }
    loaders = spans.pop(LOADER)
    taps = spans["taps, with loaders beside them"]
    parts = {"Meltano, until its first block": cycle.spans[0].begin}
    parts |= {part: sum(span.seconds for span in those) for part, those in spans.items()}
    parts["loaders, after their taps"] = sum(
        max(0.0, loader.end - tap.end) for tap, loader in zip(taps, loaders, strict=True)
    )
    parts["Meltano, between and after"] = cycle.cost.seconds - sum(parts.values())
    return parts


def _note(  # noqa: PLR0913
    bench: Bench,
    what: str,
    command: str,
    found: Sequence[float],
    unit: str = "s",
    *,
    floor: float | None = None,
    goal: str = "",
) -> None:
    middle, spread = median(found), spread_of(found)
    bench.note(Figure("idle", what, command, DATA, middle, unit, floor, goal, spread))
