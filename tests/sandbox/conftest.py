from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from planwerk_sandbox import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox import Control, Sandbox

SMALL = 0.1


class Teamwork:
    """A bare client of the Teamwork half, so that tests see the answers themselves."""

    def __init__(self, sandbox: Sandbox, key: str = "twp_sandbox") -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (key, "x")

    def get(self, path: str, /, **query: Any) -> requests.Response:
        root = "" if path.startswith("/") else "/projects/api/v3/"
        return self.session.get(f"{self.sandbox.teamwork_url}{root}{path}", params=query, timeout=9)

    def body(self, path: str, /, **query: Any) -> dict[str, Any]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def rows(self, path: str, envelope: str, /, **query: Any) -> list[dict[str, Any]]:
        """Read all pages by page number."""
        rows: list[dict[str, Any]] = []
        page = 0
        while True:
            page += 1
            body = self.body(path, page=page, pageSize=500, **query)
            rows += body[envelope]
            if not body["meta"]["page"]["hasMore"]:
                return rows

    def ids(self, path: str, envelope: str, /, **query: Any) -> set[int]:
        return {row["id"] for row in self.rows(path, envelope, **query)}


@pytest.fixture(scope="session")
def untouched() -> Iterator[Sandbox]:
    """A sandbox for tests that change nothing."""
    with running(scale=SMALL) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox for a test that changes something."""
    with running(scale=SMALL) as fresh:
        yield fresh


@pytest.fixture
def reader(untouched: Sandbox) -> Teamwork:
    return Teamwork(untouched)


@pytest.fixture
def teamwork(sandbox: Sandbox) -> Teamwork:
    return Teamwork(sandbox)


@pytest.fixture
def restricted(sandbox: Sandbox) -> Teamwork:
    """A client with the restricted key of the fresh sandbox."""
    return Teamwork(sandbox, "twp_sandbox_restricted")


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return sandbox.control
