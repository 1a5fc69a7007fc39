"""Tasks: where they are, which scope shows them, how they are written (`api/craft.md` 3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from planwerk_sandbox.office.documents.space import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_sandbox.craft.reading import Shape
    from planwerk_sandbox.craft.view import View
    from planwerk_sandbox.office.documents.model import Block, Document

SCOPES = {
    "space": ("active", "upcoming", "inbox", "logbook", "document", "all"),
    "daily": ("active", "upcoming", "inbox", "logbook"),
}
_BESIDE = ("completedAt", "canceledAt", "repeat")


class Task(NamedTuple):
    """A task and the document it is in, none for the inbox."""

    block: Block
    document: Document | None

    @property
    def info(self) -> dict[str, Any]:
        """Its state and days."""
        info: dict[str, Any] = self.block.fields["taskInfo"]
        return info

    def in_scope(self, scope: str, today: str) -> bool:
        """Whether a scope shows the task on a day; `document` is left to the caller."""
        is_open = self.info["state"] == "todo"
        day = self.info.get("scheduleDate") or self.info.get("deadlineDate")
        match scope:
            case "active":
                return is_open and day is not None and day <= today
            case "upcoming":
                return is_open and day is not None and day > today
            case "inbox":
                return is_open and self.document is None
            case "logbook":
                return not is_open and self.document is None
            case _:
                return True


def all_tasks(view: View, *, trashed: bool = False) -> Iterator[Task]:
    """Go through the tasks of the inbox and of the documents, by default outside the trash."""
    for block in view.space.inbox:
        yield Task(block, None)
    for document in view.documents(trashed=trashed):
        for block in walk(document.root):
            if "taskInfo" in block.fields:
                yield Task(block, document)


def task(row: Task, view: View, *, with_location: bool = True) -> Shape:
    """Write a task; what a block has inside `taskInfo` stands beside it here."""
    shape: Shape = {
        "id": row.block.id,
        "markdown": view.masked(row.block.text),
        "taskInfo": {name: value for name, value in row.info.items() if name not in _BESIDE},
    }
    if with_location:
        shape["location"] = _location(row.document)
    return shape | {name: row.info[name] for name in _BESIDE if name in row.info}


def _location(document: Document | None) -> Shape:
    if document is None:
        return {"type": "inbox"}
    if document.location == "daily_notes":
        return {"type": "dailyNote", "date": document.daily_note_date}
    return {"type": "document", "title": document.root.text, "documentId": document.id}
