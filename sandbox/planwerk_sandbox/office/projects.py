"""Projects with their categories, tags, workflows, lists and milestones."""

# ruff: noqa: RUF001  # German texts use the en dash
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office import model, phrases, tag_names
from planwerk_sandbox.office.dice import DAY, HISTORY, Dice, Ids, day, second_of, written
from planwerk_sandbox.office.people import ADMIN_ID

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office


def add_project_categories(office: Office, dice: Dice) -> None:
    """Add the tree of project categories."""
    ids = Ids(7_700, dice)
    by_name: dict[str, int] = {}
    for name, parent in phrases.CATEGORIES:
        category = office.add(
            "project_categories",
            model.ProjectCategory(
                id=ids.take(),
                name=name,
                color=dice.one_of(tag_names.COLORS),
                parent_id=by_name.get(parent or ""),
            ),
        )
        by_name[name] = category.id


def add_workflows(office: Office, dice: Dice) -> None:
    """Add two workflows with their stages; array order is not display order."""
    workflow_ids, stage_ids = Ids(3_305, dice), Ids(16_610, dice)
    stages = {
        "TGA Standard": ("In Ausführung", "Offen", "Prüfung", "Fertig"),
        "Mängelverfolgung": ("Gemeldet", "Angezeigt", "Behoben"),
    }
    for name, names in stages.items():
        created = dice.working_second(0, HISTORY // 3)
        stamp: dict[str, Any] = {
            "created_at": written(created),
            "created_by": ADMIN_ID,
            "updated_at": written(dice.working_second(created, HISTORY)),
            "updated_by": ADMIN_ID,
        }
        workflow = office.add(
            "workflows",
            model.Workflow(
                id=workflow_ids.take(), name=name, default_workflow=name == "TGA Standard", **stamp
            ),
        )
        order = [2, 1, *range(3, len(names) + 1)]
        for position, stage in zip(order, names, strict=True):
            office.add(
                "stages",
                model.Stage(
                    id=stage_ids.take(),
                    name=stage,
                    workflow_id=workflow.id,
                    color=dice.one_of(tag_names.COLORS),
                    display_order=position,
                    **stamp,
                ),
            )


def add_projects(office: Office, dice: Dice, count: int) -> None:
    """Add projects of all ages; some archived, one deleted, one without owner."""
    ids = Ids(412_201, dice)
    clients = [c.id for c in office.companies.values() if not c.is_owner]
    leads = [p.id for p in office.people.values() if p.type == "account" and not p.deleted_at]
    categories = list(office.project_categories)
    workflows = list(office.workflows)
    for index in range(count):
        number, name, status = _project_name(dice, index)
        created = dice.working_second(0, HISTORY // 2)
        updated = dice.working_second(HISTORY * 3 // 4, HISTORY)
        project = office.add(
            "projects",
            model.Project(
                id=ids.take(),
                name=f"{number} {name}",
                description=dice.one_of(("", "TGA-Gewerke KG 410–480, LPH 5–8", "Auftrag LPH 1–9")),
                status="archived" if status == "archived" else "active",
                sub_status=dice.one_of(("current", "current", "late")),
                company_id=dice.one_of(clients),
                category_id=dice.one_of(categories) if dice.chance(0.8) else None,
                project_owner_id=0 if index == 1 else dice.one_of(leads),
                start_date=day(created + 7 * DAY),
                end_date=day(created + dice.number(300, 900) * DAY),
                workflow_ids=workflows if dice.chance(0.5) else workflows[:1],
                created_at=written(created),
                created_by=ADMIN_ID,
                updated_at=written(updated),
                updated_by=dice.one_of(leads),
                last_worked_on=written(updated) if dice.chance(0.7) else None,
            ),
        )
        if status == "archived":
            project.archived_at, project.archived_by = project.updated_at, ADMIN_ID
        if status == "deleted":
            project.deleted_at, project.deleted_by = project.updated_at, ADMIN_ID


def _project_name(dice: Dice, index: int) -> tuple[str, str, str]:
    if index < len(phrases.PROJECTS):
        return phrases.PROJECTS[index]
    name = " ".join(
        dice.one_of(words)
        for words in (phrases.PROJECT_KINDS, phrases.PROJECT_OBJECTS, phrases.PROJECT_PLACES)
    )
    return str(2_500 + index), name, "archived" if dice.chance(0.2) else "active"


def add_project_team(office: Office, dice: Dice) -> None:
    """Give the first project a team of its own."""
    project = next(iter(office.projects.values()))
    members = [p.id for p in office.people.values() if not p.deleted_at]
    office.add(
        "teams",
        model.Team(
            id=max(office.teams) + 1,
            name=f"Projektteam {project.name[:4]}",
            handle=f"projektteam-{project.name[:4]}",
            project_id=project.id,
            member_ids=sorted(dice.some_of(members, 5)),
            created_by_user_id=ADMIN_ID,
            updated_by_user_id=ADMIN_ID,
            date_created=project.created_at,
            date_updated=project.updated_at,
        ),
    )


def add_tags(office: Office, dice: Dice, count: int) -> dict[str, list[int]]:
    """Add tags and say which trade or purpose uses them.

    Returns:
        Tag ids by group: a trade, `Ort` (where), `Art` (kind of task) or `Sonst` (the rest).
    """
    ids = Ids(90_301, dice)
    wanted: list[tuple[str, str]] = [
        (trade, name) for trade, names in tag_names.COST_GROUPS.items() for name in names
    ]
    wanted += [("Allgemein", name) for name in tag_names.OLD_EDITION]
    wanted += [("Ort", name) for name in tag_names.LOCATIONS]
    wanted += [("Art", name) for name in tag_names.TASK_TYPES]
    for names in (tag_names.LOOKALIKES, tag_names.UNKNOWN_CODES, tag_names.PLAIN):
        wanted += [("Sonst", name) for name in names]
    taken = {name for _, name in wanted}
    for group, name in tag_names.more_tags():
        if len(wanted) + len(tag_names.PROJECT_SCOPED) >= count:
            break
        if name not in taken:
            taken.add(name)
            wanted.append((group, name))

    groups: dict[str, list[int]] = {}
    for group, name in wanted:
        tag = model.Tag(id=ids.take(), name=name, color=dice.one_of(tag_names.COLORS))
        groups.setdefault(group, []).append(office.add("tags", tag).id)
    project = next(iter(office.projects))
    for name in tag_names.PROJECT_SCOPED:
        tag = model.Tag(
            id=ids.take(), name=name, color=dice.one_of(tag_names.COLORS), project_id=project
        )
        office.add("tags", tag)
        groups.setdefault(f"project {project}", []).append(tag.id)
    for row in office.projects.values():
        if dice.chance(0.4):
            row.tag_ids = dice.some_of(groups["Allgemein"], 2)
    next(iter(office.companies.values())).tag_ids = [groups["Sonst"][0]]
    return groups


def add_tasklists(office: Office, dice: Dice, per_project: int) -> dict[int, str]:
    """Add lists and milestones to every project.

    Returns:
        The trade of each list by its id.
    """
    ids, milestone_ids = Ids(1_503_301, dice), Ids(265_501, dice)
    trades: dict[int, str] = {}
    for project in office.projects.values():
        milestones = _milestones(office, dice, project, milestone_ids)
        for index in range(per_project):
            trade = dice.one_of(phrases.TRADES if dice.chance(0.8) else phrases.RARE_TRADES)
            tasklist = office.add(
                "tasklists",
                model.Tasklist(
                    id=ids.take(),
                    name=f"{dice.one_of(phrases.PHASES)} {trade}",
                    status="completed"
                    if dice.chance(0.12)
                    else dice.one_of(("new", "reopened", "reopened")),
                    project_id=project.id,
                    milestone_id=dice.one_of(milestones) if dice.chance(0.4) else None,
                    display_order=2_000 + index,
                    is_private=dice.chance(0.03),
                    created_at=project.created_at,
                    updated_at=_after(dice, project.created_at),
                ),
            )
            trades[tasklist.id] = trade
    lists = list(office.tasklists.values())
    lists[0].status = "reopened"
    lists[1].status = "completed"
    lists[2].deleted_at, lists[2].deleted_by = lists[2].updated_at, ADMIN_ID
    return trades


def _milestones(office: Office, dice: Dice, project: model.Project, ids: Ids) -> list[int]:
    leads = [p.id for p in office.people.values() if p.type == "account" and not p.deleted_at]
    added = []
    for name in dice.some_of(phrases.MILESTONES, dice.number(2, 5)):
        changed = _after(dice, project.created_at)
        milestone = model.Milestone(
            id=ids.take(),
            name=name,
            deadline=day(dice.number(HISTORY // 2, HISTORY + 300 * DAY)),
            project_id=project.id,
            responsible_party_ids=dice.some_of(leads, dice.number(0, 2)),
            created_on=project.created_at,
            created_by=ADMIN_ID,
            last_changed_on=changed,
            updated_by=ADMIN_ID,
        )
        if dice.chance(0.3):
            milestone.status = "completed"
            milestone.completed_on, milestone.completed_by = changed, ADMIN_ID
        elif dice.chance(0.08):
            milestone.deleted_at, milestone.deleted_by = changed, ADMIN_ID
        added.append(office.add("milestones", milestone).id)
    return added


def _after(dice: Dice, moment: str) -> str:
    """Draw a time between a moment and the opening of the office."""
    return written(dice.working_second(second_of(moment), HISTORY))
