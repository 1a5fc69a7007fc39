"""The convergence test: `make chaos SEEDS=300 FIRST_SEED=1`.

Any sequence of changes, faults, crashes and clumsy restarts, and then one undisturbed run: the
warehouse equals the sources, nothing that lives was ever marked deleted, and no checkpoint was
ever ahead of the data. Everything random comes from the seed; with one seed it tells what was done.
"""

import argparse
import multiprocessing
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

HERE = Path(__file__).parent
PROGRESS_EVERY = 20


def main():
    """Run all seeds; return the exit code."""
    arguments = parse()
    sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
    # Not above: every program that a seed starts imports this module first.
    from worker import run_seed  # noqa: PLC0415

    numbers = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    counts, failed = Counter(), []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(arguments.workers, mp_context=context) as pool:
        waiting = {pool.submit(run_seed, number, arguments.sources): number for number in numbers}
        for done in as_completed(waiting):
            wrong, story, counted = done.result()
            counts += counted
            if counts["seeds"] % PROGRESS_EVERY == 0:
                say(f"{counts['seeds']} seeds done, {len(failed)} failed")
            if wrong:
                failed.append(waiting[done])
                say(f"seed {waiting[done]} FAILED: {'; '.join(wrong)}")
            if arguments.seeds == 1 or (wrong and arguments.verbose):
                say(*(f"    {line}" for line in story))
            if failed and arguments.stop:
                pool.shutdown(cancel_futures=True)
                break
    say(*summary(counts))
    if failed:
        say(
            f"{len(failed)} seeds failed: {sorted(failed)}",
            f"Replay one with: make chaos FIRST_SEED={min(failed)} SEEDS=1",
        )
    return 1 if failed else 0


def parse():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sources", nargs="+", default=["teamwork", "missive", "craft"])
    parser.add_argument("--stop", action="store_true", help="stop at the first seed that fails")
    parser.add_argument("--verbose", action="store_true", help="tell what every failed seed did")
    return parser.parse_args()


def summary(counts):
    """Say how much was done."""
    total = {
        "seeds": counts["seeds"],
        "steps": counts["steps"],
        "runs": counts["runs"],
        "mutations": counts["mutations"] + counts["mutations within runs"],
        "faults": sum(number for name, number in counts.items() if name.startswith("fault: ")),
        "kills": sum(number for name, number in counts.items() if name.startswith("killed: ")),
    }
    yield ", ".join(f"{number} {name}" for name, number in total.items())
    yield from (f"  {name}: {number}" for name, number in sorted(counts.items()))


def say(*lines):
    """Print lines at once."""
    print(*lines, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
