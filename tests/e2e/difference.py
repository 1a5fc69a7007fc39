"""One difference between the warehouse and the truth."""

from typing import Any, NamedTuple


class Difference(NamedTuple):
    """What is not as it should be.

    `what` is `missing` or `too many`, for a whole row, or the name of a column. `row` is the row of
    the truth, if there is one.
    """

    stream: str
    id: Any
    what: str
    found: Any = None
    wanted: Any = None
    row: dict[str, Any] | None = None

    def __str__(self):
        where = f"{self.stream} {self.id}: {self.what}"
        if self.what in ("missing", "too many"):
            return where
        return f"{where} is {self.found!r:.300}, should be {self.wanted!r:.300}"
