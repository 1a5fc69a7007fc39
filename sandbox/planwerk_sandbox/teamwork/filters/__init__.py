"""Which rows a list shows: what is hidden by default and the filters of `api/teamwork.md` 4.2.

Every function of `people`, `projects` and `tasks` reads all parameters of its endpoint and
returns a predicate on rows.
"""

from planwerk_sandbox.teamwork.filters import people, projects, tasks
from planwerk_sandbox.teamwork.filters.context import Context

__all__ = ["Context", "people", "projects", "tasks"]
