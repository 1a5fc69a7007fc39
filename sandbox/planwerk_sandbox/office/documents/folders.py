"""The tree of folders: every project with its own, and those of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planwerk_sandbox.office.documents import wording
from planwerk_sandbox.office.documents.model import Folder

if TYPE_CHECKING:
    from planwerk_sandbox.office.documents.writer import Writer
    from planwerk_sandbox.office.facts import Facts


class Shelf(NamedTuple):
    """A folder that documents are filed in.

    Attributes:
        folder: Its id.
        kind: What is filed there, a key of `wording.TITLES`.
        project: The project it belongs to, empty for the office's own.
    """

    folder: str
    kind: str
    project: str


def add_folders(writer: Writer, facts: Facts) -> list[Shelf]:
    """Add all folders and return those that documents are filed in."""
    space = writer.space

    def add(name: str, parent: Folder | None = None) -> Folder:
        above = None if parent is None else parent.id
        return space.add_folder(Folder(id=writer.draw_id(), name=name, parent=above))

    top = add(wording.FOLDER_OF_PROJECTS)
    archive = add(wording.FOLDER_OF_ARCHIVED)
    shelves = []
    for project in facts.projects:
        is_archived = project in facts.archived
        own = add(project, archive if is_archived else top)
        shelves.append(Shelf(own.id, wording.NOTES, project))
        if is_archived:
            continue
        for name in wording.BELOW_PROJECTS:
            below = add(name, own)
            shelves.append(Shelf(below.id, name, project))
            if name == wording.MINUTES and project == facts.projects[0]:
                older = add(wording.LAST_YEAR, below)
                shelves.append(Shelf(older.id, name, project))
    office = add(wording.OTHER_FOLDERS[0])
    of_office = [office, *(add(name, office) for name in wording.OTHER_FOLDERS[1:])]
    shelves += [Shelf(folder.id, "office", "") for folder in of_office]
    shelves.append(Shelf(add(wording.FOLDER_OF_ENGLISH).id, "english", ""))
    add(wording.EMPTY_FOLDER)
    return shelves
