"""Values of custom fields, which come beside the rows and not inside them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_kit.columns import Row


def with_custom_field_values(
    rows: list[Row], body: Mapping[str, Any], side_load: str, owner: str
) -> list[Row]:
    """Return the rows, each with all its values as `customFieldValues`, ordered by their ids.

    Args:
        rows: The rows of a page.
        body: The answer, with the values in `included.<side_load>`, keyed by the value's id.
        side_load: `customfieldTasks`, `customfieldProjects` or `customfieldCompanies`.
        owner: What has the values: `task`, `project` or `company`.

    Source: fact sheet 5.12. A value that was cleared is missing, so the list is always whole.
    """
    by_owner: dict[Any, list[Row]] = defaultdict(list)
    for value in (body.get("included") or {}).get(side_load, {}).values():
        related = value.get(owner) or {}
        by_owner[value.get(f"{owner}Id") or related.get("id")].append(value)
    for row in rows:
        row["customFieldValues"] = sorted(by_owner[row["id"]], key=lambda value: int(value["id"]))
    return rows
