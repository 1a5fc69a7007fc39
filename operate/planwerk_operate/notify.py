"""Messages to people, by mail, chat and the like, through Apprise; off unless one setting is made.

Nobody is told the same thing time and again: a failure once when it begins and once when it is
over, a source that is stale once until it is loaded.
"""

from __future__ import annotations

import logging
import sys
from typing import Final

from planwerk_operate.environment import setting

SETTING: Final = "PLANWERK_NOTIFY"


def is_on() -> bool:
    """Tell whether anybody is to be told anything."""
    return bool(setting(SETTING))


def notify(title: str, text: str) -> bool:
    """Tell people, if the setting says whom; return whether that was not needed or succeeded.

    A message that cannot be sent is said in one sentence, without its address, which is secret.
    """
    addresses = setting(SETTING)
    if not addresses:
        return True
    import apprise  # noqa: PLC0415  # slow to load, and most offices have none

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    people = apprise.Apprise()
    known = people.add(addresses.split())
    sent = bool(people) and bool(people.notify(title=title, body=text))
    if known and sent:
        return True
    fault = "could not be sent to all of them" if known else "has an address that Apprise refuses"
    print(
        f"{SETTING}: the message “{title}” {fault}. Check the addresses in the file .env; "
        "`planwerk doctor` sends one on trial.",
        file=sys.stderr,
    )
    return False
