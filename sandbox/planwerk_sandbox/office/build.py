"""Build a whole office from a seed and a scale."""

from __future__ import annotations

from math import sqrt

from planwerk_sandbox.office import comments, custom_fields, people, projects, tasks, timelogs
from planwerk_sandbox.office.dice import Dice
from planwerk_sandbox.office.office import Office

DEFAULT_SEED = 276


def build_office(seed: int = DEFAULT_SEED, scale: float = 1.0) -> Office:
    """Generate an office; the same seed and scale give the same rows everywhere.

    Args:
        seed: Any whole number.
        scale: 1.0 is about 2 000 tasks, 1 000 comments and 5 000 time logs, which grow in
            proportion; projects, people, tags and lists grow with its square root.

    Returns:
        The office, its clock at 2026-03-10T08:00:00Z.

    Raises:
        ValueError: If `scale` is not positive.
    """
    if scale <= 0:
        raise ValueError(f"The scale must be greater than 0; it is {scale}.")
    width = sqrt(max(scale, 1.0))
    dice, office = Dice(seed), Office()
    people.add_companies(office, dice, round(8 * width))
    people.add_people(office, dice, round(40 * width))
    people.add_teams(office, dice, round(6 * width))
    people.add_job_roles(office)
    projects.add_project_categories(office, dice)
    projects.add_workflows(office, dice)
    projects.add_projects(office, dice, round(12 * width))
    projects.add_project_team(office, dice)
    tags = projects.add_tags(office, dice, round(150 * width))
    custom_fields.add_definitions(office, dice)
    trades = projects.add_tasklists(office, dice, 7)
    value_ids = tasks.add_tasks(office, dice, trades, tags, round(2_000 * scale))
    custom_fields.add_values_of_parents(office, dice, value_ids)
    comments.add_comments(office, dice, round(1_000 * scale))
    timelogs.add_timelogs(office, dice, tags, round(5_000 * scale))
    return office
