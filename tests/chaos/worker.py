"""Runs seeds in a process of its own, with a database server of its own."""

import os
import signal
import traceback
from multiprocessing.util import Finalize

from craft import Craft
from database import Server
from missive import Missive
from seed import Seed
from teamwork import Teamwork

SOURCES = {source.name: source for source in (Teamwork, Missive, Craft)}
MELTANO_EVERY = 15
_own = {}


def run_seed(number, names):
    """Run one seed with the sources named; return what is wrong, what was done, and the counts."""
    if not _own:
        _own["server"] = Server()
        Finalize(None, _own["server"].close, exitpriority=10)
        for asked_to_end in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked_to_end, end)
    with_meltano = number % MELTANO_EVERY == 0
    if with_meltano:  # which takes its time
        names = [names[number // MELTANO_EVERY % len(names)]]
    sources = [SOURCES[name] for name in names]
    seed = Seed(number, sources, _own["server"], with_meltano=with_meltano)
    try:
        wrong = seed.run()
    except Exception:  # noqa: BLE001  # a seed that breaks the test must not end the others
        wrong = [traceback.format_exc(limit=-6)]
    return wrong, seed.story, seed.counts


def end(number, _frame):
    """Leave no server behind."""
    _own["server"].close()
    os._exit(128 + number)
