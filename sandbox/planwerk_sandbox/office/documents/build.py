"""Build the documents of an office from a seed and a scale, when somebody first looks at them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planwerk_sandbox.office.dice import Dice
from planwerk_sandbox.office.documents import filing, specimens
from planwerk_sandbox.office.documents.folders import add_folders
from planwerk_sandbox.office.documents.space import Space
from planwerk_sandbox.office.documents.writer import Writer
from planwerk_sandbox.office.facts import Facts

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office

_DOCUMENTS, _FEWEST = 330, 24


class LazySpace:
    """The documents of an office, built at first use from what it was at the beginning."""

    def __init__(self, office: Office, seed: int, scale: float) -> None:
        self.clock = office.clock
        self._facts = Facts.of(office)
        self._seed = seed
        self._scale = scale

    @cached_property
    def space(self) -> Space:
        """The space itself; the same seed and scale give the same documents everywhere.

        A scale of 1.0 is about 400 documents; folders grow with the projects.
        """
        # Another generator than those of office and mail, so that none moves the other's rows.
        dice = Dice(self._seed + 0x00C4_AF70)
        people = [name for name, _ in self._facts.colleagues]
        space = Space(self.clock, name=self._facts.firm, people=people)
        writer = Writer(space, dice)
        space.id = writer.draw_id().lower()
        count = max(round(_DOCUMENTS * self._scale), _FEWEST)
        shelves = add_folders(writer, self._facts)
        filing.add_filed(writer, shelves, count)
        filing.add_elsewhere(writer, shelves, count)
        filing.add_daily_notes(writer, count)
        specimens.add_specimens(writer, shelves)
        filing.add_inbox(writer)
        filing.add_links(writer, shelves)
        return space
