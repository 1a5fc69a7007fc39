"""Switches for what the Teamwork API leaves open or a test wants otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from planwerk_sandbox.settings import Settings


@dataclass
class TeamworkSettings(Settings):
    """How the Teamwork half behaves (`api/teamwork.md`, section 9).

    Attributes:
        requests_per_minute: Limit per 60 s for the whole account; null switches it off.
        retry_after: Whether a 429 carries `Retry-After`.
        rate_limit_reset: Whether the reset header is an epoch time or seconds to wait.
        offset_ceiling: First `page * pageSize` that is refused.
        updated_after_inclusive: Whether a row of exactly that second is still listed.
        deletion_moves_updated_at: Whether deleting a row moves its update time.
        comments_list_deleted: Whether `comments.json` lists deleted comments.
        count_is_lower_bound: Whether every `count` is a lower bound, as with `skipCounts`.
        forbidden_path: Regular expression on paths that the restricted key gets 403 for.
        served_fields: By kind, members put over every served row of that kind, for instance
            `{"tasks": {"priority": null, "newMember": 1}}`; the truth does not show them.
    """

    requests_per_minute: int | None = None
    retry_after: bool = True
    rate_limit_reset: Literal["epoch", "seconds"] = "epoch"
    offset_ceiling: int = 50_000
    updated_after_inclusive: bool = False
    deletion_moves_updated_at: bool = True
    comments_list_deleted: bool = True
    count_is_lower_bound: bool = False
    forbidden_path: str = r"^customfields"
    served_fields: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fits(self, name: str, hint: Any, value: object) -> bool:  # noqa: ANN401  # a type
        """Whether a value fits a setting; a path must be a regular expression."""
        if name == "forbidden_path":
            return isinstance(value, str) and _is_pattern(value)
        return super().fits(name, hint, value)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
