"""Every row of the office, for comparison with what a tap brought home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.office import ROW_TYPES
from planwerk_sandbox.teamwork.filters import Context
from planwerk_sandbox.teamwork.parameters import Parameters
from planwerk_sandbox.teamwork.resources import RESOURCES, TEAMS
from planwerk_sandbox.teamwork.shapes import Shape, true_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.settings import TeamworkSettings

_EVERYTHING: dict[str, str] = {
    "tasks": "showDeleted includeCompletedTasks showCompletedLists includeArchivedProjects "
    "includeTasksFromDeletedLists includeTentativeProjects includePrivateItems",
    "timelogs": "showDeleted includeArchivedProjects",
    "tasklists": "showDeleted showCompleted includeArchivedProjects",
    "milestones": "showDeleted includeCompleted includeArchivedProjects",
    "projects": "includeArchivedProjects includeTentativeProjects",
    "people": "showDeleted includeServiceAccounts includePlaceholders",
    "comments": "includeArchivedProjects",
    "custom_fields": "showDeleted",
    "workflows": "showDeleted",
    "stages": "showDeleted",
    "teams": "showDeleted includeCompanyTeams includeProjectTeams includeSubteams",
}


class TeamworkTruth:
    """All rows of the office in the API's shape, sorted by id.

    Deleted tags, categories and custom field values are not among them: Teamwork keeps no trace.
    """

    kinds = tuple(ROW_TYPES)

    def __init__(self, office: Office, settings: TeamworkSettings) -> None:
        self._office = office
        self._settings = settings

    def rows(self, kind: str, *, reachable: bool = False) -> list[Shape]:
        """Return the rows of a kind.

        Args:
            kind: A stream name.
            reachable: Whether to leave out rows that no parameter of the list endpoint shows to
                an administrator (children of a deleted project, mostly comments).
        """
        shows = _reachable(self._office, self._settings, kind) if reachable else lambda _: True
        return [
            true_shape(self._office, kind, row)
            for _, row in sorted(self._office.rows(kind).items())
            if shows(row)
        ]


def _reachable(office: Office, settings: TeamworkSettings, kind: str) -> Callable[[Any], bool]:
    resource = TEAMS if kind == "teams" else RESOURCES.get(kind)
    if resource is None:
        return lambda _: True
    sent = dict.fromkeys(_EVERYTHING.get(kind, "").split(), "true")
    if kind == "projects":
        sent["projectStatuses"] = "active,archived,deleted"
    return resource.shows(Context(office, settings, Parameters(sent)))
