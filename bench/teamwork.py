"""Teamwork: sizes of the office, the least requests that its API allows, and what changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from floors import LOOKBACK_SECONDS, overlapping_pages, pages_by_number
from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planwerk_sandbox.client import Control, Row
    from planwerk_sandbox.server import Sandbox

TITLE = "Teamwork"
ITEMS = ""
"""Tasks are measured in `load.py`, up to a million."""
SCALES = (1, 4, 16)
"""2 000, 8 000 and 32 000 tasks."""
PAGE = 500
"""Rows of a page (`api/teamwork.md`, 3.1)."""
TEAMS_PAGE = 50
"""Teams are in API v1 (`api/teamwork.md`, 3.5)."""

CHANGED_AT = {
    "tasks": ("updatedAt",),
    "timelogs": ("updatedAt",),
    "tasklists": ("updatedAt",),
    "milestones": ("lastChangedOn", "createdOn"),
    "comments": ("postedDateTime", "dateLastEdited", "dateDeleted"),
}
"""What can be asked for by the time of its change, and the members that tell it (3.4)."""
WHOLE = ("companies", "people", "tags", "project_categories", "custom_fields", "workflows")
"""What is listed whole in every run; stages come with the workflows (6.2)."""

Truth = dict[str, Any]
"""All rows that a request can show, by kind, and the office's time as `now`."""


def account(sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    return {
        "base_url": sandbox.teamwork_url,
        "api_key": "twp_sandbox",
        "requests_per_minute": 1_000_000,
    }


def control(sandbox: Sandbox) -> Control:
    """Return the control of the API."""
    return sandbox.control


def truth(sandbox: Sandbox) -> Truth:
    """Return what there is to be read."""
    kinds = (*CHANGED_AT, *WHOLE, "projects", "teams")
    rows = {kind: sandbox.control.truth(kind, reachable=True) for kind in kinds}
    return {"now": sandbox.control.now(), **rows}


def data(office: Truth) -> str:
    """Return how much there is."""
    counted = {"tasks": "tasks", "timelogs": "time logs", "comments": "comments"}
    return ", ".join(f"{in_groups(len(office[kind]))} {name}" for kind, name in counted.items())


def first_floor(office: Truth) -> int:
    """Return the least requests of a first run.

    One for who we are and the server's clock, which a bookmark must not exceed; each list in its
    pages. Lists that can be ordered by update time are paged by it, the others by number.
    """
    by_time = sum(_pages_by_time(kind, office[kind]) for kind in CHANGED_AT if kind != "comments")
    comments = pages_by_number(len(office["comments"]), PAGE, length_is_known=False)
    return 1 + by_time + comments + _whole_lists(office, length_is_known=False)


def next_floor(before: Truth, after: Truth, *, is_daily: bool) -> int:
    """Return the least requests of a run after another.

    Of what can be asked for by time, what changed since the newest change that the last run saw,
    and in the two minutes before it. Once a day all comments: those of a restored project show up
    with their old times (4.1). Deletions of tasks are asked for by their own time, because nothing
    says that they move `updatedAt` (4.4).
    """
    requests = 1 + _whole_lists(after, length_is_known=True)
    for kind in CHANGED_AT:
        newest = max(_changed_at(kind, row) for row in before[kind])
        since = _overlapped(newest)
        changed = [row for row in after[kind] if _changed_at(kind, row) > since]
        if kind != "comments":
            requests += _pages_by_time(kind, changed)
        else:
            rows = len(after[kind] if is_daily else changed)
            requests += pages_by_number(rows, PAGE, length_is_known=is_daily)
    deleted_after = _overlapped(before["now"])
    deleted = [row for row in after["tasks"] if (row["deletedAt"] or "") > deleted_after]
    return requests + (_pages_by_time("tasks", deleted) if deleted else 2)


def _whole_lists(office: Truth, *, length_is_known: bool) -> int:
    """Return the requests of what is listed whole; deleted projects have a list of their own."""
    requests = pages_by_number(len(office["teams"]), TEAMS_PAGE, length_is_known=length_is_known)
    for kind in WHOLE:
        requests += pages_by_number(len(office[kind]), PAGE, length_is_known=length_is_known)
    deleted = sum(row["status"] == "deleted" for row in office["projects"])
    for rows in (deleted, len(office["projects"]) - deleted):
        requests += pages_by_number(rows, PAGE, length_is_known=length_is_known)
    return requests


def _pages_by_time(kind: str, rows: Iterable[Row]) -> int:
    """Return the pages of rows that are ordered by the time of their change.

    Rows of one second that fill more than a page, as a bulk edit's do, can only be told apart by
    page number (3.2, trap A): that costs the first of these pages twice.
    """
    seconds = Counter(_changed_at(kind, row) for row in rows)
    full = sum(count > PAGE for count in seconds.values())
    return overlapping_pages(seconds.total(), PAGE) + full


def _changed_at(kind: str, row: Row) -> str:
    return max(row[name] or "" for name in CHANGED_AT[kind])


def _overlapped(moment: str) -> str:
    earlier = dt.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    earlier -= dt.timedelta(seconds=LOOKBACK_SECONDS)
    return earlier.isoformat().replace("+00:00", "Z")


def change_one(sandbox: Sandbox, office: Truth) -> str:
    """Edit one task."""
    sandbox.control.edit("tasks", _living(office, "tasks")[0], progress=35)
    return "1 task edited"


def change_one_per_cent(sandbox: Sandbox, office: Truth) -> str:
    """Edit every hundredth task and time log."""
    tasks, logs = _living(office, "tasks")[::100], _living(office, "timelogs")[::100]
    sandbox.control.edit("tasks", *tasks, progress=40)
    sandbox.control.edit("timelogs", *logs, minutes=75)
    return f"{len(tasks)} tasks and {len(logs)} time logs edited"


def live_a_day(sandbox: Sandbox, office: Truth) -> str:
    """Let the office work for a day.

    For every 1 000 tasks 25 are edited, 10 completed, 10 created and 2 deleted, 10 comments and 20
    time logs are written, 10 time logs edited; besides, a tag is made and a tasklist renamed.
    """
    api = sandbox.control
    tasks, logs = _living(office, "tasks"), _living(office, "timelogs")
    tasklists = _living(office, "tasklists")
    share = len(tasks) // 100
    worked_on = tasks[:: len(tasks) // (10 * share)]
    edited, completed = worked_on[: 25 * share // 10], worked_on[3 * share :][:share]
    spoken_of, deleted = worked_on[4 * share :][: 2 * share], worked_on[7 * share :][: share // 5]
    api.edit("tasks", *edited, progress=60)
    api.complete("tasks", *completed)
    api.delete("tasks", *deleted)
    api.mutate(
        *(_new("tasks", name="Druckprüfung", tasklistId=tasklists[0]) for _ in range(share)),
        *(_new("comments", body="erledigt", objectId=task) for task in spoken_of[:share]),
        *(_new("timelogs", taskId=task, minutes=45) for task in spoken_of),
    )
    api.edit("timelogs", *logs[:share], minutes=30)
    api.create("tags", name="KG 434 Kälteanlagen")
    api.edit("tasklists", tasklists[0], name="LPH 8")
    return (
        f"tasks: {len(edited)} edited, {len(completed)} completed, {share} created, "
        f"{len(deleted)} deleted; {share} new comments, {2 * share} new time logs"
    )


def _living(office: Truth, kind: str) -> list[int]:
    """Return the ids of rows that nobody has deleted and everybody can see."""
    return [
        row["id"]
        for row in office[kind]
        if not (row.get("deletedAt") or row.get("deleted") or row.get("status") == "deleted")
    ]


def _new(kind: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"action": "create", "kind": kind, "values": values}
