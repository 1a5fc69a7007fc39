"""How rows refer to each other (`api/teamwork.md` 5.0)."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]
"""A row as the API writes it."""


def rel(row_id: int | None, kind: str) -> Shape | None:
    """Write a relation, null when there is none (5.0)."""
    return None if row_id is None else {"id": row_id, "type": kind}


def rels(row_ids: list[int] | None, kind: str) -> list[Shape]:
    """Write a list of relations, `[]` when there is none."""
    return [{"id": row_id, "type": kind} for row_id in row_ids or ()]
