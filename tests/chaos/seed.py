"""Everything that happens in one seed: disturbed steps, then a clean run of every source."""

import os
import random
import shutil
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import invariants
from meltano_runs import MeltanoPipeline
from planwerk_sandbox.server import running
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict
from runs import HangError, Pipeline, Plan
from schedule import draw_meltano_step, draw_step

MOST_FURTHER_STEPS = 3
"""How many steps follow after one of every source."""
CLEAN_TRIES = 3
"""How often the clean run is tried where it says itself that it has to be started once more."""


class ViolationError(Exception):
    """A guarantee that does not hold."""


class Seed:
    """One seed with its sandbox, its database and the sources in it.

    Args:
        number: The seed.
        sources: The sources' classes.
        server: The database server of this worker.
        with_meltano: Whether Meltano starts the runs.
        steps: The steps, where they are not drawn.
    """

    def __init__(self, number, sources, server, *, with_meltano=False, steps=None):
        self.number = number
        self._steps = steps
        self._with_meltano = with_meltano
        self._sources = sources
        self._pipeline_class = MeltanoPipeline if with_meltano else Pipeline
        self._draw_step = draw_meltano_step if with_meltano else draw_step
        self._server = server
        self.counts = Counter()
        self.story = []
        """What was done, in words, for a replay."""

    def run(self):
        """Do everything; return what is wrong, nothing if the guarantees hold."""
        self._started = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="planwerk-seed-"))
        database = self._server.new_database()
        os.environ["PGSERVICEFILE"] = str(folder / "pg_service.conf")
        write_service(conninfo_to_dict(database.url))
        scale = self._random("scale").choice([0.01, 0.02, 0.02, 0.02, 0.03])
        wrong = []
        try:
            with running(seed=self._random("office").randrange(1_000), scale=scale) as sandbox:
                self._pipelines = self._open(sandbox, database, folder)
                self._disturb()
                self._compare_after_clean_runs(database)
        except (ViolationError, HangError) as violation:
            wrong = [str(violation)]
        finally:
            self._server.limit_files(None)
            self._server.up()
            database.drop()
            shutil.rmtree(folder, ignore_errors=True)
            self.counts["seconds"] = round(time.monotonic() - self._started)
            self.counts["seeds"] += 1
        return wrong

    def _random(self, *parts):
        """Return a chance of its own for a part, so that what others draw does not shift it."""
        return random.Random(":".join(map(str, (self.number, *parts))))

    def _say(self, words):
        self.story.append(f"{time.monotonic() - self._started:6.1f} {words}")

    def _open(self, sandbox, database, folder):
        pipelines = {}
        for source_class in self._sources:
            own = folder / source_class.name
            own.mkdir()
            source = source_class(sandbox, database, own, self._random("source", source_class.name))
            pipelines[source.name] = self._pipeline_class(source, database, self._server)
        return pipelines

    def _disturb(self):
        if self._steps is not None:
            for number, step in enumerate(self._steps):
                self._step(number, step, self._random("step", number))
            return
        chance = self._random("steps")
        names = list(self._pipelines)
        chance.shuffle(names)
        names += chance.choices(names, k=chance.randrange(MOST_FURTHER_STEPS + 1))
        for number, name in enumerate(names):
            chance = self._random("step", number)
            self._step(number, self._draw_step(chance, self._pipelines[name].source), chance)

    def _step(self, number, step, chance):
        pipeline = self._pipelines[step.source]
        source = pipeline.source
        self.counts["steps"] += 1
        self._say(f"step {number}: {step}")
        if step.state == "older":
            pipeline.state = chance.choice(pipeline.known_states)
            self.counts["states given back"] += 1
        source.control.advance(step.advance_seconds)
        if step.switches and (said := source.switch(chance)):
            self._say(f"  {said}")
        for _ in range(step.changes):
            if done := source.mutate(chance):
                self._say(f"  before the run: {done}")
                self.counts["mutations"] += 1
        before, marked = source.living(), source.marked_deleted()
        source.control.clear_faults()
        self._add_hooks(step, source, chance)
        state = pipeline.state
        outcomes = self._run(pipeline, step)
        self._count(step, source, outcomes)
        for outcome in outcomes:
            pipeline.keep(outcome.states)
        if step.state == "thrown away":
            pipeline.state = state
        source.control.clear_faults()
        source.control.clear_hooks()
        self._check(pipeline, outcomes, before, marked)

    def _add_hooks(self, step, source, chance):
        for path, request in step.hooks:
            if mutations := source.mutation(chance):
                source.control.hook(path, request, *mutations)
                self._say(f"  after request {request} of {path}: {mutations}")

    def _run(self, pipeline, step):
        source = pipeline.source
        if step.full_database is not None:
            self._server.limit_files(step.full_database)
        with self._folders_taken(pipeline.folders if step.lost_folder else []):
            runs = [pipeline.start(step.plan)]
            for _, fault in step.faults:
                source.control.fault(**fault)
            if step.second:
                while runs[0].passed < step.second_starts_at and not runs[0].ended():
                    time.sleep(0.01)
                runs.append(pipeline.start(step.second))
            outcomes = [run.finish() for run in runs]
        if step.full_database is not None:
            self._server.limit_files(None)
        self._server.up()
        return outcomes

    @contextmanager
    def _folders_taken(self, folders):
        """Put plain files where folders have to be: also root cannot write there."""
        for folder in folders:
            if folder.exists():
                folder.rename(aside(folder))
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.write_text("")
            self.counts["folders taken"] += 1
        yield
        for folder in folders:
            folder.unlink()
            if aside(folder).exists():
                aside(folder).rename(folder)

    def _count(self, step, source, outcomes):
        count = self.counts
        count["runs"] += len(outcomes)
        count["double runs"] += len(outcomes) - 1
        for plan, outcome in zip((step.plan, step.second), outcomes, strict=False):
            self._say(
                f"  run: tap {outcome.tap_exit}, loader {outcome.loader_exit},"
                f" killed {outcome.killed and plan.kill}, {len(outcome.states)} states,"
                f" {outcome.said()}"
            )
            count["runs that failed"] += not outcome.is_good
            if outcome.killed:
                count[f"killed: {plan.kill.victim}"] += 1
            count["clock skews"] += bool(plan.tap.clock_ahead_seconds)
            count["disk full: tap"] += plan.tap.largest_file is not None
        count["disk full: database"] += step.full_database is not None
        count["states thrown away"] += step.state == "thrown away"
        for hook in source.control.hooks():
            count["mutations within runs"] += hook["fired"]
            if hook["fired"]:
                self._say(f"  happened: {hook}")
        struck = {}
        for fault in source.control.faults():
            struck[str((fault["path"], fault["kind"], fault["skip"]))] = fault["fired"]
        for name, fault in step.faults:
            kind = fault["kind"]
            fired = struck.get(str((fault["path"], kind, fault["skip"])), 0)
            count[f"fault: {name}"] += fired
            self._say(f"  fault {name} at {fault['path']} struck {fired} times")

    def _check(self, pipeline, outcomes, before, marked):
        source = pipeline.source
        wrong = invariants.after_step(pipeline, before, source.living(), marked)
        for outcome in outcomes:
            wrong += invariants.secrets_told(source, outcome, pipeline.state)
            # Meltano prints one of its own when a program that it runs is killed.
            if not self._with_meltano and "Traceback" in outcome.log:
                wrong.append(f"the tap ended with a stack trace: {outcome.log[-1500:]}")
        if wrong:
            raise ViolationError(f"{source.name}: " + "; ".join(wrong[:6]))

    def _compare_after_clean_runs(self, database):
        for pipeline in self._pipelines.values():
            pipeline.source.settle()
        for pipeline in self._pipelines.values():
            self._clean_run(pipeline)
        for pipeline in self._pipelines.values():
            self._fail_if(pipeline.source.name, pipeline.source.compare())
        self._fail_if("derived tables", invariants.derived(database))
        if self._with_meltano:
            return  # which has no part in what follows, and takes its time
        for pipeline in self._pipelines.values():
            before = invariants.fingerprints(pipeline.source)
            self._clean_run(pipeline)
            after = invariants.fingerprints(pipeline.source)
            self._fail_if(pipeline.source.name, invariants.written(before, after))
            self._fail_if(f"{pipeline.source.name} once more", pipeline.source.compare())

    def _clean_run(self, pipeline):
        source = pipeline.source
        plan = Plan(settings=source.tap_settings(self._random("clean", source.name)))
        for _ in range(CLEAN_TRIES):
            before, marked = source.living(), source.marked_deleted()
            outcome = pipeline.start(plan).finish()
            self.counts["runs"] += 1
            pipeline.keep(outcome.states)
            self._say(
                f"clean run of {source.name} with {plan.settings}: tap {outcome.tap_exit},"
                f" loader {outcome.loader_exit}, {outcome.said() if not outcome.is_good else ''}"
            )
            self._check(pipeline, [outcome], before, marked)
            if outcome.is_good and not source.leaves_open(outcome.log):
                return
            if outcome.is_good:
                continue
            if not source.wants_mass_delete(outcome.log):
                break
            plan = replace(plan, settings={**plan.settings, "allow_mass_delete": True})
            self.counts["mass deletions allowed"] += 1
        raise ViolationError(f"the clean run of {source.name} fails: {outcome.said()}")

    def _fail_if(self, what, differences):
        if differences:
            found = "; ".join(map(str, differences[:6]))
            raise ViolationError(f"{what} differ after a clean run: {found}")


def aside(folder):
    """Return where a folder is while it is taken away."""
    return folder.with_name(f"{folder.name} aside")
