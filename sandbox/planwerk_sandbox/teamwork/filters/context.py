"""What every filter looks at, and the comparisons that several filters share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office
    from planwerk_sandbox.teamwork.parameters import Parameters
    from planwerk_sandbox.teamwork.settings import TeamworkSettings


class Context(NamedTuple):
    """What filters look at beside the row."""

    office: Office
    settings: TeamworkSettings
    query: Parameters

    def after(self, moment: str | None, bound: str | None) -> bool:
        """Whether a time lies after a bound; without a bound every row passes (4.1)."""
        if bound is None:
            return True
        if moment is None:
            return False
        return moment > bound or (self.settings.updated_after_inclusive and moment == bound)

    def before(self, moment: str | None, bound: str | None) -> bool:
        """Whether a time lies before a bound; without a bound every row passes (4.1)."""
        if bound is None:
            return True
        if moment is None:
            return False
        return moment < bound or (self.settings.updated_after_inclusive and moment == bound)


def among(value: int | None, wanted: frozenset[int] | None) -> bool:
    """Whether an id is one of the wanted; every id is when none was sent."""
    return wanted is None or value in wanted


def any_among(values: list[int] | None, wanted: frozenset[int] | None) -> bool:
    """Whether one of several ids is wanted; also a row without ids passes when none was sent."""
    return wanted is None or not wanted.isdisjoint(values or ())


def project_shows(at: Context, *, deleted: bool, archived: bool) -> Callable[[int], bool]:
    """Filter children by the state of their project; children of deleted ones need the flag."""
    projects = at.office.projects

    def shows(project_id: int) -> bool:
        project = projects[project_id]
        return (deleted or project.deleted_at is None) and (
            archived or project.status != "archived"
        )

    return shows
