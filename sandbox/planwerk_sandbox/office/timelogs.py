"""Time logs on tasks and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office import model, phrases
from planwerk_sandbox.office.dice import DAY, HISTORY, Dice, Ids, written

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office


def add_timelogs(office: Office, dice: Dice, tags: dict[str, list[int]], count: int) -> None:
    """Add time logs on tasks and some on projects only; a few edited, deleted, tagged."""
    tasks, projects = list(office.tasks.values()), list(office.projects)
    workers = [p for p in office.people.values() if p.type == "account"]
    ids = Ids(20_990_001, dice)
    drafts = sorted(dice.working_second(DAY, HISTORY) for _ in range(count))
    for entered in drafts:
        task = None if dice.chance(0.06) else dice.one_of(tasks)
        worker = dice.one_of(workers)
        started = entered - dice.number(900, 20_000)
        billable = dice.chance(0.7)
        edited = dice.chance(0.08)
        now = written(entered)
        log = model.Timelog(
            id=ids.take(),
            minutes=dice.number(1, 32) * 15,
            description=dice.one_of(phrases.TIME_NOTES),
            time_logged=written(started),
            has_start_time=dice.chance(0.8),
            billable=billable,
            billable_rate=worker.user_rate if billable else 0,
            cost_rate=worker.user_cost,
            user_id=worker.id,
            logged_by=worker.id,
            task_id=task.id if task else None,
            project_id=office.tasklists[task.tasklist_id].project_id
            if task
            else dice.one_of(projects),
            tag_ids=[dice.one_of(tags["Sonst"])] if dice.chance(0.05) else None,
            created_at=now,
            updated_at=written(dice.working_second(entered, HISTORY)) if edited else now,
            updated_by=worker.id,
        )
        if dice.chance(0.015):
            log.deleted_at, log.deleted_by = log.updated_at, worker.id
        office.add("timelogs", log)
