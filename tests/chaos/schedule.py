"""What is done in a step, drawn from the seed."""

from dataclasses import dataclass, field

from circumstances import Circumstances
from faults import REQUEST_TIMEOUT_SECONDS, draw_some, weighted
from runs import Kill, Plan

CLOCK_SKEW_SECONDS = 600
MELTANO_KILLS = (
    (("meltano", "request"), 3),
    (("meltano", "load"), 3),
    (("meltano", "milliseconds"), 1),
    (("tap", "request"), 2),
    (("loader", "request"), 1),
    (("loader", "load"), 2),
    (("server", "load"), 1),
)


@dataclass
class Step:
    """One disturbed step of one source.

    Attributes:
        source: Its name.
        changes: Changes before the run.
        advance_seconds: How far the office's clock moves before the run.
        switches: Whether a switch of the API is changed.
        faults: Faults, as names and JSON.
        hooks: For each change in the middle of the run, path and number of the request.
        plan: What happens to the run.
        second: What happens to a second run at the same time, if there is one.
        second_starts_at: Bytes of the first one's output after which the second one starts.
        full_database: Size beyond which no file of the database can grow, or None.
        lost_folder: Whether the tap's own folders cannot be used during the run.
        state: What is done with the state: `kept`, `thrown away`, or `older`, which is given back
            before the run.
    """

    source: str
    changes: int = 0
    advance_seconds: int = 0
    switches: bool = False
    faults: list = field(default_factory=list)
    hooks: list = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    second: Plan | None = None
    second_starts_at: int = 0
    full_database: int | None = None
    lost_folder: bool = False
    state: str = "kept"


def draw_step(random, source):
    """Draw a step for a source."""
    chance = random.random
    step = Step(
        source=source.name,
        changes=random.choice([0, 1, 2, 4, 8]),
        advance_seconds=random.choice([0, 1, 30, 600, 90_000]),
        switches=chance() < 0.3,
        state=weighted(random, [("kept", 16), ("thrown away", 2), ("older", 3)]),
    )
    if chance() < 0.7:
        step.faults = draw_some(random, source.fault_paths, random.choice([1, 1, 2, 4]))
    if chance() < 0.6:
        step.hooks = [
            (
                weighted(random, source.fault_paths),
                random.choice([1, 1, 2, 3, random.randrange(1, 30)]),
            )
            for _ in range(random.choice([1, 2, 4]))
        ]
    is_double = chance() < 0.12
    step.plan = draw_plan(
        random, source, step, draw_kill(random, is_double) if chance() < 0.45 else None
    )
    if is_double:
        kill = draw_kill(random, is_double) if chance() < 0.3 else None
        step.second = draw_plan(random, source, step, kill)
        step.second_starts_at = random.choice([0, 0, 2_000, random.randrange(400_000)])
    elif chance() < 0.06:
        step.full_database = random.choice([0, 16_384, 1 << 20, 4 << 20])
    step.lost_folder = chance() < 0.05
    return step


def draw_kill(random, is_double):
    """Draw who is killed, and when."""
    victim = weighted(
        random, [("tap", 6), ("loader", 6), ("both", 3), ("server", 2), ("session", 2)]
    )
    moment = weighted(random, [("request", 2), ("bytes", 4), ("load", 3)])
    # Of two runs at once, the hanging request might be the other one's.
    if moment == "request" and (is_double or victim in ("server", "session")):
        moment = "load"
    number = {
        "request": random.choice([0, 1, 2, random.randrange(20), random.randrange(150)]),
        "bytes": random.choice([random.randrange(5_000), random.randrange(600_000)]),
        "load": random.choice([1, 2, random.randrange(1, 20)]),
    }[moment]
    return Kill(victim, moment, number)


def draw_plan(random, source, step, kill):
    """Draw what happens to a run."""
    chance = random.random
    settings = source.tap_settings(random)
    if any(fault["kind"] == "timeout" for _, fault in step.faults):
        settings = {**settings, "request_timeout_seconds": REQUEST_TIMEOUT_SECONDS}
    skew = random.choice([-1, 1]) * CLOCK_SKEW_SECONDS if chance() < 0.25 else 0
    return Plan(
        kill=kill,
        tap=Circumstances(
            clock_ahead_seconds=skew,
            largest_file=random.choice([0, 4_096, 40_000]) if chance() < 0.08 else None,
        ),
        loader=Circumstances(
            clock_ahead_seconds=skew if chance() < 0.5 else 0,
            loads_at_least_every_seconds=random.choice([None, None, 0.2, 0.7]),
        ),
        batch_size_rows=random.choice([25, 100, 400, 10_000, 10_000]),
        settings=settings,
    )


def draw_meltano_step(random, source):
    """Draw a step for a source that Meltano loads: one run, whose programs know no odd machine.

    They wait as long as they are asked to, so not much is asked.
    """
    step = draw_step(random, source)
    step.faults = [
        (name, {**fault, "times": min(fault["times"], 2)})
        for name, fault in step.faults
        if not name.startswith("429")
    ]
    kill = None
    if random.random() < 0.6:
        victim, moment = weighted(random, MELTANO_KILLS)
        number = {"request": random.randrange(20), "load": 1}.get(moment, random.randrange(9_000))
        kill = Kill(victim, moment, number)
    step.plan = Plan(kill=kill, settings=step.plan.settings)
    step.second = step.full_database = None
    step.lost_folder = random.random() < 0.15
    return step
