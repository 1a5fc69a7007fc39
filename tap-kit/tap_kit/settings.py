"""The settings that every tap has."""

from __future__ import annotations

from singer_sdk import typing as th

COMMON_SETTINGS = (
    th.Property(
        "start_date",
        th.DateTimeType,
        title="Start date",
        description="Nothing that changed before this moment is read on the first run. "
        "Without it everything is read.",
    ),
    th.Property(
        "lookback_seconds",
        th.IntegerType(minimum=0),
        default=120,
        title="Overlap",
        description="Seconds before the bookmark at which an incremental run begins to read.",
    ),
    th.Property(
        "read_again_from",
        th.DateTimeType,
        title="Read again from",
        description="In this run, read again what changed since this moment, whatever the state "
        "says; not before start_date.",
    ),
    th.Property(
        "read_again_ids",
        th.ArrayType(th.CustomType({"type": ["string", "integer"]})),
        title="Read again",
        description="In this run, read these again, besides what changed: ids of tasks "
        "(Teamwork), conversations (Missive) or documents (Craft).",
    ),
    th.Property(
        "user_agent",
        th.StringType,
        default="planwerk/0.1",
        title="User agent",
        description="How the tap names itself to the server.",
    ),
    th.Property(
        "request_timeout_seconds",
        th.IntegerType(minimum=1),
        default=60,
        title="Request time-out",
        description="Seconds to wait for an answer before the request is tried again "
        "(a connection must stand within 10).",
    ),
    th.Property(
        "allow_mass_delete",
        th.BooleanType,
        default=False,
        title="Allow mass deletion",
        description="Accept a complete listing that has less than half the rows of the last one. "
        "Without it such a listing fails and marks nothing as deleted.",
    ),
)
