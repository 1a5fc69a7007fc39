"""Craft: sizes of the office, the least requests that its API allows, and what changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tap_kit.tally import in_groups

if TYPE_CHECKING:
    from planwerk_sandbox.client import Row
    from planwerk_sandbox.craft_client import CraftControl
    from planwerk_sandbox.server import Sandbox

TITLE = "Craft"
ITEMS = "documents"
SCALES = (0.25, 1, 4)
"""About 110, 400 and 1 570 documents."""
LOCATIONS = 4
"""Unsorted, templates, daily notes and trash (`api/craft.md`, 2)."""
LISTS = 4
"""The link with the server's clock, the folders, the collections, the tasks (3.1, 3.2, 2, 3.7)."""

Truth = dict[str, Any]
"""All rows that a request can show, by kind, and the office's time as `now`."""


def account(sandbox: Sandbox) -> dict[str, Any]:
    """Return the tap's settings."""
    return {
        "api_url": sandbox.craft_url,
        "requests_per_ten_seconds": 1_000_000,
        "requests_per_minute": 1_000_000,
        "blocks_per_minute": 100_000_000,
    }


def control(sandbox: Sandbox) -> CraftControl:
    """Return the control of the API."""
    return sandbox.craft


def truth(sandbox: Sandbox) -> Truth:
    """Return what there is to be read, documents that nobody can read ("ghosts") repaired.

    A ghost answers with 500, and how often that is tried is a matter of faults.
    """
    ghosts = [row["id"] for row in sandbox.craft.truth("documents") if row["_broken"]]
    if ghosts:
        sandbox.craft.repair_documents(*ghosts)
    kinds = ("documents", "folders", "collections", "tasks")
    rows = {kind: sandbox.craft.truth(kind, reachable=True) for kind in kinds}
    return {"now": sandbox.craft.now(), **rows}


def data(office: Truth) -> str:
    """Return how much there is."""
    counted = {"documents": "documents", "collections": "collections"}
    texts = [f"{in_groups(len(office[kind]))} {name}" for kind, name in counted.items()]
    return ", ".join([*texts, f"{_places(office)} places"])


def first_floor(office: Truth) -> int:
    """Return the least requests of a first run: every list, and every document with what is in it.

    That is also a run after which nothing is known.
    """
    return _listing(office) + _contents(office, office["documents"])


def next_floor(before: Truth, after: Truth, *, is_daily: bool) -> int:  # noqa: ARG001
    """Return the least requests of a run after another.

    Every list again, for a document says neither where it is nor that it was moved (3.3, 4), and
    one request for each document that was changed since the last run.
    """
    versions = {row["id"]: row["lastModifiedAt"] for row in before["documents"]}
    changed = [
        row for row in after["documents"] if versions.get(row["id"]) != row["lastModifiedAt"]
    ]
    return _listing(after) + _contents(after, changed)


def _listing(office: Truth) -> int:
    return LISTS + _places(office)


def _places(office: Truth) -> int:
    """Return what documents are asked for by: only the question tells where a document is (3.3)."""
    return LOCATIONS + sum(not (row["_built_in"] or row["_deleted"]) for row in office["folders"])


def _contents(office: Truth, documents: list[Row]) -> int:
    """Return the requests of documents: one each, and columns and rows of each collection (3.6)."""
    collections = Counter(row["_document_id"] for row in office["collections"])
    return sum(1 + 2 * collections[row["id"]] for row in documents)


def change_one(sandbox: Sandbox, office: Truth) -> str:
    """Write into one document."""
    sandbox.craft.append(_plain(office)[0], "Decke über EG betoniert.")
    return "1 document edited"


def change_one_per_cent(sandbox: Sandbox, office: Truth) -> str:
    """Write into every hundredth document."""
    chosen = _plain(office)[::100]
    for document in chosen:
        sandbox.craft.append(document, "Ausschalfrist bis 20.03.")
    return f"{len(chosen)} of the documents edited"


def live_a_day(sandbox: Sandbox, office: Truth) -> str:
    """Let the office work for a day.

    For every 100 documents 3 are edited, 2 created, 2 moved and 1 trashed, and 1 gets a new row in
    a collection; besides, a folder is made.
    """
    api = sandbox.craft
    rows = _plain(office)
    share = -(-len(rows) // 100)
    edited, moved, trashed = (
        rows[begin * share : end * share] for begin, end in ((0, 3), (3, 5), (5, 6))
    )
    tables = [row["id"] for row in office["collections"]][:share]
    folder = api.create_folder("24-031 Umbau Rathaus")["id"]
    for document in edited:
        api.append(document, "Nachtrag 03 geprüft.")
    for _ in range(2 * share):
        api.create_document("Jour fixe", "TOP 1 Rohbau", folder=folder)
    api.move(*moved, folder=folder)
    api.trash(*trashed)
    for table in tables:
        api.create("collection_items", collection=table, title="Riss, neu")
    return (
        f"documents: {len(edited)} edited, {2 * share} created, {len(moved)} moved, "
        f"{len(trashed)} trashed, {len(tables)} with a new row in a collection; 1 new folder"
    )


def _plain(office: Truth) -> list[str]:
    """Return the documents in folders that are not in the trash and have no collection."""
    tables = {row["_document_id"] for row in office["collections"]}
    return [
        row["id"]
        for row in office["documents"]
        if row["_folder_id"] and not row["_deleted"] and row["id"] not in tables
    ]
