"""Start our programs without their imports, which take longer than most runs in a test.

Every run is a process of its own that enters where the program does; it is forked from a server
that has imported it once.
"""

import multiprocessing
import os
import sys
from importlib import import_module

ENTRIES = {
    "tap-teamwork": ("tap_teamwork.tap", "TapTeamwork"),
    "tap-missive": ("tap_missive.tap", "TapMissive"),
    "tap-craft": ("tap_craft.tap", "TapCraft"),
    "target-postgres": ("target_postgres.target", "TargetPostgres"),
}
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([*(module for module, _ in ENTRIES.values()), "psycopg"])


def loader_settings(source):
    """Return the settings of target-postgres with which meltano.yml loads a source."""
    return {
        "sqlalchemy_url": "postgresql+psycopg:///?service=planwerk",
        "default_target_schema": f"raw_{source}",
        "use_copy": True,
        "sanitize_null_text_characters": True,
        "validate_records": False,
    }


class Program:
    """A program that runs, with pipes as its output and log.

    `circumstances` is called in its process before it begins.
    """

    def __init__(self, name, *arguments, environment, stdin=None, circumstances=None):
        self.output, output = FORKS.Pipe(duplex=False)
        self.log, log = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(
            target=_run,
            args=([name, *arguments], environment, (stdin, output, log), circumstances),
        )
        self.process.start()
        for end in filter(None, (stdin, output, log)):
            end.close()

    def poll(self):
        """Return the exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        os.kill(self.process.pid, number)


def text(pipe):
    """Return all that comes through a pipe until its other end is closed."""
    with open(pipe.fileno(), "rb", closefd=False) as stream:
        return stream.read().decode()


def _run(arguments, environment, pipes, circumstances):
    os.environ.clear()
    os.environ.update(environment)
    if circumstances:
        circumstances()
    for number, pipe in enumerate(pipes):
        if pipe:
            os.dup2(pipe.fileno(), number)
            pipe.close()
    sys.argv = arguments
    module, entry = ENTRIES[arguments[0]]
    getattr(import_module(module), entry).cli()
