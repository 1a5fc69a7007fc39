"""What singer-sdk tells of its own steps, kept out of the log.

It says at level INFO when it begins with a stream and, in a line for each number, what it measured:
for every request, and for every group of conversations. The lines of `progress` say the same for
people, with the bookmarks.
"""

from __future__ import annotations

import logging
from pathlib import Path

import singer_sdk

_SDK = str(Path(singer_sdk.__file__).parent)


class _WithoutChatter(logging.Filter):
    """Lets through what is not of level INFO, or of others."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno != logging.INFO or not record.pathname.startswith(_SDK)


_WITHOUT_CHATTER = _WithoutChatter()


def keep_out_chatter() -> None:
    """Leave singer-sdk's steps out of all that is logged from now on, unless at level DEBUG."""
    root = logging.getLogger()
    if root.getEffectiveLevel() > logging.DEBUG:
        for handler in root.handlers:
            handler.addFilter(_WITHOUT_CHATTER)
