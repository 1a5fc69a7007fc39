"""A look at all that a run needs: what is wrong, and what to do; it changes nothing.

Every part is asked through Meltano, with the settings that a run would have.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planwerk_operate.installation import differences
from planwerk_operate.meltano import ERROR
from planwerk_operate.notify import SETTING, is_on, notify
from planwerk_operate.sources import SOURCES
from planwerk_operate.sync import missing

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from planwerk_operate.meltano import Meltano

LEAST_FREE_BYTES: Final = 1 << 30
LARGEST_CLOCK_DIFFERENCE_SECONDS: Final = 60
NOT_APPLIED: Final = "no Planwerk tables yet"
"""What the transform says before the first run."""
WRITTEN: Final = (".meltano", ".planwerk", "state")
"""Folders in which a run writes."""


class Finding(NamedTuple):
    """Something that was looked at.

    Attributes:
        where: The part it belongs to.
        what: What it is, in a few words.
        wrong: What is wrong with it and what to do, as sentences; None if nothing is.
    """

    where: str
    what: str
    wrong: str | None = None


def examine(meltano: Meltano) -> Iterator[Finding]:
    """Look at one thing after the other."""
    yield from _settings_file()
    yield from _installation()
    yield from _folders()
    yield from _warehouse(meltano)
    yield from _transform(meltano)
    in_use = 0
    for source in SOURCES:
        if lacking := missing(meltano, source):
            names = " and ".join(setting.variable for setting in lacking)
            yield Finding(source, f"not in use: {names} not set")
        else:
            in_use += 1
            yield _source(meltano, source)
    if not in_use:
        yield Finding(
            "sources", "none", "Put the keys of at least one into .env; see .env.example."
        )
    yield _notifications()


def _settings_file() -> Iterator[Finding]:
    file = Path(".env")
    if not file.exists():
        yield Finding("settings", "no file .env, the environment alone counts")
    elif file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("settings", ".env", "Others may read its keys. Type: chmod 600 .env")
    else:
        yield Finding("settings", ".env, for nobody else to read")


def _installation() -> Iterator[Finding]:
    for place, wrong in differences():
        yield Finding(
            "programs",
            place,
            f"{wrong}. Type: make --always-make install" if wrong else None,
        )


def _folders() -> Iterator[Finding]:
    closed = [name for name in WRITTEN if Path(name).exists() and not os.access(name, os.W_OK)]
    free = shutil.disk_usage(".").free
    wrong = None
    if closed:
        wrong = f"This user may not write into {', '.join(closed)}: give them to it (chown -R)."
    elif free < LEAST_FREE_BYTES:
        wrong = "Make room: the programs write what they read before they load it."
    yield Finding("disk", f"{free / 1e9:.1f} GB free", wrong)


def _warehouse(meltano: Meltano) -> Iterator[Finding]:
    asked = meltano.ask("invoke", "warehouse:inspect")
    if asked.returncode != 0:
        yield Finding("database", "does not answer", _last_words(asked))
        return
    for finding in json.loads(asked.stdout):
        yield Finding("database", finding["what"], finding["wrong"])


def _transform(meltano: Meltano) -> Iterator[Finding]:
    asked = meltano.ask("invoke", "transform:status", "--format=json")
    try:
        status: dict[str, Any] = json.loads(asked.stdout)
    except ValueError:
        words = _last_words(asked)
        if NOT_APPLIED in words:
            yield Finding("tables", "none yet, the first run makes them")
        else:
            yield Finding("tables", "cannot be read", words)
        return
    errors = status["trigger_errors"]
    yield Finding(
        "tables",
        f"{sum(source['rows'] for source in status['sources'])} rows",
        f"{errors} errors of triggers. Type: meltano invoke transform:rebuild" if errors else None,
    )
    for source in status["sources"]:
        read = status["checkpoints"][source["source"]]
        broken = read["problem"] and "is broken" in read["problem"]
        is_known = source["rows"] or source["last_success"]
        if broken or is_known:
            yield Finding(
                "checkpoints",
                source["source"],
                f"{read['file']} {read['problem']}. Mend it, replace it by last_good.json beside "
                f"it, or read the source anew: meltano state clear --force "
                f"{Path(read['file']).parent.name}"
                if broken
                else None,
            )
        if source["failure"]:
            yield Finding(source["source"], "last run", f"It failed: {source['failure']}")


def _source(meltano: Meltano, source: str) -> Finding:
    asked = meltano.ask("invoke", f"tap-{source}", "--greet")
    try:
        greeting: dict[str, str] = json.loads(asked.stdout)
        server_time = dt.datetime.fromisoformat(greeting["server_time"].replace("Z", "+00:00"))
    except (KeyError, ValueError):
        return Finding(source, "refuses us", _last_words(asked))
    away = abs((server_time - dt.datetime.now(dt.timezone.utc)).total_seconds())
    return Finding(
        source,
        f"lets us in, its clock is {away:.0f} s from this machine's",
        "Set the clock of this machine by NTP. Loading goes by the server's clock, but the ages "
        "that the log and the status show would be wrong."
        if away > LARGEST_CLOCK_DIFFERENCE_SECONDS
        else None,
    )


def _notifications() -> Finding:
    if not is_on():
        return Finding("notifications", f"off ({SETTING} is not set)")
    sent = notify("Planwerk: a message on trial", "planwerk doctor has sent this.")
    return Finding(
        "notifications",
        "a message was sent on trial" if sent else "a message could not be sent",
        None if sent else f"What Apprise could not do stands above; check {SETTING} in .env.",
    )


def _last_words(asked: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in asked.stderr.splitlines() if line.strip()]
    errors = [found["message"] for found in map(ERROR.match, lines) if found]
    return errors[-1] if errors else lines[-1] if lines else "It says nothing."
