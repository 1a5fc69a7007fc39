"""The warehouse of a worker: the embedded server, which may be killed, and a database per seed."""

import itertools
import os
import resource
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from planwerk_transform.apply import apply
from planwerk_warehouse.embedded import PORT, SUPERUSER, EmbeddedServer
from psycopg.conninfo import conninfo_to_dict, make_conninfo

UP_SECONDS = 60


class Server:
    """The embedded server of this worker, with a template that has everything applied."""

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="planwerk-chaos-"))
        self._server = EmbeddedServer(self._folder)
        self._numbers = itertools.count()
        self.up()
        with self.connect("postgres") as connection:
            # Nothing here has to survive a power cut.
            connection.execute("alter system set fsync = off")
            connection.execute("select pg_reload_conf()")
        self._template = self._create("template0")
        apply(self.url(self._template))

    def up(self):
        self._server.up()

    def url(self, name):
        return make_conninfo(
            host=str(self._server.socket_folder), port=PORT, user=SUPERUSER, dbname=name
        )

    def connect(self, name):
        return psycopg.connect(self.url(name), autocommit=True)

    def new_database(self):
        """Create a database with everything applied and nothing in it."""
        return Database(self, self._create(self._template))

    def _create(self, template):
        name = f"chaos_{next(self._numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(f"create database {name} template {template}")
        return name

    def drop(self, name):
        with self.connect("postgres") as connection:
            connection.execute(f"drop database {name} with (force)")

    @property
    def process(self):
        """The server's first process; raises `psutil.Error` where it does not run."""
        lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines()
        return psutil.Process(int(lines[0]))

    def kill(self):
        """End the server as a crash of its first process does."""
        self.process.send_signal(signal.SIGKILL)

    def limit_files(self, size):
        """Let no file of the server grow beyond a size; None lifts the limit."""
        try:
            first = self.process
            owner = first.uids().real
            processes = [first.pid, *(child.pid for child in first.children())]
        except (psutil.Error, OSError):
            return  # it did not survive the full disk; `up` starts another one
        child = os.fork()
        if child == 0:  # root may have no right to limit the processes of others; their owner has
            with suppress(OSError):
                if os.geteuid() != owner:
                    os.setuid(owner)
                for pid in processes:
                    with suppress(OSError):
                        limit(pid, size)
            os._exit(0)
        os.waitpid(child, 0)

    def close(self):
        self._server.down()
        shutil.rmtree(self._folder, ignore_errors=True)


def limit(pid, size):
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


class Database:
    """A database of one seed; a lost connection is made again."""

    def __init__(self, server, name):
        self._server = server
        self.name = name
        self.url = server.url(name)
        self._connection = None

    @property
    def parameters(self):
        return conninfo_to_dict(self.url)

    @property
    def connection(self):
        give_up = time.monotonic() + UP_SECONDS
        while not self.is_connected():
            if time.monotonic() > give_up:
                raise ConnectionError("The database does not come up again.")
            time.sleep(0.05)
        return self._connection

    def is_connected(self):
        """Whether there is a connection; a lost one is made again if the server answers."""
        if self._connection is None or self._connection.closed:
            with suppress(psycopg.OperationalError):
                self._connection = self._server.connect(self.name)
        return self._connection is not None and not self._connection.closed

    def rows(self, query, *parameters):
        """Return all rows; a row of one column as its value.

        A server of which a session was killed takes all others down with it, once or more.
        """
        found = None
        while found is None:
            with suppress(psycopg.OperationalError):
                found = self.connection.execute(query, parameters or None).fetchall()
            if found is None:
                self.close()
        return [row[0] if len(row) == 1 else row for row in found]

    def value(self, query, *parameters):
        (only,) = self.rows(query, *parameters)
        return only

    def loader_sessions(self):
        """Return the process ids of sessions that write at the moment, but ours."""
        if not self.is_connected():
            return []
        try:
            found = self._connection.execute(
                "select pid from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and state <> 'idle'"
                " and backend_type = 'client backend'"
            ).fetchall()
        except psycopg.OperationalError:
            self.close()
            return []
        return [pid for (pid,) in found]

    def close(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def drop(self):
        self.close()
        self._server.drop(self.name)
