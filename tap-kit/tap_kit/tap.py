"""The tap itself: one polite session, the server's clock, and failures in one sentence."""

from __future__ import annotations

import abc
import io
import json
import os
import sys
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar

from singer_sdk import Tap
from singer_sdk.exceptions import FatalAPIError
from singer_sdk.plugin_base import JSONSchemaValidator

from tap_kit.configuration import complaints, refuse_unreadable
from tap_kit.http import polite_session, server_time
from tap_kit.rejected_rows import RejectedRows
from tap_kit.replication import FullTableStream
from tap_kit.secrets import Hidden, secrets_in
from tap_kit.state import MEMBERS, WHAT_TO_DO, usable_state

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pyrate_limiter import Rate
    from requests import Session
    from singer_sdk import Stream
    from singer_sdk.plugin_base import _ConfigInput

    from tap_kit.state import Check


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
        return polite_session(self.rates(), self.limits_file)

    @cached_property
    def server_clock(self) -> dt.datetime:
        """The server's clock at the start of the run."""
        return server_time(self.greet())

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
        with _one_sentence(cls):
            given: _ConfigInput = _read("A configuration file", super().cb_config, *args)
            if given.parse_env:
                refuse_unreadable(cls.config_jsonschema, cls._env_var_prefix)
            return given

    @classmethod
    def invoke(cls, **options: Any) -> None:  # noqa: ANN401
        """Run the tap."""
        with _one_sentence(cls):
            for name in ("state", "catalog"):
                if options.get(name):
                    file = options[name]
                    content = _read(f"The file {file.name}, given as --{name},", _object_in, file)
                    options[name] = io.StringIO(json.dumps(content))
            super().invoke(**options)

    @classmethod
    def cb_test(cls, *args: Any) -> None:  # noqa: ANN401
        """Run the tap for one record of each stream."""
        with _one_sentence(cls):
            super().cb_test(*args)


def _object_in(file: IO[str]) -> dict[str, Any]:
    content = json.load(file)
    if not isinstance(content, dict):
        raise TypeError
    return content


def _read(what: str, read: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
    """Return what a file holds.

    Raises:
        FatalAPIError: One sentence, if that is not what it should; the file stays as it is.
    """
    try:
        return read(*args)
    except (TypeError, ValueError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise FatalAPIError(f"{what} is not the JSON it should be{where}.") from None


@contextmanager
def _one_sentence(tap: type[KitTap]) -> Iterator[None]:
    try:
        yield
    except FatalAPIError as error:
        tap.logger.error("%s", error)  # noqa: TRY400
        sys.exit(1)
    except BrokenPipeError:
        tap.logger.error("The loader ended before the tap; its own message says why.")  # noqa: TRY400
        # The rest of the output has nowhere to go, and must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        tap.logger.error("A file cannot be read or written: %s.", error)  # noqa: TRY400
        sys.exit(1)
