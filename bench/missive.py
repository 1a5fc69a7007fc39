"""What Missive's tap costs, against the least that Missive's API allows."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Any

from harness import last_state
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness import Bench
    from planwerk_sandbox.server import Sandbox

MAIL = {"conversations", "messages", "comments"}
BATCH = 10
NESTED_PAGE = 10
THOUSAND, TEN_THOUSAND, HUNDRED_THOUSAND = 0.66, 6.6, 66
"""Scales of the sandbox, by conversations."""


def measure(bench: Bench) -> None:
    """Measure all of it."""
    requests(bench)
    memory(bench, MAIL, THOUSAND, TEN_THOUSAND, "with messages and comments")
    memory(bench, {"conversations"}, THOUSAND, HUNDRED_THOUSAND, "without")


def account(bench: Bench, sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    return {
        "api_url": sandbox.missive_url,
        "api_token": "missive_pat-sandbox",
        "message_batch_size": BATCH,
        "requests_per_minute": 1_000_000,
        "requests_per_quarter_hour": 10_000_000,
        "spool_folder": str(bench.folder / f"spool {sandbox.url.rpartition(':')[2]}"),
    }


def requests(bench: Bench) -> None:
    """Count the requests of a first run, of one with nothing new, and of one new message."""
    with running() as sandbox:
        settings = account(bench, sandbox)
        floor = least_requests(sandbox)
        done = bench.tap("missive", settings)
        asked = about_mail(sandbox)
        bench.note(
            "requests for all conversations, first run / least possible",
            f"{asked / floor:.3f} ({asked} / {floor})",
            "at most 1.05",
        )
        state = last_state(done.output)
        idle = []
        for _ in range(2):
            sandbox.missive.clear_requests()
            state = last_state(bench.tap("missive", settings, state=state).output)
            idle.append(sandbox.missive.requests())
        paths = idle[-1]["by_path"]
        bench.note(
            "requests of a run with nothing new: for conversations, trash and spam",
            f"{paths['conversations']}",
            "3 and the pages of trash and spam",
        )
        bench.note(
            "the same: for everything else", f"{idle[-1]['total'] - paths['conversations']}", ""
        )
        oldest = min(
            sandbox.missive.truth("conversations", reachable=True),
            key=lambda row: row["last_activity_at"],
        )
        sandbox.missive.advance(600)
        sandbox.missive.add_message(oldest["id"], body="<p>new</p>")
        sandbox.missive.advance(600)
        sandbox.missive.clear_requests()
        bench.tap("missive", settings, state=state)
        bench.note(
            "more requests for one new message in the oldest conversation",
            str(sandbox.missive.requests()["total"] - idle[-1]["total"]),
            "at most 4",
        )


def about_mail(sandbox: Sandbox) -> int:
    """Return how many requests were sent for conversations, messages and comments."""
    paths: dict[str, int] = sandbox.missive.requests()["by_path"]
    mail = ("conversations", "messages")
    return sum(count for path, count in paths.items() if path.startswith(mail))


def least_requests(sandbox: Sandbox) -> int:
    """Return the least requests for all mail (`api/missive.md`, section 10)."""
    conversations = sandbox.missive.truth("conversations", reachable=True)
    readable = [row for row in conversations if not row["_guest"]]
    comments = Counter(
        row["_conversation_id"] for row in sandbox.missive.truth("comments", reachable=True)
    )
    messages: int = sum(row["messages_count"] for row in readable)
    return (
        sum(ceil(count / 49) for count in by_mailbox(sandbox, conversations))
        + sum(pages(row["messages_count"]) for row in readable if row["messages_count"])
        + ceil(messages / BATCH)
        + sum(pages(comments[row["id"]], total_is_known=False) for row in conversations)
    )


def by_mailbox(sandbox: Sandbox, conversations: Iterable[dict[str, Any]]) -> list[int]:
    """Return how many conversations all, trash and spam have."""
    (owner,) = (row["id"] for row in sandbox.missive.truth("users") if row.get("me"))
    found: Counter[str] = Counter(all=0, trashed=0, junked=0)
    for row in conversations:
        own = [user for user in row["users"] if user["id"] == owner]
        trashed, junked = (any(user[flag] for user in own) for flag in ("trashed", "junked"))
        found["trashed" if trashed else "junked" if junked else "all"] += 1
    return list(found.values())


def pages(rows: int, *, total_is_known: bool = True) -> int:
    """Return the pages of a list within a conversation: 10 rows, then 9 new ones on each page."""
    further = max(rows - NESTED_PAGE, 0)
    ends_with_full_page = rows >= NESTED_PAGE and further % 9 == 0
    return 1 + ceil(further / 9) + (ends_with_full_page and not total_is_known)


def memory(bench: Bench, streams: set[str], small: float, large: float, how: str) -> None:
    """Measure the tap's peak memory at two sizes."""
    peaks, counts = [], []
    for scale in (small, large):
        with running(scale=scale) as sandbox:
            peaks.append(bench.tap("missive", account(bench, sandbox), streams).peak_memory)
            counts.append(len(sandbox.missive.truth("conversations")))
    bench.note(
        f"tap's peak memory, {counts[1]} / {counts[0]} conversations, {how}",
        f"{peaks[1] / peaks[0]:.2f} ({peaks[1]:.0f} MB / {peaks[0]:.0f} MB)",
        "flat",
    )
