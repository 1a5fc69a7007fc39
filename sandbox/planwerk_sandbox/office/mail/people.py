"""Coworkers, teams and organizations of the account, and the people outside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from planwerk_sandbox.office.mail import wording
from planwerk_sandbox.office.mail.model import Organization, Party, Team, User
from planwerk_sandbox.office.people import ascii_slug

if TYPE_CHECKING:
    from planwerk_sandbox.office.dice import Dice
    from planwerk_sandbox.office.facts import Facts
    from planwerk_sandbox.office.mail.mail import Mail

_SERVICE_SEAT = "Sync Dienst"
_PRIVATE_PARTNERS = 60
_BUSINESS_HOURS = {
    "tz": "Europe/Berlin",
    "t": [{"d": day, "s": [8 * 3_600, 17 * 3_600]} for day in range(1, 6)],
}


def draw_id(dice: Dice) -> str:
    """Draw an id."""
    return str(UUID(int=dice.random.getrandbits(128), version=4))


def add_people(mail: Mail, dice: Dice, facts: Facts) -> None:
    """Add two organizations, the service seat that owns the token, all colleagues, four teams."""
    own = mail.add("organizations", Organization(id=draw_id(dice), name=facts.firm))
    mail.add("organizations", Organization(id=draw_id(dice), name=f"{facts.firm} – Service"))  # noqa: RUF001
    owner = User(id=draw_id(dice), name=_SERVICE_SEAT, email=f"sync@{facts.domain}")
    mail.owner = mail.add("users", owner).id
    for name, address in facts.colleagues:
        row_id = draw_id(dice)
        picture = f"https://files.missiveusercontent.com/{row_id}.png" if dice.chance(0.7) else None
        mail.add("users", User(id=row_id, name=name, email=address, avatar_url=picture))
    everybody = list(mail.users)
    mail.add(
        "users",
        User(id=draw_id(dice), name="Uwe Altmann", email=f"u.altmann@{facts.domain}", left=True),
    )
    for name, emoji in wording.TEAMS:
        mail.add(
            "teams",
            Team(
                id=draw_id(dice),
                name=name,
                organization=own.id,
                active_members=sorted(dice.some_of(everybody[1:], dice.number(3, 7))),
                observers=[mail.owner],
                emoji=emoji,
                color=dice.one_of((None, "#50A8FF", "#F2A93B")),
                inactivity_period=dice.one_of((None, 604_800)),
                business_hours=_BUSINESS_HOURS if emoji else None,
            ),
        )


def partners(mail: Mail, dice: Dice, facts: Facts) -> list[Party]:
    """Return the people outside: of the office's projects, of companies, and private ones."""
    found = [Party(name, address) for name, address in facts.partners]
    found += [Party(None if name == address else name, address) for name, address in wording.FIRMS]
    known = {user.email for user in mail.users.values()}
    while len(found) < len(facts.partners) + len(wording.FIRMS) + _PRIVATE_PARTNERS:
        first, last = dice.fake.first_name(), dice.fake.last_name()
        firm = dice.one_of(wording.FIRMS)[1].partition("@")[2]
        address = f"{ascii_slug(first)}.{ascii_slug(last)}@{firm}"
        if address not in known:
            known.add(address)
            phone = f"+49171{dice.number(1_000_000, 9_999_999)}" if dice.chance(0.4) else None
            found.append(Party(f"{first} {last}", address, phone))
    return found
