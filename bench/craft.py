"""What Craft's tap costs, against the least that Craft's API allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness import last_state
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from harness import Bench
    from planwerk_sandbox.server import Sandbox

LOCATIONS = 4
"""Unsorted, templates, daily notes and trash."""
SMALL, LARGE = 0.5, 5
"""Scales of the sandbox: about 200 and 2 000 documents."""


def measure(bench: Bench) -> None:
    """Measure all of it."""
    requests(bench)
    rewritten(bench)
    memory(bench)


def account(sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    return {
        "api_url": sandbox.craft_url,
        "requests_per_ten_seconds": 1_000_000,
        "requests_per_minute": 1_000_000,
        "blocks_per_minute": 100_000_000,
    }


def without_ghosts(sandbox: Sandbox) -> None:
    """Repair the documents that no request can read: each costs a try in every run."""
    ghosts = [row["id"] for row in sandbox.craft.truth("documents") if row["_broken"]]
    if ghosts:
        sandbox.craft.repair_documents(*ghosts)


def requests(bench: Bench) -> None:
    """Count the requests of a first run, of one with nothing new, and of one changed document."""
    with running() as sandbox:
        without_ghosts(sandbox)
        documents = len(sandbox.craft.truth("documents", reachable=True))
        collections = len(sandbox.craft.truth("collections", reachable=True))
        places = LOCATIONS + sum(
            not (row["_built_in"] or row["_deleted"]) for row in sandbox.craft.truth("folders")
        )
        done = bench.tap("craft", account(sandbox))
        asked = sandbox.craft.requests()["total"]
        floor = documents + places + 2 * collections + 4
        bench.note(
            f"requests for {documents} documents, first run / least possible",
            f"{asked / floor:.3f} ({asked} / {floor})",
            "",
        )
        idle, state = ask(bench, sandbox, last_state(done.output))
        bench.note(
            f"requests of a run with nothing new, beyond one for each of {places} places",
            str(sum(idle.values()) - places),
            "at most 8",
        )
        bench.note("the same: for contents", str(idle.get("blocks", 0)), "0")
        plain = {row["_document_id"] for row in sandbox.craft.truth("collections")}
        changed = next(
            row["id"]
            for row in sandbox.craft.truth("documents", reachable=True)
            if not row["_deleted"] and row["id"] not in plain
        )
        sandbox.craft.advance(600)
        sandbox.craft.append(changed, "Decke über EG betoniert.")
        sandbox.craft.advance(600)
        after, _ = ask(bench, sandbox, state)
        bench.note(
            "more requests for one changed document",
            str(sum(after.values()) - sum(idle.values())),
            "1",
        )


def ask(bench: Bench, sandbox: Sandbox, state: Any) -> tuple[dict[str, int], Any]:  # noqa: ANN401
    """Run once and return how often each path was asked for, and the state."""
    sandbox.craft.clear_requests()
    done = bench.tap("craft", account(sandbox), state=state)
    return sandbox.craft.requests()["by_path"], last_state(done.output)


def rewritten(bench: Bench) -> None:
    """Count the rows of contents that a run with nothing new rewrites."""
    versions = "select document_id, xmin::text from raw_craft.document_contents order by 1"
    with running() as sandbox, bench.database("craft") as connection:
        done = bench.tap("craft", account(sandbox))
        bench.load(done.output, "raw_craft")
        before = connection.execute(versions).fetchall()
        done = bench.tap("craft", account(sandbox), state=last_state(done.output))
        bench.load(done.output, "raw_craft")
        after = connection.execute(versions).fetchall()
        bench.note(
            f"rows of {len(before)} contents that it rewrote",
            str(len(set(after) - set(before))),
            "none",
        )


def memory(bench: Bench) -> None:
    """Measure the tap's peak memory at two sizes."""
    peaks, counts = [], []
    for scale in (SMALL, LARGE):
        with running(scale=scale) as sandbox:
            peaks.append(bench.tap("craft", account(sandbox)).peak_memory)
            counts.append(len(sandbox.craft.truth("documents", reachable=True)))
    bench.note(
        f"tap's peak memory, {counts[1]} / {counts[0]} documents",
        f"{peaks[1] / peaks[0]:.2f} ({peaks[1]:.0f} MB / {peaks[0]:.0f} MB)",
        "at most 1.20",
    )
