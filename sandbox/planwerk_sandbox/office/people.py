"""Companies, people, teams and job roles of the office."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planwerk_sandbox.office import model, phrases
from planwerk_sandbox.office.dice import HISTORY, Dice, Ids, written

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office

ADMIN_ID = 380_112
"""The administrator whose key sees everything."""

_FOLDING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def ascii_slug(text: str) -> str:
    """Fold a German name to lower-case ASCII words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_FOLDING)).strip("-")


def add_companies(office: Office, dice: Dice, count: int) -> None:
    """Add the office itself and the companies it works with."""
    ids = Ids(118_001, dice)
    for index in range(count):
        name = (
            phrases.COMPANIES[index]
            if index < len(phrases.COMPANIES)
            else f"{dice.fake.last_name()} {dice.one_of(phrases.COMPANY_KINDS)}"
        )
        created = dice.working_second(0, HISTORY // 4)
        domain = f"{ascii_slug(name)}.example"
        office.add(
            "companies",
            model.Company(
                id=ids.take(),
                name=name,
                address_one=dice.fake.street_address(),
                city=dice.fake.city(),
                zip=dice.fake.postcode(),
                phone=f"+49 5121 {dice.number(100000, 999999)}",
                website=f"https://www.{domain}" if dice.chance(0.5) else "",
                email_one=f"info@{domain}",
                is_owner=index == 0,
                client_managed_by=None if index == 0 else ADMIN_ID,
                created_at=written(created),
                updated_at=written(dice.working_second(created, HISTORY)),
            ),
        )


def add_people(office: Office, dice: Dice, count: int) -> None:
    """Add the administrator, colleagues with accounts, collaborators, contacts, a leaver."""
    ids = Ids(ADMIN_ID, dice)
    owner, *others = office.companies.values()
    for index in range(count):
        first, last = dice.fake.first_name(), dice.fake.last_name()
        if index == 0:
            first, last = "Katrin", "Brandhorst"
        kind = "account" if index < count * 0.6 else dice.one_of(("collaborator", "contact"))
        company = owner if kind == "account" else dice.one_of(others)
        created = dice.working_second(0, HISTORY // 3)
        row_id = ids.take()
        domain = company.email_one.partition("@")[2]
        office.add(
            "people",
            model.Person(
                id=row_id,
                first_name=first,
                last_name=last,
                email=f"{ascii_slug(first)[0]}.{ascii_slug(last)}.{index}@{domain}",
                title=None if dice.chance(0.1) else dice.one_of(phrases.JOB_TITLES),
                type=kind,
                company_id=company.id,
                is_admin=index == 0,
                is_client_user=kind != "account",
                site_owner=index == 0,
                user_rate=dice.number(70, 140) * 100 if kind == "account" else 0,
                user_cost=dice.number(40, 70) * 100 if kind == "account" else 0,
                last_login=None
                if kind == "contact"
                else written(dice.working_second(HISTORY * 9 // 10, HISTORY)),
                created_at=written(created),
                created_by=ADMIN_ID,
                updated_at=written(dice.working_second(created, HISTORY)),
                updated_by=ADMIN_ID,
            ),
        )
    leaver = list(office.people.values())[int(count * 0.6) - 1]
    leaver.deleted_at = leaver.updated_at
    leaver.deleted_by = ADMIN_ID


def add_teams(office: Office, dice: Dice, count: int) -> None:
    """Add the tree of office teams; a project team follows when projects exist."""
    ids = Ids(5_501, dice)
    colleagues = [p.id for p in office.people.values() if p.type == "account" and not p.deleted_at]
    owner = next(iter(office.companies))
    by_name: dict[str, int] = {}
    for index in range(count):
        name, parent = (
            phrases.TEAMS[index]
            if index < len(phrases.TEAMS)
            else (f"Planung Gruppe {index}", "Technische Ausrüstung")
        )
        created = dice.working_second(HISTORY // 4, HISTORY // 2)
        team = office.add(
            "teams",
            model.Team(
                id=ids.take(),
                name=name,
                handle=ascii_slug(name),
                company_id=owner,
                parent_team_id=by_name.get(parent or ""),
                member_ids=sorted(dice.some_of(colleagues, dice.number(2, 6))),
                created_by_user_id=ADMIN_ID,
                updated_by_user_id=ADMIN_ID,
                date_created=written(created),
                date_updated=written(dice.working_second(created, HISTORY)),
            ),
        )
        by_name[name] = team.id


def add_job_roles(office: Office) -> None:
    """Add the job roles that tasks can be assigned to."""
    for index, name in enumerate(phrases.JOB_ROLES):
        office.add("job_roles", model.JobRole(id=7_801 + index, name=name))
