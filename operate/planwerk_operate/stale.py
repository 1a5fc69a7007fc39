"""Sources that were not loaded for too long: people are told once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planwerk_operate.notes import read_note, write_note
from planwerk_operate.notify import is_on, notify

if TYPE_CHECKING:
    from planwerk_operate.meltano import Meltano


def tell_who_is_stale(meltano: Meltano) -> None:
    """Ask the status, and tell people of each stale source that they do not know of yet."""
    if not is_on():
        return
    asked = meltano.ask("invoke", "transform:status", "--format=json")
    try:
        sources: list[dict[str, Any]] = json.loads(asked.stdout)["sources"]
    except (KeyError, ValueError):
        return
    for source in sources:
        name = source["source"]
        note = read_note(meltano.environment, name)
        if source["is_stale"] and not note.is_stale:
            since = source["last_success"] or "the beginning"
            reason = f" The last run failed: {source['failure']}" if source["failure"] else ""
            notify(f"Planwerk: {name} is stale", f"It was not loaded since {since}.{reason}")
        if source["is_stale"] != note.is_stale:
            write_note(meltano.environment, name, note._replace(is_stale=source["is_stale"]))
