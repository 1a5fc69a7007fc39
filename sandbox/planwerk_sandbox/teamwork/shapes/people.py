"""Companies, people and teams in the shape of `api/teamwork.md` 5.1 to 5.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.teamwork.shapes.relations import Shape, rel, rels

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office, model


def company(office: Office, row: model.Company) -> Shape:
    """Write a company (5.1)."""
    people = office.people_by_type()
    return {
        "id": row.id,
        "name": row.name,
        "addressOne": row.address_one,
        "addressTwo": "",
        "city": row.city,
        "state": "",
        "zip": row.zip,
        "countryCode": "DE",
        "phone": row.phone,
        "fax": "",
        "website": row.website,
        "emailOne": row.email_one,
        "emailTwo": "",
        "emailThree": "",
        "status": "deleted" if row.deleted_at else "active",
        "isOwner": row.is_owner,
        "canSeePrivate": row.is_owner,
        "industry": None,
        "industryId": None,
        "clientManagedBy": rel(row.client_managed_by, "users"),
        "currency": None,
        "companyUpdate": None,
        "tags": rels(row.tag_ids, "tags"),
        "companyDomains": [],
        "clientPortals": [],
        "accounts": people[row.id, "account"],
        "clients": 0 if row.is_owner else people[row.id, "account"],
        "collaborators": people[row.id, "collaborator"],
        "contacts": people[row.id, "contact"],
        "logoUrl": "",
        "companyNameUrl": "",
        "cid": "",
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def person(office: Office, row: model.Person) -> Shape:
    """Write a person (5.2)."""
    in_owner = office.companies[row.company_id].is_owner
    shape = {
        "id": row.id,
        "firstName": row.first_name,
        "lastName": row.last_name,
        "email": row.email,
        "title": row.title,
        "type": row.type,
        "company": rel(row.company_id, "companies"),
        "companyId": row.company_id,
        "companyRoleId": 0,
        "isAdmin": row.is_admin,
        "isClientUser": row.is_client_user,
        "isServiceAccount": row.is_service_account,
        "isPlaceholderResource": row.is_placeholder_resource,
        "inOwnerCompany": in_owner,
        "siteOwner": row.site_owner,
        "deleted": row.deleted_at is not None,
        "timezone": "Europe/Berlin",
        "lengthOfDay": 8,
        "workingHour": rel(4410, "workingHours") if in_owner else None,
        "workingHoursId": 4410 if in_owner else None,
        "canAddProjects": row.is_admin,
        "canAccessPortfolio": row.is_admin,
        "canManagePortfolio": False,
        "avatarUrl": "",
        "userRate": row.user_rate,
        "userCost": row.user_cost,
        "createdAt": row.created_at,
        "createdBy": rel(row.created_by, "users"),
        "updatedAt": row.updated_at,
        "updatedBy": rel(row.updated_by, "users"),
    }
    if row.last_login is not None:
        shape["lastLogin"] = row.last_login
    return shape


def team(office: Office, row: model.Team) -> Shape:
    """Write a team as v1 does: ids as text, companies and parents as objects (5.3)."""
    owner = office.companies.get(row.company_id) if row.company_id is not None else None
    parent = office.teams.get(row.parent_team_id) if row.parent_team_id is not None else None
    root = parent
    while root is not None and root.parent_team_id is not None:
        root = office.teams.get(root.parent_team_id)
    return {
        "id": str(row.id),
        "name": row.name,
        "description": row.description,
        "handle": row.handle,
        "logoUrl": "",
        "logoIcon": row.logo_icon,
        "logoColor": row.logo_color,
        "projectId": str(row.project_id or 0),
        "company": {"id": str(owner.id), "name": owner.name} if owner else None,
        "parentTeam": _team_reference(parent),
        "rootTeam": _team_reference(root),
        "members": [{"id": str(member), "type": "user"} for member in row.member_ids],
        "createdByUserId": _text(row.created_by_user_id),
        "updatedByUserId": _text(row.updated_by_user_id),
        "dateCreated": row.date_created,
        "dateUpdated": row.date_updated,
        "deleted": row.deleted_at is not None,
        "deletedDate": row.deleted_at or "",
    }


def _team_reference(row: model.Team | None) -> Shape | None:
    return {"id": str(row.id), "name": row.name, "handle": row.handle} if row else None


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def included_team(_: Office, row: model.Team) -> Shape:
    """Write a team as v3 side-loads it, which differs from v1 (5.3)."""
    return {
        "id": row.id,
        "name": row.name,
        "handle": row.handle,
        "teamLogo": "",
        "teamLogoIcon": row.logo_icon,
        "teamLogoColor": row.logo_color,
        "company": rel(row.company_id, "companies"),
        "createdAt": row.date_created,
        "createdBy": row.created_by_user_id,
        "updatedAt": row.date_updated,
        "updatedBy": row.updated_by_user_id,
    }


def job_role(_: Office, row: model.JobRole) -> Shape:
    """Write a job role as a side-load."""
    return {"id": row.id, "name": row.name}
