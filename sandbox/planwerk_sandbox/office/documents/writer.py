"""Writes blocks and documents into a space: their ids, their times, who wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from planwerk_sandbox.office import phrases
from planwerk_sandbox.office.dice import DAY, EPOCH, HISTORY, written
from planwerk_sandbox.office.documents import wording
from planwerk_sandbox.office.documents.model import Block, Comment, Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planwerk_sandbox.office.dice import Dice
    from planwerk_sandbox.office.documents.space import Space

_CHANGED_LATER = 0.25


class Writer:
    """Draws what people write; `begin` says into which time the next blocks fall."""

    def __init__(self, space: Space, dice: Dice) -> None:
        self.space = space
        self.dice = dice
        self._project = ""
        self._created, self._latest = 0, HISTORY
        self._author = space.people[0]

    def begin(self, created: int, latest: int, project: str = "") -> None:
        """Start a document.

        Args:
            created: The second it is made.
            latest: The second of its last change.
            project: The project it is about.
        """
        self._created, self._latest = created, latest
        self._project = project or self._project
        self._author = self.dice.one_of(self.space.people)

    def draw_id(self) -> str:
        """Draw an id in capital or small letters."""
        drawn = str(UUID(int=self.dice.random.getrandbits(128), version=4))
        return drawn.upper() if self.dice.chance(0.5) else drawn

    def fill(self, template: str) -> str:
        """Fill a wording in."""
        dice = self.dice
        return template.format(
            project=self._project,
            name=dice.one_of(self.space.people),
            trade=dice.one_of(phrases.TRADES),
            floor=dice.one_of(phrases.FLOORS),
            n=dice.number(2, 48),
            letter=dice.one_of("ABCDE"),
            week=dice.number(9, 24),
            day=dice.number(10, 28),
            kg=dice.number(10, 89),
            date=self.day(self._created),
        )

    def phrase(self, wordings: Sequence[str]) -> str:
        """Draw one of the wordings and fill it in."""
        return self.fill(self.dice.one_of(wordings))

    def day(self, second: int) -> str:
        """Write the day of a second of the office's history."""
        return written(second)[:10]

    def span(self, days: int = 700) -> tuple[int, int]:
        """Draw when a document was made, at most so many days ago, and when last changed."""
        created = self.dice.working_second(HISTORY - days * DAY, HISTORY - DAY)
        return created, self.dice.working_second(created, HISTORY)

    def block(
        self,
        text: str = "",
        content: Sequence[Block] = (),
        kind: str = "text",
        **fields: Any,  # noqa: ANN401  # members of many types
    ) -> Block:
        """Write a block of the document begun last."""
        made = self.dice.number(self._created, self._latest)
        changed = made
        if self.dice.chance(_CHANGED_LATER):
            changed = self.dice.number(made, self._latest)
        return Block(
            id=self.draw_id(),
            type=kind,
            text=text,
            fields=fields,
            content=list(content),
            created_at=written(made),
            modified_at=written(changed),
            created_by=self._author,
            modified_by=self._author if changed == made else self.dice.one_of(self.space.people),
        )

    def heading(self, text: str, level: int = 2) -> Block:
        """Write a heading."""
        return self.block(text, textStyle=f"h{level}")

    def bullet(self, text: str, indent: int = 0, style: str = "bullet") -> Block:
        """Write an item of a list."""
        block = self.block(text, listStyle=style)
        if indent:
            block.fields["indentationLevel"] = indent
        return block

    def media(self, kind: str, text: str = "", **fields: Any) -> Block:  # noqa: ANN401
        """Write a block with an uploaded file, which has no lasting address."""
        block = self.block(text, kind=kind, **fields)
        block.is_media = True
        return block

    def picture(self) -> Block:
        """Write a photo, sometimes without alternative text."""
        size = self.dice.number(40_000, 900_000)
        return self.media(
            "image",
            self.phrase(wording.PICTURES),
            uploaded=True,
            mimeType="image/jpeg",
            fileSize=size,
        )

    def file(self) -> Block:
        """Write an attached file."""
        name, mime = self.dice.one_of(wording.FILES)
        return self.media(
            "file",
            fileName=self.fill(name),
            uploaded=True,
            mimeType=mime,
            fileSize=self.dice.number(9_000, 400_000),
        )

    def task(self, text: str, state: str | None = None) -> Block:
        """Write a task; its days lie around the opening of the office."""
        dice = self.dice
        state = state or dice.random.choices(("todo", "done", "canceled"), (6, 3, 1))[0]
        info: dict[str, Any] = {"state": state}
        if dice.chance(0.6):
            info["scheduleDate"] = self.day(HISTORY + dice.number(-20, 20) * DAY)
        if dice.chance(0.4):
            info["deadlineDate"] = self.day(HISTORY + dice.number(-10, 30) * DAY)
        ended = written(dice.number(self._created, self._latest)).replace("Z", ".000Z")
        if state == "done":
            info["completedAt"] = ended
        if state == "canceled":
            info["canceledAt"] = ended
        return self.block(text, listStyle="task", taskInfo=info)

    def comment(self, block: Block) -> None:
        """Remark on a block."""
        block.comments.append(
            Comment(
                id=self.draw_id(),
                author=self.dice.one_of(self.space.people),
                content=self.phrase(wording.COMMENTS),
                created_at=written(self._latest),
            )
        )

    def document(self, title: str, content: Sequence[Block], **place: Any) -> Document:  # noqa: ANN401
        """Add a document with the span begun last.

        Args:
            title: Its title.
            content: Its blocks.
            place: Its folder, location, day and marks.
        """
        root = self.block(title, content, kind="page", textStyle="page")
        # Craft keeps the root's own time apart from the listing's, which edits inside move.
        root.created_at = root.modified_at = written(self._created)
        return self.space.add_document(
            Document(
                root=root,
                created_at=written(self._created),
                modified_at=written(self._latest),
                link_id=self.draw_id(),
                **place,
            )
        )


def german_day(day: int) -> str:
    """Write a day, counted from the start of the history, as daily notes are called."""
    date = EPOCH.date().fromordinal(EPOCH.date().toordinal() + day)
    weekday, month = wording.WEEKDAYS[date.weekday()], wording.MONTHS[date.month - 1]
    return f"{weekday}, {date.day}. {month} {date.year}"
