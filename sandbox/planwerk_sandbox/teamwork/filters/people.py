"""Which companies, people and teams a list shows (`api/teamwork.md` 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.filters.context import among, any_among

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import model
    from planwerk_sandbox.teamwork.filters.context import Context


def companies(at: Context) -> Callable[[model.Company], bool]:
    """Filter companies; deleted ones cannot be listed."""
    query = at.query
    created_after = query.moment("createdAfter")
    ids, tags = query.ids("ids"), query.ids("tagIds")
    return lambda row: (
        row.deleted_at is None
        and among(row.id, ids)
        and any_among(row.tag_ids, tags)
        and at.after(row.created_at, created_after)
    )


def people(at: Context) -> Callable[[model.Person], bool]:
    """Filter people."""
    query, office = at.query, at.office
    deleted = query.flag("showDeleted")
    service, placeholder = query.flag("includeServiceAccounts"), query.flag("includePlaceholders")
    collaborators = query.flag("includeCollaborators", default=True)
    clients = query.flag("includeClients", default=True)
    contacts = not query.flag("excludeContacts")
    only_owner = query.flag("onlyOwnerCompany")
    kind = query.word("userType", ("account", "collaborator", "contact"), "")
    seen_after = query.moment("lastLoginAfter")
    ids, companies, teams = query.ids("ids"), query.ids("companyIds"), query.ids("teamIds")
    members: set[int] = set()
    for team in office.teams.values():
        if teams is not None and team.id in teams:
            members.update(team.member_ids)
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (service or not row.is_service_account)
        and (placeholder or not row.is_placeholder_resource)
        and (collaborators or row.type != "collaborator")
        and (contacts or row.type != "contact")
        and (clients or not row.is_client_user)
        and (not only_owner or office.companies[row.company_id].is_owner)
        and kind in ("", row.type)
        and at.after(row.last_login, seen_after)
        and among(row.id, ids)
        and among(row.company_id, companies)
        and (teams is None or row.id in members)
    )


def teams(at: Context) -> Callable[[model.Team], bool]:
    """Filter teams (v1): project, company and sub-teams hide unless asked for."""
    query = at.query
    deleted = query.flag("showDeleted")
    companies_too = query.flag("includeCompanyTeams")
    projects_too, subteams = query.flag("includeProjectTeams"), query.flag("includeSubteams")
    ids, parents = query.ids("teamIds"), query.ids("parentTeamIds")
    projects, companies = query.ids("projectIds"), query.ids("companyIds")
    people, term = query.ids("userIds"), query.text("searchTerm")
    owner = {company.id for company in at.office.companies.values() if company.is_owner}
    return lambda row: (
        (deleted or row.deleted_at is None)
        and (projects_too or not row.project_id)
        and (companies_too or row.company_id is None or row.company_id in owner)
        and (subteams or row.parent_team_id is None)
        and among(row.id, ids)
        and among(row.parent_team_id, parents)
        and among(row.project_id, projects)
        and among(row.company_id, companies)
        and any_among(row.member_ids, people)
        and (term is None or term.casefold() in row.name.casefold())
    )
