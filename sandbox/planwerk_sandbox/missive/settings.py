"""Switches for what the Missive API leaves open or a test wants otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from planwerk_sandbox.settings import Settings


@dataclass
class MissiveSettings(Settings):
    """How the Missive half behaves (`api/missive.md`, section 12).

    Attributes:
        until_inclusive: Whether a row of exactly the second of `until` is still listed.
        complete_ties: Whether a page goes on until its last second is complete.
        all_includes_trashed: Whether the mailbox `all` shows trash and spam too.
        unknown_mailbox_404: Whether an unknown team or label is a 404 instead of an empty list.
        created_at_in_single: Whether a conversation fetched alone tells `created_at`.
        nested_lists_follow_merges: Whether messages and comments of a merged conversation are
            listed under its old id; else that is a 404.
        unknown_ids_in_batch: Whether unknown ids in a batch of messages are left out or a 404.
        largest_batch: Messages that one request may name.
        batch_order: The order of a batch: as requested, or the other way round.
        redacted_keys: Whether members of a redacted message are null or missing.
        fractional_timestamps: Whether times have a fraction of a second.
        extra_fields: Whether every row has members that nobody documented.
        trash_moves_activity: Whether trash, spam and restoring move `last_activity_at`.
        labels_move_activity: Whether labels move `last_activity_at`.
        merge_survivor: Which side a merge leaves: the named target or the source.
        empty_404: Whether a 404 has an empty body.
        rate_headers_always: Whether rate headers come with every answer, not only with 429.
        client_errors_count: Whether answers 400 to 499 count towards the limits.
        limits: Whether requests are limited, in real time or by the office's clock.
        requests_per_minute: Requests in 60 seconds.
        requests_per_quarter_hour: Requests in 900 seconds.
        concurrent: Requests at the same time.
        attachment_lifetime_seconds: How long the address of a file is good, by the office's clock.
        served_fields: By kind, members put over every served row of that kind, for instance
            `{"messages": {"type": "fax", "preview": null}}`; the truth does not show them.
    """

    until_inclusive: bool = True
    complete_ties: bool = True
    all_includes_trashed: bool = False
    unknown_mailbox_404: bool = False
    created_at_in_single: bool = False
    nested_lists_follow_merges: bool = False
    unknown_ids_in_batch: Literal["dropped", "404"] = "dropped"
    largest_batch: int = 50
    batch_order: Literal["given", "reversed"] = "given"
    redacted_keys: Literal["null", "missing"] = "null"
    fractional_timestamps: bool = False
    extra_fields: bool = False
    trash_moves_activity: bool = False
    labels_move_activity: bool = False
    merge_survivor: Literal["target", "source"] = "target"
    empty_404: bool = False
    rate_headers_always: bool = False
    client_errors_count: bool = True
    limits: Literal["off", "real", "office"] = "off"
    requests_per_minute: int = 300
    requests_per_quarter_hour: int = 900
    concurrent: int = 5
    attachment_lifetime_seconds: int = 3_600
    served_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
