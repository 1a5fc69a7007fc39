"""Who takes part: companies, people, teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from singer_sdk.exceptions import FatalAPIError
from tap_kit.schema import flag, integer, integers, key, moment, number, schema, structures, text

from tap_teamwork.client import ListStream
from tap_teamwork.custom_fields import with_custom_field_values
from tap_teamwork.paging import Page, read_backwards, unless_empty_twice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from singer_sdk.helpers.types import Record
    from tap_kit.columns import Row


class Companies(ListStream):
    """Client companies and the site's own (fact sheet 5.1)."""

    name = "companies"
    path = "companies.json"
    envelope = "companies"
    parameters = {"orderBy": "id", "includeCustomFields": "true"}
    schema = schema(
        key("id", "Id of the company."),
        text("name", "Name."),
        text("address_one", "First line of the address."),
        text("address_two", "Second line of the address."),
        text("city", "City."),
        text("state", "State or region."),
        text("zip", "Postal code."),
        text("country_code", "Country, ISO 3166, two letters."),
        text("phone", "Telephone."),
        text("fax", "Fax."),
        text("website", "Website."),
        text("email_one", "First e-mail address."),
        text("email_two", "Second e-mail address."),
        text("email_three", "Third e-mail address."),
        text("status", "`active` or `deleted`."),
        flag("is_owner", "True for the company that owns the site."),
        integer("industry_id", "Id of the industry."),
        integer("client_managed_by", "Person who looks after this client."),
        integers("tag_ids", "Ids of the tags."),
        structures("custom_field_values", "Values of custom fields, as the API sends them."),
        moment("created_at", "When the company was created."),
        moment("updated_at", "When the company was last changed."),
    )

    def rows(self, body: Mapping[str, Any]) -> list[Row]:
        """Return the companies with their custom field values."""
        rows = super().rows(body)
        return with_custom_field_values(rows, body, "customfieldCompanies", "company", self.reject)


class People(ListStream):
    """Accounts, collaborators and contacts, deleted ones included (fact sheet 5.2)."""

    name = "people"
    path = "people.json"
    envelope = "people"
    parameters = {
        "orderBy": "id",
        "showDeleted": "true",
        "includeServiceAccounts": "true",
        "includePlaceholders": "true",
    }
    schema = schema(
        key("id", "Id of the person."),
        text("first_name", "First name."),
        text("last_name", "Last name."),
        text("email", "E-mail address."),
        text("title", "Job title."),
        text("type", "`account`, `collaborator` or `contact`."),
        integer("company_id", "Company of the person."),
        integer("company_role_id", "Role in the company; null when none."),
        flag("is_admin", "Site administrator."),
        flag("is_client_user", "Client of the office."),
        flag("is_service_account", "A machine's account."),
        flag("is_placeholder_resource", "A placeholder for planning."),
        flag("in_owner_company", "Works for the company that owns the site."),
        flag("site_owner", "Owner of the site."),
        flag("deleted", "Deleted in Teamwork."),
        text("timezone", "Time zone name."),
        number("length_of_day", "Working hours per day."),
        integer("working_hours_id", "Id of the working hours."),
        moment("created_at", "When the person was created."),
        integer("created_by", "Person who created it."),
        moment("updated_at", "When the person was last changed."),
        integer("updated_by", "Person who changed it last."),
    )


class Teams(ListStream):
    """Teams, sub-teams and those of projects and companies; API v1 only (fact sheet 5.3)."""

    name = "teams"
    path = "teams.json"
    envelope = "teams"
    parameters = {
        "sortBy": "dateAdded",
        "sortOrder": "asc",
        "showDeleted": "true",
        "includeCompanyTeams": "true",
        "includeProjectTeams": "true",
        "includeSubteams": "true",
    }
    schema = schema(
        key("id", "Id of the team."),
        text("name", "Name."),
        text("description", "Description."),
        text("handle", "Handle without @."),
        integer("project_id", "Project of a project team; null for the site's teams."),
        integer("company_id", "Company of the team."),
        integer("parent_team_id", "Parent team."),
        integer("root_team_id", "Topmost team."),
        integers("member_ids", "Ids of the people in the team."),
        structures("members", "Members with their type."),
        integer("created_by_user_id", "Person who created the team."),
        integer("updated_by_user_id", "Person who changed it last."),
        moment("date_created", "When the team was created."),
        moment("date_updated", "When the team was last changed."),
        flag("deleted", "Deleted in Teamwork."),
        moment("deleted_date", "When the team was deleted."),
    )

    page_size = 50

    @property
    def url_base(self) -> str:
        """API v1 answers at the root of the site."""
        return f"{self.site}/"

    def get_rows(self) -> Iterator[Row]:
        """Yield every team, once; v1 says in headers how many pages there are (fact sheet 3.5)."""
        yield from read_backwards(
            lambda number: unless_empty_twice(lambda: self._page(number)), self.page_size
        )

    def _page(self, number: int) -> Page:
        answer = self.fetch({**self.parameters, "page": number, "pageSize": self.page_size})
        try:
            return Page(
                [
                    {**team, "id": int(team["id"])}
                    for team in self.with_ids(answer.body[self.envelope])
                ],
                has_more=int(answer.headers["X-Pages"]) > number,
                count=int(answer.headers["X-Pages"]) * self.page_size,
            )
        except (KeyError, TypeError, ValueError):
            raise FatalAPIError(
                "Teamwork's answer for 'teams.json' lacks 'teams' or the header X-Pages. "
                "The run stops, because an incomplete answer is no empty list."
            ) from None

    def reshape(self, row: Record) -> Record:
        """Drop the zero that v1 sends for a team without a project."""
        if row.get("projectId") == "0":
            row["projectId"] = None
        return row
