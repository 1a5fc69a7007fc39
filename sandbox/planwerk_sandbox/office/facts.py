"""What mail and documents take over from the office: who works there and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planwerk_sandbox.office.office import living

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office, model


class Facts(NamedTuple):
    """Names and addresses as they were when the office opened.

    Attributes:
        firm: The name of the office.
        domain: Its mail domain.
        colleagues: Name and address of everybody with an account.
        partners: Name and address of collaborators, contacts and companies outside.
        projects: Names of the projects, each with its leading number.
        archived: The names of those that are archived.
    """

    firm: str
    domain: str
    colleagues: list[tuple[str, str]]
    partners: list[tuple[str, str]]
    projects: list[str]
    archived: frozenset[str]

    @classmethod
    def of(cls, office: Office) -> Facts:
        """Note the facts of an office."""
        owner = next(company for company in office.companies.values() if company.is_owner)
        people = [person for person in living(office.people.values()) if person.email]
        return cls(
            firm=owner.name,
            domain=owner.email_one.partition("@")[2],
            colleagues=[_named(person) for person in people if person.type == "account"],
            partners=[_named(person) for person in people if person.type != "account"]
            + [(c.name, c.email_one) for c in office.companies.values() if not c.is_owner],
            projects=[project.name for project in office.projects.values()],
            archived=frozenset(
                project.name for project in office.projects.values() if project.archived_at
            ),
        )


def _named(person: model.Person) -> tuple[str, str]:
    return f"{person.first_name} {person.last_name}", person.email
