"""Shared labels: the spellings of the Teamwork tags, and projects with labels of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office import tag_names
from planwerk_sandbox.office.mail import wording
from planwerk_sandbox.office.mail.model import SharedLabel
from planwerk_sandbox.office.mail.people import draw_id

if TYPE_CHECKING:
    from planwerk_sandbox.office.dice import Dice
    from planwerk_sandbox.office.facts import Facts
    from planwerk_sandbox.office.mail.mail import Mail

_COLORS = (None, None, "#50A8FF", "#D84640", "#4ECD97")


def add_labels(mail: Mail, dice: Dice, facts: Facts) -> dict[str, list[str]]:
    """Add all labels.

    Returns:
        Label ids by what they say: `project` (in the order of the projects), `below <id>` (below a
        project's label), `cost`, `place`, `kind` (of task), `other` and `hidden`.
    """
    organization = next(iter(mail.rows("organizations")))

    def add(name: str, parent: str | None = None) -> str:
        row = SharedLabel(
            id=draw_id(dice),
            name=name,
            organization=organization,
            color=dice.one_of(_COLORS),
            parent=parent,
        )
        added: SharedLabel = mail.add("shared_labels", row)
        return added.id

    projects, cost_groups = (add(name) for name in wording.FOLDERS)
    groups: dict[str, list[str]] = {"project": []}
    for index, name in enumerate(facts.projects):
        label = add(_project_label(name, index), projects)
        groups["project"].append(label)
        if index < 2:  # noqa: PLR2004  # so that each name exists twice
            groups[f"below {label}"] = [add(below, label) for below in wording.BELOW_PROJECTS]
    spelled = [name for names in tag_names.COST_GROUPS.values() for name in names]
    spelled += [*tag_names.OLD_EDITION, *tag_names.UNKNOWN_CODES]
    groups["cost"] = [
        add(name, cost_groups if position % 5 == 0 else None)
        for position, name in enumerate(spelled)
    ]
    groups["place"] = [add(name) for name in tag_names.LOCATIONS]
    groups["kind"] = [add(name) for name in tag_names.TASK_TYPES]
    groups["other"] = [add(name) for name in (*tag_names.PLAIN, *tag_names.LOOKALIKES)]
    hidden = mail.labels[add(wording.DELEGATES_LABEL)]
    hidden.visibility, hidden.share_with_organization = "delegates", False
    groups["hidden"] = [hidden.id]
    return groups


def _project_label(name: str, index: int) -> str:
    """Write a project as people name its label: as it is, with a comma, with an emoji."""
    number, _, rest = name.partition(" ")
    kind, _, place = rest.partition(" ")
    match index % 4:
        case 0 if place:
            return f"{number} {place}, {kind}"
        case 1:
            return f"🏗️ {name}"
        case _:
            return name
