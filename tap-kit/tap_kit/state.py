"""A state as a person may have left it: usable, or refused with what is wrong in one sentence."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import FatalAPIError

from tap_kit.columns import known_moment, utc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    Check: TypeAlias = Callable[[Any], bool]

LARGEST = 2**62
"""Numbers beyond it would not leave room for those that follow."""
LONGEST_SHOWN = 40


def is_text(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is a text."""
    return isinstance(value, str)


def is_moment(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is an ISO 8601 date-time."""
    return bool(known_moment(value))


def is_count(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is a number of things."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST


def is_number(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is a number; singer-sdk reads those with a fraction as decimal ones."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def is_flag(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is true or false."""
    return isinstance(value, bool)


def is_texts(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is a list of texts."""
    return isinstance(value, list) and all(map(is_text, value))


def is_object(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is an object."""
    return isinstance(value, dict)


def is_anything(_: Any) -> bool:  # noqa: ANN401
    """Tell that a value may be whatever it is: no run depends on it."""
    return True


MEMBERS: Mapping[str, Check] = {
    "replication_key": is_text,
    "replication_key_value": is_moment,
    "replication_key_signpost": is_moment,
    "starting_replication_value": is_moment,
    "progress_markers": is_object,
    "row_count": is_count,
    "table_version": is_count,
    "source": is_text,
    "read_from": is_moment,
    "swept_at": is_moment,
    "last_run": is_anything,
}
"""What all taps keep in the state of a stream."""

WHAT_TO_DO = (
    "Put back a state that a run has written, or run without one: all is read again then, and "
    "nothing is loaded twice."
)


def usable_state(state: Any, members: Mapping[str, Check]) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    """Return the state of each stream, without what is null.

    Args:
        state: What was given as the state.
        members: What every member of a stream's state has to be.

    Raises:
        FatalAPIError: One sentence that names stream and member, if it cannot be gone on with.
    """
    bookmarks = state.get("bookmarks", {}) if isinstance(state, dict) else None
    if not isinstance(bookmarks, dict):
        raise FatalAPIError(
            f"The state is not what a run writes, an object with bookmarks. {WHAT_TO_DO}"
        )
    usable: dict[str, dict[str, Any]] = {}
    for stream, bookmark in bookmarks.items():
        if not isinstance(bookmark, dict) or "partitions" in bookmark:
            raise FatalAPIError(
                f"The state of stream '{stream}' is {_shown(bookmark)}, which no run of this tap "
                f"writes. {WHAT_TO_DO}"
            )
        usable[stream] = {name: value for name, value in bookmark.items() if value is not None}
        for name, value in usable[stream].items():
            if not members.get(name, is_anything)(value):
                raise FatalAPIError(
                    f"In the state of stream '{stream}', {name} is {_shown(value)}, which it "
                    f"cannot be. {WHAT_TO_DO}"
                )
        if "replication_key_value" in usable[stream]:
            usable[stream]["replication_key_value"] = utc(bookmark["replication_key_value"])
    return usable


def _shown(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value)[:LONGEST_SHOWN]
