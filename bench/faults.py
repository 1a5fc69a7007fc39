"""What a run under faults costs, against a run without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import craft
import missive
import teamwork
from figures import Figure
from planwerk_sandbox.server import running

if TYPE_CHECKING:
    from harness import Bench
    from planwerk_sandbox.client import ApiControl
    from planwerk_sandbox.server import Sandbox

SCALE = 0.3
EVERY = 5
"""Of so many requests, one fails."""
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 503, "html": True},
    {"kind": "truncate"},
    {"kind": "reset"},
)


def measure(bench: Bench) -> None:
    """Measure the memory of each tap."""
    for source in ("teamwork", "missive", "craft"):
        memory(bench, source)


def memory(bench: Bench, source: str) -> None:
    """Measure the tap's peak memory in a first run, with and without faults."""
    clean, requests, _ = run(bench, source, faults=0)
    disturbed, _, struck = run(bench, source, faults=requests // (EVERY - 1) + 1)
    data = f"{struck} faults among {requests + struck} requests"
    what, command = "peak memory under faults", f"meltano invoke tap-{source}"
    bench.note(Figure("faults", what, command, data, disturbed, "MB", clean, "at most 1.20"))


def run(bench: Bench, source: str, faults: int) -> tuple[float, int, int]:
    """Return the peak memory of a first run, its requests, and the faults among them."""
    with running(scale=SCALE) as sandbox:
        control = controls(sandbox)[source]
        for number in range(faults):
            fault = KINDS[number % len(KINDS)]
            control.fault(".", skip=number * EVERY + EVERY - 1, **fault)
        peak = bench.tap(source, accounts(sandbox)[source], waits=False).peak_memory
        struck = sum(fault["fired"] for fault in control.faults())
        return peak, control.requests()["total"], struck


def controls(sandbox: Sandbox) -> dict[str, ApiControl[Any]]:
    """Return the controls of the three APIs."""
    return {"teamwork": sandbox.control, "missive": sandbox.missive, "craft": sandbox.craft}


def accounts(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Return the settings of the three taps; Teamwork with small pages, to have many of them."""
    return {
        "teamwork": {**teamwork.account(sandbox), "page_size": 50},
        "missive": missive.account(sandbox),
        "craft": craft.account(sandbox),
    }
