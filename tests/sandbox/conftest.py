from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import requests
from planwerk_sandbox import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox import Control, CraftControl, MissiveControl, Sandbox

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


class Missive:
    """A bare client of the Missive half."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = "Bearer missive_pat-sandbox"

    def get(self, path: str, /, **query: Any) -> requests.Response:
        return self.session.get(f"{self.sandbox.missive_url}/{path}", params=query, timeout=9)

    def rows(self, path: str, /, **query: Any) -> Any:
        """Return what is in the envelope of one answer."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        (content,) = response.json().values()
        return content

    def refusal(self, path: str, /, **query: Any) -> tuple[int, str]:
        response = self.get(path, **query)
        return response.status_code, response.json()["error"]["message"]

    def walk(self, path: str, cursor: str, limit: int, /, **query: Any) -> dict[str, Any]:
        """Read a list to its end as section 3.3 of the sheet says."""
        seen: dict[str, Any] = {}
        until = None
        while True:
            bound = {} if until is None else {"until": until}
            page = self.rows(path, limit=limit, **{**query, **bound})
            fresh = [row for row in page if row["id"] not in seen]
            seen |= {row["id"]: row for row in fresh}
            if len(page) < limit:
                return seen
            oldest = math.ceil(min(row[cursor] for row in page))
            until = oldest - 1 if not fresh and until == oldest else oldest

    def conversations(self, **mailbox: Any) -> dict[str, Any]:
        return self.walk("conversations", "last_activity_at", 50, **mailbox)

    def first(self, **query: Any) -> dict[str, Any]:
        """Return the conversation on top of a mailbox."""
        return self.rows("conversations", **(query or {"all": "true"}))[0]


class Craft:
    """A bare client of one link of the Craft half."""

    def __init__(self, sandbox: Sandbox, flavour: str = "space") -> None:
        self.sandbox = sandbox
        self.url = sandbox.craft_urls[flavour]
        self.session = requests.Session()
        self.session.trust_env = False

    def through(self, flavour: str) -> Craft:
        """Return a client of another link."""
        return Craft(self.sandbox, flavour)

    def get(self, path: str, /, **query: Any) -> requests.Response:
        return self.session.get(f"{self.url}/{path}", params=query, timeout=9)

    def body(self, path: str, /, **query: Any) -> dict[str, Any]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def items(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Return what is in the envelope of a list, which holds nothing else."""
        body = self.body(path, **query)
        assert set(body) == {"items"}
        return body["items"]

    def ids(self, path: str, /, **query: Any) -> set[str]:
        return {row["id"] for row in self.items(path, **query)}

    def markdown(self, document: str, **query: Any) -> str:
        headers = {"Accept": "text/markdown"}
        response = self.session.get(
            f"{self.url}/blocks", params={"id": document, **query}, headers=headers, timeout=9
        )
        assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
        return response.text

    def refusal(self, path: str, /, **query: Any) -> tuple[int, str]:
        response = self.get(path, **query)
        return response.status_code, response.json()["code"]

    def named(self, title: str) -> str:
        """Return the id of the document whose title starts so."""
        rows = self.items("documents")
        return next(row["id"] for row in rows if row["title"].startswith(title))


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


@pytest.fixture
def mail(untouched: Sandbox) -> Missive:
    """A client for tests that change nothing in Missive."""
    return Missive(untouched)


@pytest.fixture
def missive(sandbox: Sandbox) -> Missive:
    """A client of the fresh sandbox."""
    return Missive(sandbox)


@pytest.fixture
def hand(sandbox: Sandbox) -> MissiveControl:
    """What changes the mail of the fresh sandbox."""
    return sandbox.missive


@pytest.fixture
def library(untouched: Sandbox) -> Craft:
    """A client for tests that change nothing in Craft."""
    return Craft(untouched)


@pytest.fixture
def craft(sandbox: Sandbox) -> Craft:
    """A client of the fresh sandbox."""
    return Craft(sandbox)


@pytest.fixture
def pen(sandbox: Sandbox) -> CraftControl:
    """What changes the documents of the fresh sandbox."""
    return sandbox.craft
