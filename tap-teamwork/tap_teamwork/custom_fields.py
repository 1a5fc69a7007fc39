"""Values of custom fields, which come beside the rows and not inside them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tap_kit.unfit import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_kit.columns import Row


def with_custom_field_values(
    rows: list[Row],
    body: Mapping[str, Any],
    side_load: str,
    owner: str,
    reject: Callable[[Rejection], None],
) -> list[Row]:
    """Return the rows, each with all its values as `customFieldValues`, ordered by their ids.

    Args:
        rows: The rows of a page.
        body: The answer, with the values in `included.<side_load>`, keyed by the value's id.
        side_load: `customfieldTasks`, `customfieldProjects` or `customfieldCompanies`.
        owner: What has the values: `task`, `project` or `company`.
        reject: Called for what is no value.

    Source: fact sheet 5.12. A value that was cleared is missing, so the list is always whole.
    """
    by_owner: dict[str, list[Row]] = defaultdict(list)
    for key, value in ((body.get("included") or {}).get(side_load) or {}).items():
        if isinstance(value, dict):
            related = value.get(owner)
            related_id = related.get("id") if isinstance(related, dict) else related
            by_owner[str(value.get(f"{owner}Id") or related_id)].append(value)
        else:
            reject(Rejection(None, "custom_field_values", f"is no value ({key})", value))
    for row in rows:
        row["customFieldValues"] = sorted(by_owner[str(row["id"])], key=_turn)
    return rows


def _turn(value: Row) -> tuple[int, str]:
    """Return what values are ordered by: digits of the same number in the order of numbers."""
    name = str(value.get("id"))
    return len(name), name
