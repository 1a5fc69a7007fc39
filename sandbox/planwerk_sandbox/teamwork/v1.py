"""Version 1 of the API: only teams are left there (`api/teamwork.md` 5.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.teamwork import shapes
from planwerk_sandbox.teamwork.errors import bad_request
from planwerk_sandbox.teamwork.filters import Context
from planwerk_sandbox.teamwork.listing import Listings
from planwerk_sandbox.teamwork.resources import TEAMS

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.parameters import Parameters
    from planwerk_sandbox.teamwork.settings import TeamworkSettings
    from planwerk_sandbox.teamwork.shapes import Shape


class V1:
    """Answers the paths of v1."""

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self._office = office
        self._settings = settings
        self._listings = Listings()

    def teams(self, query: Parameters) -> tuple[Shape, dict[str, str]]:
        """Return the body and the paging headers of a list of teams.

        Raises:
            ApiError: 400 for a refused parameter.
        """
        sent_after = query.text("updatedAfterDate")
        if sent_after is not None and not re.fullmatch(r"\d{14}", sent_after):
            raise bad_request("Invalid value for updatedAfterDate: expected YYYYMMDDHHMMSS")

        def changed(row: Any) -> bool:  # noqa: ANN401  # only teams come here
            return sent_after is None or re.sub(r"\D", "", row.date_updated) > sent_after

        at = Context(self._office, self._settings, query)
        page = self._listings.page(at, TEAMS, changed, (sent_after,))
        pages = max(-(-page.total // page.size), 1)
        body = {
            "STATUS": "OK",
            "teams": [
                shapes.people.team(self._office, row)
                | self._settings.served_fields.get("teams", {})
                for row in page.rows
            ],
        }
        return body, {
            "X-Page": str(page.number),
            "X-Pages": str(pages),
            "X-Records": str(page.total),
        }
