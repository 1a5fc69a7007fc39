"""Comments on tasks and milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office import model, phrases
from planwerk_sandbox.office.dice import DAY, HISTORY, Dice, Ids, second_of, written

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office


def add_comments(office: Office, dice: Dice, count: int) -> None:
    """Add comments on tasks and some on milestones; a few edited, a few deleted."""
    tasks, milestones = list(office.tasks.values()), list(office.milestones.values())
    people = [p.id for p in office.people.values()]
    ids = Ids(14_880_001, dice)
    drafts = []
    for _ in range(count):
        if dice.chance(0.05):
            milestone = dice.one_of(milestones)
            drafts.append(
                (
                    _after(dice, milestone.created_on),
                    "milestone",
                    milestone.id,
                    milestone.project_id,
                )
            )
        else:
            task = dice.one_of(tasks)
            project = office.tasklists[task.tasklist_id].project_id
            drafts.append((_after(dice, task.created_at), "task", task.id, project))
    for posted, object_type, object_id, project_id in sorted(drafts):
        author = dice.one_of(people)
        comment = model.Comment(
            id=ids.take(),
            body=dice.one_of(phrases.COMMENTS).format(
                week=dice.number(1, 52), letter=dice.one_of("ABC"), n=dice.number(100, 9_000)
            ),
            object_type=object_type,
            object_id=object_id,
            project_id=project_id,
            posted_by=author,
            posted_date_time=posted,
        )
        if dice.chance(0.06):
            comment.date_last_edited, comment.last_edited_by = _after(dice, posted), author
        if dice.chance(0.03):
            comment.deleted_at = _after(dice, comment.date_last_edited or posted)
            comment.deleted_by = author
        office.add("comments", comment)


def _after(dice: Dice, moment: str) -> str:
    """Draw a time within sixty days after a moment, before the office opens."""
    first = second_of(moment)
    second = first + dice.number(60, 60 * DAY)
    return written(second if second < HISTORY else dice.number(first, HISTORY))
