"""Run the job of each source, one after the other, in the environment `office` or `demo`.

Usage: python run_sources.py office [SOURCE ...]; without sources all of them. A source without
credentials is skipped with one line (one that was named fails), and a source that fails does not
stop the others. One that another run is loading is left to that run.

Exit codes: 0 all were loaded; 1 a source failed, or none could run; 75 none failed, but another run
was at work on one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import enum
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

if TYPE_CHECKING:
    from collections.abc import Collection

REQUIRED = {
    "teamwork": {"base_url": "TAP_TEAMWORK_BASE_URL", "api_key": "TAP_TEAMWORK_API_KEY"},
    "missive": {"api_token": "TAP_MISSIVE_API_TOKEN"},
    "craft": {"api_url": "TAP_CRAFT_API_URL"},
}
"""Per source: the settings without which its tap cannot run, and their environment variables."""

SOURCES = tuple(REQUIRED)

LOCKS = Path(".planwerk/locks")
SECONDS_UNTIL_READ = 600
"""A program reads its settings when it starts."""
BUSY = re.compile(r"is already being loaded|pipeline is already running")
"""What the transform, and Meltano itself, say when another run is at work."""


class Outcome(enum.Enum):
    """How a run of a source ended."""

    LOADED = "loaded"
    FAILED = "failed"
    BUSY = "left to another run"


class Meltano:
    """Meltano in one environment of this project.

    Args:
        environment: `office` or `demo`.
    """

    def __init__(self, environment: str) -> None:
        program = Path(sys.executable).with_name("meltano")
        self.environment = environment
        self._command = [
            str(program),
            "--log-config=logging.quiet.yaml",
            f"--environment={environment}",
        ]

    def run(self, *arguments: str) -> bool:
        """Run a command, its output shown; return whether it succeeded."""
        sys.stdout.flush()
        return subprocess.run([*self._command, *arguments], check=False).returncode == 0  # noqa: S603

    def load(self, source: str) -> Outcome:
        """Run the job of a source, its output shown, and stop it when this program is stopped."""
        sys.stdout.flush()
        busy = False
        with subprocess.Popen(  # noqa: S603
            [*self._command, "run", f"sync-{source}"], stderr=subprocess.PIPE, text=True
        ) as process:
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
            try:
                for line in process.stderr or ():
                    sys.stderr.write(line)
                    busy = busy or bool(BUSY.search(line))
            except KeyboardInterrupt:  # Meltano has it too, and lets tap and loader come to an end
                process.wait()
                raise
            finally:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if process.returncode == 0:
            return Outcome.LOADED
        if process.returncode < 0:
            print(
                f"{source}: Meltano was killed (signal {-process.returncode}). Nothing is lost; its"
                " next run can begin 5 minutes later.",
                file=sys.stderr,
            )
        return Outcome.BUSY if busy else Outcome.FAILED

    def missing(self, source: str) -> list[str]:
        """Return the environment variables of the settings that a source lacks."""
        printed = subprocess.run(  # noqa: S603
            [*self._command, "config", "print", f"tap-{source}"],
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
        if printed.returncode != 0:
            sys.exit(f"{source}: Meltano cannot read its settings; what it says stands above.")
        settings = json.loads(printed.stdout)
        return [name for setting, name in REQUIRED[source].items() if not settings.get(setting)]


def sync(meltano: Meltano, sources: Collection[str] = ()) -> int:
    """Run the sources that have credentials, or those named; return the exit code."""
    outcomes: list[Outcome] = []
    for source in sources or SOURCES:
        missing = meltano.missing(source)
        if missing:
            print(
                f"{source}: skipped, because {' and '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} not set. "
                "Put it into the file .env in this folder (see .env.example).",
                file=sys.stderr if sources else sys.stdout,
            )
            if sources:
                outcomes.append(Outcome.FAILED)
            continue
        started = time.monotonic()
        outcomes.append(_load_alone(meltano, source))
        print(f"{source}: {outcomes[-1].value} after {time.monotonic() - started:.0f} s.")
    if not outcomes or Outcome.FAILED in outcomes:
        return 1
    return os.EX_TEMPFAIL if Outcome.BUSY in outcomes else 0


def _load_alone(meltano: Meltano, source: str) -> Outcome:
    """Load a source unless another run of this program does.

    The operating system frees the lock when that one ends, however it ends.
    """
    LOCKS.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = LOCKS / f"{meltano.environment}-{source}"
    holder = name.with_suffix(".holder")
    try:
        with filelock.FileLock(f"{name}.lock", timeout=0):
            holder.write_text(f"process {os.getpid()}, since {dt.datetime.now():%H:%M:%S}")  # noqa: DTZ005  # for people at this machine
            return meltano.load(source)
    except filelock.Timeout:
        print(f"{source}: another run is at work on it ({_read(holder)}).")
        return Outcome.BUSY


def _read(holder: Path) -> str:
    try:
        return holder.read_text()
    except OSError:
        return "which has just begun"


def demo(meltano: Meltano) -> int:
    """Load the generated office and show what came of it; return the exit code."""
    started = dt.datetime.now(dt.timezone.utc)
    # Set here, because a real account in .env would win over the settings in meltano.yml.
    port = os.environ.setdefault("SANDBOX_PORT", "8276")
    os.environ["TAP_TEAMWORK_BASE_URL"] = f"http://127.0.0.1:{port}/teamwork"
    os.environ["TAP_TEAMWORK_API_KEY"] = "twp_sandbox"
    os.environ["TAP_MISSIVE_API_URL"] = f"http://127.0.0.1:{port}/missive/v1"
    os.environ["TAP_MISSIVE_API_TOKEN"] = "missive_pat-sandbox"  # noqa: S105  # not a real one
    os.environ["TAP_CRAFT_API_URL"] = f"http://127.0.0.1:{port}/craft/links/sandbox-space/api/v1"
    os.environ["TAP_CRAFT_API_KEY"] = ""
    if not meltano.run("invoke", "sandbox:up"):
        return 1
    try:
        exit_code = sync(meltano)
    finally:
        meltano.run("invoke", "sandbox:down")
    if exit_code:
        return exit_code
    if not meltano.run("invoke", "transform:report", "--since", started.isoformat()):
        return 1
    seconds = (dt.datetime.now(dt.timezone.utc) - started).total_seconds()
    program = Path(sys.executable).with_name("meltano").relative_to(Path.cwd())
    print(
        f"\nDone in {seconds:.0f} s. Where to look next:\n"
        f"  {program} --environment=demo invoke warehouse:psql\n"
        "      the database; try: table planwerk.item_cost_group limit 10;\n"
        "  state/demo:tap-teamwork-to-target-postgres/state.json\n"
        "      the checkpoints\n"
        "  make sync\n"
        "      the same with your own accounts"
    )
    return 0


def keep_to_ourselves() -> None:
    """Let nobody else read what a run writes, nor what one that was killed has left.

    Meltano hands its settings, keys included, to a tap in a file, which it removes at the end.
    """
    os.umask(0o077)
    for folder in map(Path, (".meltano/run", ".meltano/logs", "state")):
        if folder.is_dir():
            folder.chmod(0o700)
    for left_over in Path(".meltano/run").glob("*/*.*.config.json"):
        if time.time() - left_over.stat().st_mtime > SECONDS_UNTIL_READ:
            left_over.unlink(missing_ok=True)


def main() -> int:
    """Run what the arguments name; return the exit code."""
    parser = argparse.ArgumentParser(description="Load the sources, one after the other.")
    parser.add_argument("environment", choices=["office", "demo"])
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help=", ".join(SOURCES))
    arguments = parser.parse_args()
    if unknown := set(arguments.sources).difference(SOURCES):
        parser.error(f"there is no source {', '.join(unknown)}; there are {', '.join(SOURCES)}")
    keep_to_ourselves()
    meltano = Meltano(arguments.environment)
    try:
        if arguments.environment == "demo":
            return demo(meltano)
        return sync(meltano, arguments.sources)
    except KeyboardInterrupt:
        print("Stopped; the next run goes on from there.", file=sys.stderr)
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
