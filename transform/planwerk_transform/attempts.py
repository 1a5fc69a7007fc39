"""How the last run of each source ended, from the notes that the command `planwerk` leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from planwerk_transform.checkpoints import iso_moment

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


class Attempt(NamedTuple):
    """The last run of a source, whether it loaded anything or not.

    Attributes:
        ended_at: When, by the clock of this machine.
        failure: Why it failed; None if it did not.
        succeeded_at: When the last one ended that did not fail, if there was one.
    """

    ended_at: dt.datetime
    failure: str | None
    succeeded_at: dt.datetime | None


def read_attempt(folder: Path, environment: str, source: str) -> Attempt | None:
    """Return what was noted, or nothing where runs are started in another way.

    Args:
        folder: Where the notes are, one file per environment and source.
        environment: Meltano's environment, such as `office`.
        source: Such as `teamwork`.
    """
    try:
        noted = json.loads((folder / f"{environment}-{source}.json").read_bytes())
        succeeded_at = noted.get("succeeded_at")
        return Attempt(
            iso_moment(noted["ended_at"]),
            noted.get("failure"),
            iso_moment(succeeded_at) if succeeded_at else None,
        )
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        return None
