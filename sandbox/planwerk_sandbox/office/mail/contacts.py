"""Contact books with contacts and groups, and canned responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.clock import OPENING
from planwerk_sandbox.office.dice import DAY
from planwerk_sandbox.office.mail import wording
from planwerk_sandbox.office.mail.model import Contact, ContactBook, ContactGroup, Response
from planwerk_sandbox.office.mail.people import draw_id

if TYPE_CHECKING:
    from planwerk_sandbox.office.dice import Dice
    from planwerk_sandbox.office.mail.mail import Mail
    from planwerk_sandbox.office.mail.model import Party

_CONTACTS = 400
_DELETED_CONTACTS = 12
_BOOKS = (("Büro", 0.6), ("Baustellen", 0.3), ("Persönlich", 0.1))
_GROUPS = (
    ("Bauherren", "group"),
    ("Nachunternehmer", "group"),
    ("Stadt Weihersfeld", "organization"),
    ("Elektro Huber", "organization"),
)


def add_contacts(mail: Mail, dice: Dice, partners: list[Party]) -> None:
    """Add three contact books, one of them personal, their groups and 400 contacts."""
    organization = next(iter(mail.rows("organizations")))
    now = int(OPENING.timestamp())
    for name, share in _BOOKS:
        personal = name == "Persönlich"
        book = mail.add(
            "contact_books",
            ContactBook(
                id=draw_id(dice),
                name=name,
                user=mail.owner if personal else None,
                description=None if personal else f"Kontakte {name}",
                organization=None if personal else organization,
                share_with_organization=not personal,
            ),
        )
        groups = [
            mail.add(
                "contact_groups",
                ContactGroup(
                    id=draw_id(dice),
                    name=group,
                    contact_book=book.id,
                    kind="group" if kind == "group" else "organization",
                ),
            ).id
            for group, kind in _GROUPS
        ]
        for _ in range(round(_CONTACTS * share)):
            row = _contact(dice, book.id, groups, partners)
            row.modified_at = now - dice.number(3_600, 800 * DAY)
            mail.add("contacts", row)
    for row in dice.some_of(list(mail.rows("contacts").values()), _DELETED_CONTACTS):
        row.deleted = True


def _contact(dice: Dice, book: str, groups: list[str], partners: list[Party]) -> Contact:
    party = dice.one_of(partners)
    first, _, last = (party.name or dice.fake.name()).rpartition(" ")
    infos: list[dict[str, Any]] = []
    if party.address and dice.chance(0.9):
        infos.append({"kind": "email", "label": "work", "value": party.address})
    if party.phone or dice.chance(0.5):
        number = party.phone or f"+49 5121 {dice.number(10_000, 99_999)}"
        infos.append({"kind": "phone_number", "label": "mobile", "value": number})
    if dice.chance(0.1):
        infos.append(
            {
                "kind": "physical_address",
                "label": "other",
                "custom_label": "Baustelle",
                "street": dice.fake.street_address(),
                "city": dice.fake.city(),
            }
        )
    memberships = []
    if dice.chance(0.4):
        memberships.append({"title": "Bauleitung", "group": dice.one_of(groups)})
    return Contact(
        id=draw_id(dice),
        contact_book=book,
        first_name=first or None,
        last_name=last or None,
        starred=dice.chance(0.05),
        modified_at=0,
        notes="Nur vormittags erreichbar" if dice.chance(0.1) else None,
        infos=infos,
        memberships=memberships,
    )


def add_responses(mail: Mail, dice: Dice) -> None:
    """Add canned responses; the last belongs to one user."""
    organization = next(iter(mail.rows("organizations")))
    for title, subject, text in wording.RESPONSES:
        personal = title == wording.RESPONSES[-1][0]
        mail.add(
            "responses",
            Response(
                id=draw_id(dice),
                title=title,
                subject=subject,
                body=f"<div>Guten Tag,</div><div><br></div><div>{text}</div>",
                organization=None if personal else organization,
                user=mail.owner if personal else None,
                modified_at=int(OPENING.timestamp()) - dice.number(DAY, 600 * DAY),
                shared_labels=[dice.one_of(list(mail.labels))] if dice.chance(0.3) else [],
            ),
        )
