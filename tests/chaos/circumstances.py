"""What is odd about the machine on which a program runs; set up in its own process."""

import datetime as dt
import resource
import time
from dataclasses import dataclass

import time_machine
from singer_sdk.target_base import Target

SHORT_WAIT_SECONDS = 0.002


@dataclass(frozen=True)
class Circumstances:
    """To be called in a process before its program begins.

    Attributes:
        clock_ahead_seconds: How far the machine's clock is ahead.
        largest_file: Bytes beyond which no file can be written: the disk is full.
        loads_at_least_every_seconds: When the loader writes what it has, and confirms the state.
    """

    clock_ahead_seconds: int = 0
    largest_file: int | None = None
    loads_at_least_every_seconds: float | None = None

    def __call__(self):
        if self.clock_ahead_seconds:
            now = dt.datetime.now(dt.timezone.utc)
            ahead = dt.timedelta(seconds=self.clock_ahead_seconds)
            time_machine.travel(now + ahead, tick=True).start()
        if self.largest_file is not None:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file, most))
        if self.loads_at_least_every_seconds is not None:
            Target._MAX_RECORD_AGE_IN_MINUTES = self.loads_at_least_every_seconds / 60  # noqa: SLF001
        sleep = time.sleep
        # Waiting for a server's limits is real, but not part of this test.
        time.sleep = lambda seconds: sleep(min(seconds, SHORT_WAIT_SECONDS))
