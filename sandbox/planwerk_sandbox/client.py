"""A typed client of the control interface, for tests and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import requests

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from typing_extensions import Self

Id = TypeVar("Id", int, str)

Row = dict[str, Any]
"""A row in the API's shape."""


class ControlError(Exception):
    """The sandbox refused a control request; the message is its sentence."""


class ApiControl(Generic[Id]):
    """The control interface of one API of a sandbox.

    Args:
        url: Address of the sandbox, without `/control`.
        timeout_seconds: How long to wait for an answer; the truth of a big office takes a while.
    """

    _api: ClassVar[str]

    def __init__(self, url: str, timeout_seconds: float = 300) -> None:
        self._timeout_seconds = timeout_seconds
        self._root = f"{url.rstrip('/')}/control"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def about(self) -> dict[str, Any]:
        """Return name, seed, scale, process id and addresses of the server."""
        return self._call("GET", "/")

    def mutate(self, *mutations: dict[str, Any], same_second: bool = False) -> list[Row]:
        """Carry out mutations and return the changed rows.

        Args:
            mutations: `{"action", "kind", "id" or "ids", "values"}` each.
            same_second: Whether all rows change in one second, as in a bulk edit.
        """
        body = {"mutations": list(mutations), "same_second": same_second}
        rows: list[Row] = self._call("POST", f"/{self._api}/mutations", body)["rows"]
        return rows

    def create(self, kind: str, **values: Any) -> Row:  # noqa: ANN401  # any JSON
        """Create a row from values under their API names."""
        return self.mutate({"action": "create", "kind": kind, "values": values})[0]

    def edit(self, kind: str, *ids: Id, **values: Any) -> list[Row]:  # noqa: ANN401
        """Change values of rows; a new `name` renames."""
        return self._act("edit", kind, ids, **values)

    def delete(self, kind: str, *ids: Id) -> list[Row]:
        """Delete rows as the API's users do, softly where it knows that."""
        return self._act("delete", kind, ids)

    def _act(self, action: str, kind: str, ids: Iterable[Id], **values: Any) -> list[Row]:  # noqa: ANN401
        return self.mutate({"action": action, "kind": kind, "ids": list(ids), "values": values})

    def now(self) -> str:
        """Return the office's time."""
        return str(self._call("GET", "/clock")["now"])

    def advance(self, seconds: int) -> str:
        """Move the office's clock forward and return its time."""
        return str(self._call("POST", "/clock", {"advance_seconds": seconds})["now"])

    def fault(self, path: str, kind: str, **options: Any) -> None:  # noqa: ANN401
        """Add a fault; options are skip, times, status, html, headers, seconds."""
        self._call("POST", f"/{self._api}/faults", {"path": path, "kind": kind, **options})

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults with their counts."""
        faults: list[dict[str, Any]] = self._call("GET", f"/{self._api}/faults")["faults"]
        return faults

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._call("DELETE", f"/{self._api}/faults")

    def hook(self, path: str, on_request: int, *mutations: dict[str, Any]) -> None:
        """Run mutations right after the n-th request from now whose path matches."""
        body = {"path": path, "on_request": on_request, "mutations": list(mutations)}
        self._call("POST", f"/{self._api}/hooks", body)

    def hooks(self) -> list[dict[str, Any]]:
        """Return the hooks with their counts."""
        hooks: list[dict[str, Any]] = self._call("GET", f"/{self._api}/hooks")["hooks"]
        return hooks

    def clear_hooks(self) -> None:
        """Remove all hooks."""
        self._call("DELETE", f"/{self._api}/hooks")

    def requests(self) -> dict[str, Any]:
        """Return total, by_path, unknown_parameters and log of the API requests."""
        return self._call("GET", f"/{self._api}/requests")

    def clear_requests(self) -> None:
        """Forget the API requests so far."""
        self._call("DELETE", f"/{self._api}/requests")

    def truth(self, kind: str, *, reachable: bool = False) -> list[Row]:
        """Return all rows of a kind, deleted and hidden ones included.

        Args:
            kind: A stream name.
            reachable: Whether to leave out rows that no request of an administrator lists.
        """
        rows: list[Row] = self._call(
            "GET", f"/truth/{self._api}/{kind}?reachable={str(reachable).lower()}"
        )[kind]
        return rows

    def all_truth(self, *, reachable: bool = False) -> dict[str, list[Row]]:
        """Return all rows of all kinds."""
        return self._call("GET", f"/truth/{self._api}?reachable={str(reachable).lower()}")

    def settings(self) -> dict[str, Any]:
        """Return the settings in force."""
        return self._call("GET", f"/{self._api}/settings")

    def set(self, **settings: Any) -> None:  # noqa: ANN401  # any JSON
        """Change settings."""
        self._call("POST", f"/{self._api}/settings", settings)

    def reset_settings(self) -> None:
        """Restore the default settings."""
        self._call("DELETE", f"/{self._api}/settings")

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401
        response = self._session.request(
            method, self._root + path, json=body, timeout=self._timeout_seconds
        )
        content: dict[str, Any] = response.json()
        if not response.ok:
            raise ControlError(content.get("error", response.text))
        return content


class Control(ApiControl[int]):
    """The control interface of the Teamwork half."""

    _api = "teamwork"

    def tag(self, kind: str, *ids: int, tag_ids: list[int]) -> list[Row]:
        """Add tags to rows."""
        return self._act("tag", kind, ids, tagIds=tag_ids)

    def untag(self, kind: str, *ids: int, tag_ids: list[int]) -> list[Row]:
        """Take tags from rows."""
        return self._act("untag", kind, ids, tagIds=tag_ids)

    def restore(self, kind: str, *ids: int) -> list[Row]:
        """Take rows back from the trash."""
        return self._act("restore", kind, ids)

    def archive(self, *project_ids: int) -> list[Row]:
        """Archive projects."""
        return self._act("archive", "projects", project_ids)

    def unarchive(self, *project_ids: int) -> list[Row]:
        """Make archived projects active again."""
        return self._act("unarchive", "projects", project_ids)

    def complete(self, kind: str, *ids: int) -> list[Row]:
        """Complete tasks, tasklists, milestones or projects."""
        return self._act("complete", kind, ids)

    def reopen(self, kind: str, *ids: int) -> list[Row]:
        """Reopen what was completed."""
        return self._act("reopen", kind, ids)
