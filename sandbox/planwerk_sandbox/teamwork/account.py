"""Who asks: keys, what a restricted key may see, and the limit of the whole account."""

from __future__ import annotations

import base64
import binascii
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.people import ADMIN_ID
from planwerk_sandbox.teamwork.filters.tasks import is_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office import Office, model
    from planwerk_sandbox.teamwork.settings import TeamworkSettings
    from planwerk_sandbox.teamwork.shapes import Shape

API_KEY = "twp_sandbox"
RESTRICTED_API_KEY = "twp_sandbox_restricted"
OAUTH_TOKEN = "sandbox-oauth-token"  # noqa: S105  # the sandbox's own public token

_WINDOW = 60.0
_UNLIMITED = 150
_RATES = {"billableRate": 0, "costRate": 0, "userRate": 0, "userCost": 0}


@dataclass(frozen=True)
class Caller:
    """The person behind a key."""

    person_id: int
    restricted: bool = False


def caller_of(office: Office, authorization: str | None) -> Caller | None:
    """Find the caller by the `Authorization` header; any Basic password will do (1.2)."""
    scheme, _, credentials = (authorization or "").partition(" ")
    administrator = Caller(ADMIN_ID)
    if scheme.lower() == "bearer":
        return administrator if credentials.strip() == OAUTH_TOKEN else None
    if scheme.lower() != "basic":
        return None
    try:
        user = base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None
    if user == API_KEY:
        return administrator
    if user == RESTRICTED_API_KEY:
        colleague = next(p.id for p in office.people.values() if p.id != ADMIN_ID)
        return Caller(colleague, restricted=True)
    return None


def visible_rows(office: Office, kind: str, caller: Caller) -> Callable[[Any], bool]:
    """Return whether a caller sees a row.

    A restricted key sees every second project and no private task (section 9, line 19).
    """
    if not caller.restricted:
        return lambda _: True
    projects = set(sorted(office.projects)[::2])

    def sees(row: model.Row) -> bool:
        project_id: int | None
        if kind == "projects":
            project_id = row.id
        elif kind == "tasks":
            task = office.tasks[row.id]
            if is_private(office, task):
                return False
            project_id = office.task_project(task).id
        else:
            project_id = getattr(row, "project_id", None)
        return project_id is None or project_id in projects

    return sees


def without_rates(shape: Shape, caller: Caller) -> Shape:
    """Zero the money that a caller without financial rights may not see (section 9, line 19)."""
    if not caller.restricted:
        return shape
    return {name: _RATES.get(name, value) for name, value in shape.items()}


class RateLimit:
    """Requests of the whole account in a window of 60 real seconds (section 2)."""

    def __init__(self, settings: TeamworkSettings) -> None:
        self._settings = settings
        self._opened = -math.inf
        self._used = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Count one request.

        Returns:
            Whether it is within the limit, and the headers of the answer in both spellings.
        """
        now = time.monotonic()
        if now - self._opened >= _WINDOW:
            self._opened, self._used = now, 0
        limit = self._settings.requests_per_minute
        self._used += 1
        allowed = limit is None or self._used <= limit
        remaining = _UNLIMITED if limit is None else max(limit - self._used, 0)
        wait = max(math.ceil(self._opened + _WINDOW - now), 1)
        reset = wait
        if self._settings.rate_limit_reset == "epoch":
            reset = math.ceil(time.time()) + wait
        headers = {}
        for prefix in ("X-Rate-Limit", "X-RateLimit"):
            headers[f"{prefix}-Limit"] = str(limit or _UNLIMITED)
            headers[f"{prefix}-Remaining"] = str(remaining)
            headers[f"{prefix}-Reset"] = str(reset)
        if not allowed and self._settings.retry_after:
            headers["Retry-After"] = str(wait)
        return allowed, headers
