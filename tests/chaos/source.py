"""What the convergence test has to know of a source; everything else is the same for all three.

A source works on one sandbox and one database, both its own for the seed. `rows` and `control`
make it fit the comparisons of the end-to-end tests, which take a pipeline.
"""

import abc

from planwerk_sandbox.client import ControlError


class Source(abc.ABC):
    """A source under test.

    Args:
        sandbox: The running sandbox (`planwerk_sandbox.server.Sandbox`).
        database: Reads the warehouse: `rows(query, *parameters)` returns all rows, a row of one
            column as its value; `value(query, *parameters)` the only one.
        folder: A folder of this source and seed alone, for the files of the tap itself.
        random: The seed's `random.Random`, for what is chosen once per seed (a flavour ...).
    """

    name: str
    """`teamwork`, `missive` or `craft`: names the tap, the raw schema and the API."""

    fault_paths: tuple[tuple[str, int], ...] = ((".", 1),)
    """Regular expressions on request paths for faults and hooks, each with its weight."""

    def __init__(self, sandbox, database, folder, random):
        self.sandbox = sandbox
        self.database = database
        self.folder = folder
        self.rows = database.rows
        self.value = database.value
        self.prepare(random)

    @property
    @abc.abstractmethod
    def control(self):
        """The sandbox's control of this API."""

    @property
    @abc.abstractmethod
    def account(self):
        """The tap's settings that stay the same in every run of the seed, as a dict."""

    @property
    @abc.abstractmethod
    def secrets(self):
        """Texts that must stand in no log, no state and no row (keys, tokens, links)."""

    @property
    def tap_folders(self):
        """Folders that the tap itself writes, to be filled up or taken away; none by default.

        The tap's XDG_STATE_HOME is `self.folder / "home"`.
        """
        return []

    def prepare(self, random):  # noqa: B027  # nothing to prepare is fine
        """Make the office fit, once, before the first run: smaller, a flavour chosen ..."""

    def tap_settings(self, random):
        """Return settings that may differ from run to run (page sizes ...)."""
        return {}

    def switch(self, random):  # noqa: B027  # an API may have no switches
        """Change how the API behaves where that is not documented; return what, or None."""

    @abc.abstractmethod
    def mutation(self, random):
        """Return one random change of any kind as a list of JSON mutations, or None.

        Nothing is changed yet: the list is carried out at once by `mutate`, or in the middle of a
        page walk by a hook.
        """

    def mutate(self, random):
        """Carry out one random change; return what was done, or None if nothing was."""
        mutations = self.mutation(random)
        if not mutations:
            return None
        try:
            self.control.mutate(*mutations, same_second=random.random() < 0.1)
        except ControlError as refusal:
            return f"refused: {mutations} ({refusal})"
        return str(mutations)

    @abc.abstractmethod
    def living(self):
        """Return the ids that live and are reachable now by the truth: a set per stream."""

    @abc.abstractmethod
    def marked_deleted(self):
        """Return the ids of rows that the raw tables hold as deleted: a set per stream.

        Whatever says so: `_sdc_deleted_at`, `deleted_at`, `is_deleted`, `merged_into_id` ...
        """

    @abc.abstractmethod
    def compare(self):
        """Return every difference between raw tables and truth as a sentence, values included."""

    @abc.abstractmethod
    def bookmarks_ahead(self, state):
        """Return a sentence for each checkpoint that is ahead of the data or of the server's clock.

        Args:
            state: The Singer state that the next run begins with.

        Work out what the next run will not ask for again, and say what of it is not there, or is
        there in an older version.
        """

    def settle(self):
        """Do what has to happen before the last, undisturbed run: a day passes, say."""
        self.control.advance(3_600)

    def wants_mass_delete(self, log):
        """Whether the tap refused a deletion that the user has to allow."""
        return "allow_mass_delete" in log

    def leaves_open(self, log):
        """Whether the tap says that the next run has to tell what is gone."""
        return "until the next run" in log or "unless the next run" in log

    def stays_unchanged(self):
        """Return the tables of which no row may be written by a run in which nothing changed."""
        return self.rows(
            "select table_name::text from information_schema.tables"
            " where table_schema = %s and table_type = 'BASE TABLE' order by 1",
            f"raw_{self.name}",
        )
