"""The tap itself: one polite session, the server's clock, and failures in one sentence."""

from __future__ import annotations

import abc
import os
import sys
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from singer_sdk import Tap
from singer_sdk.exceptions import FatalAPIError

from tap_kit.http import polite_session, server_time
from tap_kit.replication import FullTableStream

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyrate_limiter import Rate
    from requests import Session
    from singer_sdk import Stream


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

    @cached_property
    def streams(self) -> dict[str, Stream]:
        """The streams, the incremental ones first: a refused full table must not hold them up."""
        streams = super().streams.items()
        return dict(sorted(streams, key=lambda item: isinstance(item[1], FullTableStream)))

    @classmethod
    def invoke(cls, **options: Any) -> None:  # noqa: ANN401
        """Run the tap."""
        with _one_sentence(cls):
            super().invoke(**options)

    @classmethod
    def cb_test(cls, *args: Any) -> None:  # noqa: ANN401
        """Run the tap for one record of each stream."""
        with _one_sentence(cls):
            super().cb_test(*args)


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
