"""Tasks with their custom field values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office import model, phrases
from planwerk_sandbox.office.custom_fields import draw_value
from planwerk_sandbox.office.dice import DAY, HISTORY, Dice, Ids, day, second_of, written
from planwerk_sandbox.office.people import ADMIN_ID

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office

BULK_EDIT_SECOND = HISTORY - 22 * DAY + 27_000
"""The one second in which a bulk edit touched hundreds of tasks."""

_BULK_EDIT_ROWS = 600


class _TaskWriter:
    """Draws one task after the other; keeps what the drawing needs at hand."""

    def __init__(
        self, office: Office, dice: Dice, trades: dict[int, str], tags: dict[str, list[int]]
    ) -> None:
        self.office, self.dice, self.trades, self.tags = office, dice, trades, tags
        self.ids = Ids(31_250_101, dice)
        self.value_ids = Ids(8_830_001, dice)
        self.colleagues = [
            p.id for p in office.people.values() if p.type == "account" and not p.deleted_at
        ]
        self.authors = [p.id for p in office.people.values() if p.type != "contact"]
        self.teams, self.companies = list(office.teams), list(office.companies)
        self.roles = list(office.job_roles)
        self.fields = [
            f for f in office.custom_fields.values() if f.entity == "task" and not f.deleted_at
        ]
        self.stages: dict[int, list[int]] = {}
        for stage in office.stages.values():
            self.stages.setdefault(stage.workflow_id, []).append(stage.id)
        self.last_parent: dict[int, model.Task] = {}

    def write(self, created: int, tasklist_id: int, order: int) -> model.Task:
        """Add one task created at a second to a list."""
        dice = self.dice
        trade = self.trades[tasklist_id]
        parent = self.last_parent.get(tasklist_id) if dice.chance(0.22) else None
        author = dice.one_of(self.authors)
        # Most work on a task happens in its first weeks: the square draws short delays.
        delay = int((HISTORY - created) * dice.random.random() ** 2)
        updated = dice.working_second(created, created + delay)
        edited = dice.working_second(created, updated) if dice.chance(0.3) else updated
        task = model.Task(
            id=self.ids.take(),
            name=dice.one_of(phrases.SUBTASKS) if parent else self._title(trade),
            description=self._filled(dice.one_of(phrases.DESCRIPTIONS)),
            status="new" if dice.chance(0.4) else "reopened",
            priority=dice.one_of((None, None, None, "low", "medium", "high")),
            progress=dice.one_of((0, 0, 0, 10, 40, 80)),
            start_date=day(created + dice.number(0, 20) * DAY) if dice.chance(0.4) else None,
            due_date=day(created + dice.number(5, 90) * DAY) if dice.chance(0.7) else None,
            estimate_minutes=dice.one_of((0, 0, 60, 120, 240, 480)),
            tasklist_id=tasklist_id,
            parent_task_id=parent.id if parent else 0,
            tag_ids=self._tags(trade, tasklist_id),
            workflow_stages=self._stages(tasklist_id, order),
            created_at=written(created),
            created_by=author,
            updated_at=written(updated),
            updated_by=dice.one_of(self.colleagues),
            date_updated=written(edited),
            display_order=2_000 + order,
            is_private=dice.one_of((1, 2)) if dice.chance(0.04) else 0,
        )
        self._assign(task)
        if dice.chance(0.02):
            task.deleted_at, task.deleted_by = task.updated_at, dice.one_of(self.colleagues)
        elif dice.chance(0.45):
            task.status, task.progress = "completed", 100
            task.completed_at, task.completed_by = task.updated_at, dice.one_of(self.colleagues)
        if parent is None:
            self.last_parent[tasklist_id] = task
        self._custom_values(task)
        return self.office.add("tasks", task)

    def _title(self, trade: str) -> str:
        general = self.dice.chance(0.2)
        return self._filled(
            self.dice.one_of(phrases.GENERAL_TITLES if general else phrases.TITLES[trade])
        )

    def _filled(self, text: str) -> str:
        if "{" not in text:
            return text
        dice = self.dice
        return text.format(
            floor=dice.one_of(phrases.FLOORS),
            n=dice.number(1, 480),
            letter="ABCDEF"[dice.number(0, 5)],
            week=dice.number(1, 52),
            day=dice.number(1, 28),
        )

    def _tags(self, trade: str, tasklist_id: int) -> list[int] | None:
        dice = self.dice
        if dice.chance(0.1):
            return None
        drawn: list[int] = []
        for group, share in ((trade, 0.75), ("Ort", 0.5), ("Art", 0.35), ("Sonst", 0.15)):
            if dice.chance(share):
                drawn.append(dice.one_of(self.tags[group]))
        if dice.chance(0.1):
            drawn.append(dice.one_of(self.tags["Allgemein"]))
        own = self.tags.get(f"project {self.office.tasklists[tasklist_id].project_id}")
        if own and dice.chance(0.2):
            drawn.append(dice.one_of(own))
        return drawn or None

    def _stages(self, tasklist_id: int, order: int) -> list[dict[str, Any]] | None:
        dice = self.dice
        if dice.chance(0.6):
            return None
        project = self.office.projects[self.office.tasklists[tasklist_id].project_id]
        workflows = project.workflow_ids if dice.chance(0.1) else project.workflow_ids[:1]
        return [
            {
                "workflowId": workflow,
                "stageId": dice.one_of(self.stages[workflow]),
                "stageTaskDisplayOrder": 2_000 + order + dice.one_of((0, 0.25, 0.5)),
            }
            for workflow in workflows
        ]

    def _assign(self, task: model.Task) -> None:
        dice = self.dice
        if dice.chance(0.7):
            task.assignee_user_ids = dice.some_of(self.colleagues, dice.number(1, 2))
        if dice.chance(0.12):
            task.assignee_team_ids = [dice.one_of(self.teams)]
        if dice.chance(0.08):
            task.assignee_company_ids = [dice.one_of(self.companies)]
        if dice.chance(0.03):
            task.assignee_job_role_ids = [dice.one_of(self.roles)]

    def _custom_values(self, task: model.Task) -> None:
        dice = self.dice
        if dice.chance(0.65):
            return
        for definition in dice.some_of(self.fields, dice.number(1, 3)):
            self.office.add(
                "custom_field_values",
                model.CustomFieldValue(
                    id=self.value_ids.take(),
                    customfield_id=definition.id,
                    task_id=task.id,
                    value=draw_value(dice, definition),
                    created_at=task.created_at,
                    created_by=task.created_by,
                ),
            )


def add_tasks(
    office: Office, dice: Dice, trades: dict[int, str], tags: dict[str, list[int]], count: int
) -> Ids:
    """Add tasks in the order of their creation, one bulk edit among them.

    Returns:
        The ids that are left for other custom field values.
    """
    writer = _TaskWriter(office, dice, trades, tags)
    lists = [
        (row.id, second_of(office.projects[row.project_id].created_at))
        for row in office.tasklists.values()
    ]
    drafts = []
    for _ in range(count):
        tasklist_id, opened = dice.one_of(lists)
        drafts.append((dice.working_second(opened, HISTORY), tasklist_id))
    drafts.sort()
    for order, (created, tasklist_id) in enumerate(drafts):
        writer.write(created, tasklist_id, order)

    second = written(BULK_EDIT_SECOND)
    candidates = [t for t in office.tasks.values() if t.created_at < second and not t.deleted_at]
    for task in dice.some_of(candidates, min(_BULK_EDIT_ROWS, count * 3 // 10)):
        task.updated_at = task.date_updated = second
        task.updated_by = ADMIN_ID
        if task.completed_at and task.completed_at > second:
            task.completed_at = second
    return writer.value_ids
