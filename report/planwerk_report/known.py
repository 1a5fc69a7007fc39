"""What rules may name: cost groups, task types and projects."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

_LIKENESS: Final = 0.85
"""So alike (see difflib) are a name and what it is taken for: a slip of the pen, no more."""
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_Key = TypeVar("_Key")


class CostGroup(NamedTuple):
    """A cost group of DIN 276:2018-12."""

    name_de: str
    name_en: str


class Known(NamedTuple):
    """What rules may name.

    Attributes:
        cost_groups: By their codes.
        successors: Codes of DIN 276-1:2008-12 that differ today, and where their subject went; none
            where it went to several groups.
        task_types: Their names.
        projects: Names of the living ones by their ids.
    """

    cost_groups: Mapping[int, CostGroup]
    successors: Mapping[int, int | None]
    task_types: Sequence[str]
    projects: Mapping[int, str]

    def cost_group_instead_of(self, code: int) -> int | None:
        """Return the group that has the subject of a code today, else the nearest one above it."""
        while code:
            found = self.successors.get(code, code if code in self.cost_groups else None)
            if found is not None:
                return found
            size = 10 if code % 10 else 100
            code = code // size * size if code % 100 else 0
        return None

    def cost_groups_called(self, name: str) -> list[int]:
        """Return the cost groups that are called so, or nearly so: 320 and 520 share a name."""
        return _likest(name, {code: group.name_de for code, group in self.cost_groups.items()})

    def task_types_called(self, name: str) -> list[str]:
        """Return the task types that are called so, or nearly so."""
        return _likest(name, {task_type: task_type for task_type in self.task_types})

    def projects_called(self, name: str) -> list[int]:
        """Return the projects that are called so, or nearly so, in any order of the words."""
        return _likest(name, self.projects)


def read_known(connection: psycopg.Connection[dict[str, Any]]) -> Known:
    """Read the lists."""
    cost_groups = connection.execute(
        "select code, name_de, name_en from planwerk.cost_group order by code"
    )
    successors = connection.execute(
        "select code, code_2018 from planwerk.cost_group_2008 where name_2008 is not null"
    )
    task_types = connection.execute("select name from planwerk.task_type order by id")
    projects = connection.execute(
        "select project_id, min(name) as name from planwerk.project_name"
        " group by project_id order by project_id"
    )
    return Known(
        cost_groups={row["code"]: CostGroup(row["name_de"], row["name_en"]) for row in cost_groups},
        successors={row["code"]: row["code_2018"] for row in successors},
        task_types=[row["name"] for row in task_types],
        projects={row["project_id"]: row["name"] for row in projects},
    )


def _likest(name: str, candidates: Mapping[_Key, str]) -> list[_Key]:
    """Return the keys of the candidates that are most like a name, if any is much like it."""
    folded = {key: _folded(candidate) for key, candidate in candidates.items()}
    found = difflib.get_close_matches(
        _folded(name), dict.fromkeys(folded.values()), n=1, cutoff=_LIKENESS
    )
    return [key for key, candidate in folded.items() if candidate in found]


def _folded(name: str) -> str:
    words: list[str] = re.findall(r"\w+", name.casefold().translate(_UMLAUTS))
    return " ".join(sorted(words))
