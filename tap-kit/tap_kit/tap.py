"""The tap itself: one polite session, the server's clock, and failures in one sentence."""

from __future__ import annotations

import abc
import datetime as dt
import json
import time
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar

import click
from singer_sdk import Tap
from singer_sdk.exceptions import FatalAPIError
from singer_sdk.plugin_base import JSONSchemaValidator

from tap_kit.chatter import keep_out_chatter
from tap_kit.columns import utc
from tap_kit.command_line import given, one_sentence, read
from tap_kit.configuration import complaints, refuse_unreadable
from tap_kit.http import polite_session, server_time
from tap_kit.progress import Progress
from tap_kit.rejected_rows import RejectedRows
from tap_kit.replication import FullTableStream
from tap_kit.secrets import Hidden, secrets_in
from tap_kit.state import MEMBERS, WHAT_TO_DO, usable_state
from tap_kit.stream import MAX_TRIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyrate_limiter import Rate
    from requests import Session
    from singer_sdk import Stream
    from singer_sdk.plugin_base import _ConfigInput

    from tap_kit.state import Check

GREETING_TRIES = 2
"""Somebody waits for the answer to `--greet`."""


class KitTap(Tap, abc.ABC):
    """A tap that says what is wrong in one sentence and ends with exit code 1."""

    @abc.abstractmethod
    def rates(self) -> list[Rate]:
        """The rate limits that all requests of this tap keep together."""

    @abc.abstractmethod
    def greet(self) -> Mapping[str, str]:
        """Make the API's cheapest call, which proves the credentials; return its headers."""

    @property
    def limits_file(self) -> Path | None:
        """Where requests are counted across runs; None counts those of this run alone."""
        return None

    @cached_property
    def session(self) -> Session:
        """The HTTP session that all streams share."""
        return polite_session(self.rates(), self.limits_file, self._wait_for_requests)

    def _wait_for_requests(self, seconds: float) -> None:
        self.progress.waits(seconds, "the limit of requests")

    @cached_property
    def progress(self) -> Progress:
        """What the run has done so far."""
        return Progress(self.name)

    max_tries = MAX_TRIES
    """How often a request is tried before the run fails."""

    @cached_property
    def clock_reading(self) -> tuple[dt.datetime, float]:
        """The server's clock at the start of the run, and this machine's stopwatch just then."""
        return server_time(self.greet()), time.monotonic()

    @property
    def server_clock(self) -> dt.datetime:
        """The server's clock at the start of the run."""
        return self.clock_reading[0]

    @property
    def server_now(self) -> dt.datetime:
        """The server's clock, as far as can be told without asking again."""
        clock, read_at = self.clock_reading
        return clock + dt.timedelta(seconds=time.monotonic() - read_at)

    @property
    def server_clock_milliseconds(self) -> int:
        """The same in milliseconds since 1970: the version of what the run reads."""
        return int(self.server_clock.timestamp() * 1000)

    @cached_property
    def streams(self) -> dict[str, Stream]:
        """The streams in the order in which they are read.

        First the one for what cannot be loaded, whose schema has to be known before the others
        begin; then the incremental ones, which a refused full table must not hold up.
        """

        def turn(item: tuple[str, Stream]) -> int:
            return 0 if item[1] is self.rejected_rows else 1 + isinstance(item[1], FullTableStream)

        return dict(sorted(super().streams.items(), key=turn))

    state_members: ClassVar[Mapping[str, Check]] = {}
    """What the members of a stream's state have to be that only this tap has."""

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over the state of the last run.

        Raises:
            FatalAPIError: One sentence, if it cannot be gone on with.
        """
        bookmarks = usable_state(state, {**MEMBERS, **self.state_members})
        unknown = sorted(bookmarks.keys() - self.streams.keys())
        if unknown and len(unknown) == len(bookmarks):
            raise FatalAPIError(
                f"The state has no stream of {self.name}, but {', '.join(unknown)}: it is that "
                f"of another tap. {WHAT_TO_DO}"
            )
        if unknown:
            self.logger.warning(
                "The state has streams that %s does not have: %s.", self.name, ", ".join(unknown)
            )
        known = {name: bookmarks[name] for name in bookmarks if name not in unknown}
        super().load_state({"bookmarks": known})

    @property
    def source(self) -> str:
        """Which account or site the state belongs to; empty where that cannot be told."""
        return ""

    def is_source(self, known: str) -> bool:
        """Tell whether a state of that source may be gone on with."""
        return known == self.source

    source_hint: ClassVar[str] = ""
    """The sentences that say what to do about another source."""

    @cached_property
    def rejected_rows(self) -> RejectedRows:
        """The stream for what cannot be loaded; every tap has it among its streams."""
        return RejectedRows(self)

    @cached_property
    def hidden(self) -> Hidden:
        """The secrets of the settings."""
        hidden = Hidden()
        hidden.add(secrets_in(self.config, self.config_jsonschema))
        return hidden

    def without_secrets(self, text: str) -> str:
        """Return a text with *** for every secret of the settings."""
        return self.hidden.without(text)

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings; what is wrong is said without their values."""
        self.hidden.guard_logs()
        super()._validate_config(raise_errors=False)
        errors = JSONSchemaValidator(self.config_jsonschema).iter_errors(self._config)
        found = complaints(errors, self._config, self._env_var_prefix)
        if found and raise_errors:
            raise FatalAPIError(" ".join(found))
        return found

    @classmethod
    def cb_config(cls, *args: Any) -> _ConfigInput:  # noqa: ANN401
        """Read the files with settings, and see that those of the environment can be read."""
        keep_out_chatter()
        with one_sentence(cls.logger):
            found: _ConfigInput = read("A configuration file", super().cb_config, *args)
            if found.parse_env:
                refuse_unreadable(cls.config_jsonschema, cls._env_var_prefix)
            return found

    @classmethod
    def invoke(  # type: ignore[override]
        cls,
        *,
        config: _ConfigInput,
        about: bool = False,
        about_format: str | None = None,
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
    ) -> None:
        """Run the tap.

        In place of singer-sdk's own method, which leaves no room around the run.
        """
        super(Tap, cls).invoke(about=about, about_format=about_format)
        with one_sentence(cls.logger):
            tap = cls(
                config=config.config,
                state=given("state", state),
                catalog=given("catalog", catalog),
                parse_env_config=config.parse_env,
            )
            tap.run()

    def run(self) -> None:
        """Read all selected streams, and say in the state what the run was."""
        with self.progress.shown():
            self.sync_all()
        if self.progress.tallies:
            self.rejected_rows.stream_state["last_run"] = {
                "started_at": _to_the_second(self.server_clock),
                "ended_at": _to_the_second(self.server_now),
                "requests": self.progress.requests,
                "records": self.progress.records,
            }
            self.state_writer.write_state(self.state)

    @classmethod
    def get_singer_command(cls) -> click.Command:
        """Return the command line: that of all taps, and `--greet`."""
        command = super().get_singer_command()
        command.params.append(
            click.Option(
                ["--greet"],
                is_flag=True,
                help="Check settings and credentials with one cheap request; print the server's "
                "clock and the source as JSON.",
                callback=cls.cb_greet,
                expose_value=False,
            )
        )
        return command

    @classmethod
    def cb_greet(cls, ctx: click.Context, param: click.Option, value: bool) -> None:  # noqa: ARG003, FBT001
        """Make the API's cheapest call, and print what it says."""
        if not value:
            return
        config: _ConfigInput = ctx.params["config"]
        with one_sentence(cls.logger):
            tap = cls(config=config.config, parse_env_config=config.parse_env)
            tap.max_tries = GREETING_TRIES
            said = {"server_time": utc(tap.server_clock), "source": tap.source}
            click.echo(json.dumps(said))
        ctx.exit()

    @classmethod
    def cb_test(cls, *args: Any) -> None:  # noqa: ANN401
        """Run the tap for one record of each stream."""
        with one_sentence(cls.logger):
            super().cb_test(*args)


def _to_the_second(moment: dt.datetime) -> str:
    return utc(moment.replace(microsecond=0))
