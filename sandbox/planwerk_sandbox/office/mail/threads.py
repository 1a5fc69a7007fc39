"""One conversation after the other: who takes part, when they write, what is attached."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.clock import OPENING
from planwerk_sandbox.office.dice import DAY, EPOCH
from planwerk_sandbox.office.mail import wording
from planwerk_sandbox.office.mail.letters import filled
from planwerk_sandbox.office.mail.model import (
    FLAG,
    Attachment,
    Comment,
    Conversation,
    ConversationTask,
    Message,
    Party,
    Post,
    Thread,
)
from planwerk_sandbox.office.mail.people import draw_id

if TYPE_CHECKING:
    from planwerk_sandbox.office.dice import Dice
    from planwerk_sandbox.office.facts import Facts
    from planwerk_sandbox.office.mail.mail import Mail

FIRST = int(EPOCH.replace(tzinfo=timezone.utc).timestamp())
LAST = int(OPENING.timestamp()) - 600
"""Nothing is older than `FIRST` or newer than `LAST`."""


class ThreadWriter:
    """Draws conversations; keeps what the drawing needs at hand."""

    def __init__(
        self,
        mail: Mail,
        dice: Dice,
        facts: Facts,
        labels: dict[str, list[str]],
        partners: list[Party],
    ) -> None:
        self.mail, self.dice, self.projects = mail, dice, facts.projects
        self.labels, self.partners = labels, partners
        colleagues = [u for u in mail.users.values() if not u.left and u.id != mail.owner]
        self.colleagues = [Party(u.name, u.email, user_id=u.id) for u in colleagues]
        self.former = next(u for u in mail.users.values() if u.left)
        self.organizations = list(mail.rows("organizations"))
        self.teams = list(mail.rows("teams"))
        self._threads = 0x2417_0000

    def second(self, low: int = FIRST, high: int = LAST) -> int:
        """Draw a second, in working hours where the span allows it."""
        return FIRST + self.dice.working_second(low - FIRST, high - FIRST)

    def later(self, moment: int, most: int) -> int:
        """Draw a second within `most` seconds after a moment, before `LAST`."""
        return moment + self.dice.number(0, max(min(most, LAST - moment), 0))

    def thread(self, channel: str = "email") -> Thread:
        """Draw an exchange between people outside and colleagues about one project."""
        dice = self.dice
        self._threads += 1
        project = dice.one_of(self.projects)
        inside = dice.some_of(self.colleagues, dice.number(1, 3))
        outside: list[Party] = dice.some_of(self.partners, dice.number(1, 3))
        english = dice.chance(0.2)
        if channel != "email":
            phone = f"+49151{dice.number(1_000_000, 9_999_999)}"
            outside = [Party(outside[0].name, None, outside[0].phone or phone)]
        pool = wording.ENGLISH_SUBJECTS if english else wording.GERMAN_SUBJECTS
        subject = filled(dice.one_of(pool), dice.random, project) if channel == "email" else None
        return Thread(self._threads, channel, english, subject, project, (*outside, *inside))

    def conversation(self, started: int, thread: Thread | None) -> Conversation:
        """Add a conversation with its users, team and labels, still without content."""
        dice = self.dice
        private = dice.chance(0.08)
        row = Conversation(
            id=draw_id(dice),
            created_at=started,
            last_activity_at=started,
            subject=f"{dice.one_of(self.projects)} – Bauleitung" if dice.chance(0.07) else None,  # noqa: RUF001
            color=dice.one_of(("#D84640", "good", "warning", "danger"))
            if dice.chance(0.05)
            else None,
            organization=None if private else self.organizations[int(dice.chance(0.03))],
            team=None if private or dice.chance(0.5) else dice.one_of(self.teams),
            labels=self._labels(thread),
        )
        self._seat(row, thread)
        added: Conversation = self.mail.add("conversations", row)
        return added

    def _labels(self, thread: Thread | None) -> list[str]:
        dice, labels = self.dice, self.labels
        drawn: list[str] = []
        if thread is not None and dice.chance(0.65):
            own = labels["project"][self.projects.index(thread.project)]
            drawn.append(own)
            if dice.chance(0.15):
                drawn += dice.some_of(labels.get(f"below {own}", []), 1)
        for group, share in (("cost", 0.45), ("place", 0.3), ("kind", 0.3), ("other", 0.15)):
            if dice.chance(share):
                drawn.append(dice.one_of(labels[group]))
        if dice.chance(0.01):
            drawn += labels["hidden"]
        return drawn

    def _seat(self, row: Conversation, thread: Thread | None) -> None:
        dice = self.dice
        involved = [p.user_id for p in thread.cast if p.user_id] if thread else []
        involved += [str(p.user_id) for p in dice.some_of(self.colleagues, dice.number(1, 3))]
        common = FLAG["closed"] if dice.chance(0.45) else 0
        assigned = set(dice.some_of(involved, dice.number(1, 2))) if dice.chance(0.3) else set()
        if row.team and not assigned:
            common |= FLAG["unassigned"]
        for user in dict.fromkeys([self.mail.owner, *involved]):
            flags = common
            if dice.chance(0.6):
                flags |= FLAG["archived"]
            if user in assigned:
                flags |= FLAG["assigned"]
            if dice.chance(0.03):
                flags |= FLAG["flagged"]
            if dice.chance(0.02):
                flags |= FLAG["snoozed"]
            row.seats[user] = flags

    def messages(self, row: Conversation, thread: Thread, count: int, until: int = LAST) -> None:
        """Write the next messages of a thread into a conversation."""
        dice = self.dice
        moment = row.last_activity_at
        first = len(row.messages)
        for position in range(first, first + count):
            if position:
                room = max((until - moment) // (first + count - position), 1)
                moment += dice.number(1, min(room, 4 * DAY))
            self.message(row, thread, position, moment)
        row.last_activity_at = max(row.last_activity_at, moment)

    def message(self, row: Conversation, thread: Thread, position: int, moment: int) -> Message:
        """Write one message."""
        dice = self.dice
        outside = position % 2 == 0 if thread.number % 5 else position % 2 == 1
        sides = [p for p in thread.cast if (p.user_id is None) == outside]
        recorded = moment + dice.number(1, 9)
        message = Message(
            id=draw_id(dice),
            conversation=row,
            thread=thread,
            position=position,
            seed=dice.random.getrandbits(48),
            sender=dice.one_of(sides),
            delivered_at=moment,
            created_at=recorded,
            updated_at=self.later(recorded, DAY) if dice.chance(0.03) else recorded,
            long=thread.channel == "email" and dice.chance(0.001),
            redacted=dice.chance(0.01),
        )
        if dice.chance(0.22) and thread.channel == "email":
            message.attachments = tuple(
                self.file(thread) for _ in range(dice.one_of((1, 1, 1, 2, 3)))
            )
        if dice.chance(0.12) and thread.channel == "email":
            message.attachments += (self._logo(),)
        added: Message = self.mail.add("messages", message)
        return added

    def file(self, thread: Thread) -> Attachment:
        """Draw a file about the project of a thread."""
        dice = self.dice
        name, media, sub = dice.one_of(wording.FILES)
        picture = sub == "jpeg"
        return Attachment(
            id=draw_id(dice),
            filename=filled(name, dice.random, thread.project),
            media_type=media,
            sub_type=sub,
            size=dice.number(400, 24_000),
            width=1_600 if picture else None,
            height=1_200 if picture else None,
        )

    def _logo(self) -> Attachment:
        dice = self.dice
        return Attachment(
            id=draw_id(dice),
            filename=f"image{dice.number(1, 9):03}.png",
            media_type="image",
            sub_type="png",
            size=dice.number(200, 3_000),
            width=160,
            height=48,
            inline=True,
        )

    def comments(self, row: Conversation, count: int, *, at_once: bool = False) -> None:
        """Write chat lines, one after the other or all in one second."""
        moment = row.last_activity_at
        for _ in range(count):
            if not at_once:
                moment = self.later(moment, 2 * DAY)
            self._comment(row, moment)
        row.last_activity_at = max(row.last_activity_at, moment)

    def _comment(self, row: Conversation, moment: int) -> Comment:
        dice = self.dice
        author = str(dice.one_of(self.colleagues).user_id)
        comment = Comment(
            id=draw_id(dice),
            conversation=row,
            created_at=moment,
            body=filled(dice.one_of(wording.COMMENTS), dice.random, dice.one_of(self.projects)),
            author=author,
        )
        self._mention(comment)
        drawn = dice.random.random()
        if drawn < 0.01:  # noqa: PLR2004  # shares of all comments
            comment.author = None
        elif drawn < 0.03:  # noqa: PLR2004
            comment.author = self.former.id
        elif drawn < 0.04:  # noqa: PLR2004
            comment.author = self.mail.owner
        elif drawn < 0.09:  # noqa: PLR2004
            comment.body, comment.mentions = None, []
            comment.attachment = self.file(
                row.messages[0].thread if row.messages else self.thread()
            )
        elif drawn < 0.14:  # noqa: PLR2004
            comment.task = self.task(row, moment).id
        added: Comment = self.mail.add("comments", comment)
        return added

    def _mention(self, comment: Comment) -> None:
        """Put a mention before the text, in the form of the sheet or, rarely, in the older one."""
        dice = self.dice
        if not dice.chance(0.15):
            return
        user = self.former if dice.chance(0.05) else None
        name = user.name if user else (dice.one_of(self.colleagues).name or "")
        user_id = user.id if user else next(p.user_id for p in self.colleagues if p.name == name)
        comment.body = f"@{name} {comment.body}"
        span = len(name) + 1
        mention: dict[str, Any] = {"id": user_id, "index": 0, "length": span}
        if dice.chance(0.1):
            mention = {"user_id": user_id, "offset": 0, "length": span}
        comment.mentions = [mention]

    def task(self, row: Conversation | None, moment: int) -> ConversationTask:
        """Add a task of a conversation, or of nobody's."""
        dice = self.dice
        state = dice.one_of(("todo", "todo", "in_progress", "closed"))
        last = self.second(moment, LAST) if dice.chance(0.5) else moment
        task = ConversationTask(
            id=draw_id(dice),
            conversation=row,
            title=filled(dice.one_of(wording.TASKS), dice.random, dice.one_of(self.projects)),
            state="closed" if state == "closed" else "todo",
            type="conversation" if row is not None and dice.chance(0.1) else "task",
            assignees=[str(p.user_id) for p in dice.some_of(self.colleagues, dice.number(0, 2))],
            team=dice.one_of(self.teams) if dice.chance(0.3) else None,
            due_at=moment + dice.number(1, 40) * DAY if dice.chance(0.6) else None,
            last_activity_at=last,
        )
        if state == "in_progress":
            task.state, task.started_at = "in_progress", last
        if task.state == "closed":
            task.closed_at = last
        added: ConversationTask = self.mail.add("conversation_tasks", task)
        return added

    def draft(self, row: Conversation, thread: Thread) -> Message:
        """Leave an unsent answer."""
        dice = self.dice
        written = self.later(row.last_activity_at, DAY)
        draft = Message(
            id=draw_id(dice),
            conversation=row,
            thread=thread,
            position=len(row.messages),
            seed=dice.random.getrandbits(48),
            sender=next(p for p in thread.cast if p.user_id),
            delivered_at=None,
            created_at=written,
            updated_at=written,
        )
        added: Message = self.mail.add("drafts", draft)
        return added

    def post(self, row: Conversation) -> Post:
        """Leave an entry of an integration."""
        post = Post(
            id=draw_id(self.dice),
            conversation=row,
            created_at=row.last_activity_at,
            username="Telefonanlage",
            notification={"title": "Anruf", "body": "Verpasster Anruf von der Baustelle"},
            attachments=[{"color": "#2f8de4", "text": "Dauer 0:00", "fields": []}],
        )
        added: Post = self.mail.add("posts", post)
        return added
