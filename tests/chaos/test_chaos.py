"""The convergence test, short: each disturbance once. `make chaos` draws them at random."""

import pytest
from circumstances import Circumstances
from craft import Craft
from database import Server
from faults import fault
from missive import Missive
from runs import Kill, Plan
from schedule import Step
from seed import Seed
from teamwork import Teamwork

SOURCES = {source.name: source for source in (Teamwork, Missive, Craft)}
AHEAD, BEHIND = (Circumstances(clock_ahead_seconds=seconds) for seconds in (600, -600))
DISK_FULL = Circumstances(largest_file=4_096)
SMALL_BATCHES = Circumstances(loads_at_least_every_seconds=0.2)
IMPATIENT = {"request_timeout_seconds": 1}

STEPS = {
    "teamwork": [
        Step(
            "teamwork",
            changes=3,
            faults=[fault("429 with Retry-After", ".", times=5), fault("truncate", "^time")],
            hooks=[(r"^tasks\.json", 1), (r"^tags\.json", 1), (r"^projects\.json", 1)],
            plan=Plan(kill=Kill("tap", "bytes", 90_000), tap=AHEAD, loader=SMALL_BATCHES),
        ),
        Step(
            "teamwork",
            changes=6,
            advance_seconds=600,
            faults=[fault("empty_list", r"^tags\.json"), fault("missing_envelope", r"^time\.json")],
            plan=Plan(),
            second=Plan(tap=BEHIND),
        ),
        Step(
            "teamwork",
            changes=4,
            faults=[fault("503", r"^projects\.json", times=8)],
            plan=Plan(kill=Kill("server", "load", 2), batch_size_rows=50),
            state="older",
        ),
    ],
    "missive": [
        Step(
            "missive",
            changes=3,
            faults=[fault("reset", ".", skip=9, times=3), fault("malformed", "messages", times=2)],
            hooks=[("^conversations$", 1), ("messages", 2)],
            plan=Plan(kill=Kill("both", "request", 60), tap=AHEAD),
        ),
        Step(
            "missive",
            changes=6,
            advance_seconds=600,
            faults=[fault("timeout", "^conversations$"), fault("200 as HTML", "comments")],
            plan=Plan(kill=Kill("loader", "load", 3), loader=SMALL_BATCHES, settings=IMPATIENT),
            state="thrown away",
        ),
        Step("missive", changes=2, plan=Plan(tap=DISK_FULL), lost_folder=True),
    ],
    "craft": [
        Step(
            "craft",
            changes=3,
            faults=[fault("429 without Retry-After", "blocks", skip=5), fault("500", ".", skip=20)],
            hooks=[("^documents$", 1), ("^blocks$", 3)],
            plan=Plan(kill=Kill("session", "load", 1), tap=BEHIND),
        ),
        Step(
            "craft",
            changes=6,
            advance_seconds=600,
            faults=[fault("404", "^blocks$", skip=2), fault("502 as HTML", "^folders$")],
            plan=Plan(kill=Kill("loader", "bytes", 40_000)),
            state="older",
        ),
        Step("craft", changes=2, plan=Plan(tap=DISK_FULL), full_database=16_384),
    ],
}


@pytest.fixture(scope="module")
def own_server():
    """An embedded server that may be killed."""
    started = Server()
    yield started
    started.close()


def check(seed):
    wrong = seed.run()
    assert not wrong, "\n".join([*wrong, *seed.story])
    return seed.counts


@pytest.mark.parametrize("source", STEPS)
def test_one_undisturbed_run_makes_the_warehouse_equal_to_the_source(own_server, source):
    counts = check(Seed(1, [SOURCES[source]], own_server, steps=STEPS[source]))
    assert counts["steps"] == 3


@pytest.mark.timeout(300)
def test_it_does_after_a_killed_meltano_too(own_server):
    kill = Plan(kill=Kill("meltano", "load", 1))
    counts = check(
        Seed(1, [Teamwork], own_server, with_meltano=True, steps=[Step("teamwork", plan=kill)])
    )
    assert counts["killed: meltano"] == 1
