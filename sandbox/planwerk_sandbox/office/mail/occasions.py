"""Which conversations an office has: everyday ones, and the cases that a tap must survive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office.dice import DAY
from planwerk_sandbox.office.mail.mail import MESSAGES_PER_CONVERSATION
from planwerk_sandbox.office.mail.model import FLAG, Attachment, Comment, Message
from planwerk_sandbox.office.mail.people import draw_id
from planwerk_sandbox.office.mail.threads import LAST

if TYPE_CHECKING:
    from planwerk_sandbox.office.mail.model import Conversation
    from planwerk_sandbox.office.mail.threads import ThreadWriter

IMPORT_SECOND = LAST - 40 * DAY
"""The one second in which an import touched more conversations than a page holds."""

_IMPORTED = 120
_MESSAGES = (
    (0, 5),
    *((1, 36), (2, 17), (3, 12), (4, 9), (5, 5), (6, 4), (7, 3), (8, 2)),
    *((9, 1), (10, 1.2), (11, 1.2), (14, 1.5), (19, 1), (20, 1.2), (28, 1), (45, 0.6)),
)
_COMMENTS = (1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 11, 14, 19, 20)
_COMMENTS_AT_ONCE = 62
_MALFORMED_ID = "3e55a9e0-0000-4000-8000-00000000O1ß"
"""Published samples hold ids that are no UUID."""


def add_everyday(writer: ThreadWriter, count: int) -> None:
    """Add conversations of every usual kind."""
    dice = writer.dice
    lengths, weights = zip(*_MESSAGES, strict=True)
    imported = min(_IMPORTED, round(count * 0.4))
    for index, length in enumerate(dice.random.choices(lengths, weights, k=count)):
        is_import = index < imported
        drawn = dice.random.random()
        channel = "sms" if drawn < 0.02 else "custom_text" if drawn < 0.03 else "email"  # noqa: PLR2004
        latest = IMPORT_SECOND if is_import else LAST
        thread = writer.thread(channel)
        row = writer.conversation(writer.second(high=latest - DAY), thread if length else None)
        writer.messages(row, thread, length, latest)
        if is_import:
            _import(row)
            continue
        if length == 0 or dice.chance(0.21):
            writer.comments(row, dice.one_of(_COMMENTS))
        if dice.chance(0.12):
            writer.task(row, row.last_activity_at)
        if length and dice.chance(0.03):
            writer.draft(row, thread)
        if dice.chance(0.01):
            writer.post(row)
        if dice.chance(0.3):
            row.last_activity_at = writer.later(row.last_activity_at, 5 * DAY)
        _hide(writer, row)


def _import(row: Conversation) -> None:
    for message in row.messages:
        message.created_at = message.updated_at = IMPORT_SECOND
    row.created_at = row.last_activity_at = IMPORT_SECOND


def _hide(writer: ThreadWriter, row: Conversation) -> None:
    """Trash a few conversations, mark a few as spam, let the seat be a guest of a few."""
    owner, drawn = writer.mail.owner, writer.dice.random.random()
    if drawn < 0.02:  # noqa: PLR2004  # shares of all conversations
        row.seats[owner] |= FLAG["trashed"]
    elif drawn < 0.04:  # noqa: PLR2004
        for user in row.seats:
            row.seats[user] |= FLAG["trashed"]
    elif drawn < 0.06:  # noqa: PLR2004
        for user in row.seats:
            row.seats[user] |= FLAG["junked"]
    elif drawn < 0.07:  # noqa: PLR2004
        row.access = "guest"
        del row.seats[owner]


def add_special(writer: ThreadWriter, count: int) -> None:
    """Add one of each rare case, however small the office is."""
    _long_thread(writer, MESSAGES_PER_CONVERSATION if count >= 700 else 45)  # noqa: PLR2004
    _chat_in_one_second(writer)
    for _ in range(3):
        _mail_in_two_accounts(writer)
        _merged(writer)
        writer.task(None, writer.second())
    for channel in ("sms", "custom_text"):
        thread = writer.thread(channel)
        writer.messages(writer.conversation(writer.second(high=LAST - DAY), thread), thread, 3)
    _each_kind_of_hiding(writer)
    _odd_rows(writer)


def _long_thread(writer: ThreadWriter, length: int) -> None:
    """Fill one conversation and continue its thread in another."""
    thread = writer.thread()
    full = writer.conversation(LAST - 300 * DAY, thread)
    writer.messages(full, thread, length, LAST - 60 * DAY)
    continued = writer.conversation(full.last_activity_at + DAY, thread)
    moment = continued.last_activity_at
    for position in range(length, length + 23):
        moment += writer.dice.number(60, DAY)
        writer.message(continued, thread, position, moment)
    continued.last_activity_at = moment


def _chat_in_one_second(writer: ThreadWriter) -> None:
    row = writer.conversation(LAST - 90 * DAY, None)
    row.organization = row.team = row.subject = None
    writer.comments(row, 3)
    writer.comments(row, _COMMENTS_AT_ONCE, at_once=True)
    writer.comments(row, 2)


def _mail_in_two_accounts(writer: ThreadWriter) -> None:
    """File the first mail of a thread in a second conversation as well."""
    thread = writer.thread()
    row = writer.conversation(writer.second(high=LAST - 30 * DAY), thread)
    writer.messages(row, thread, 2)
    first = row.messages[0]
    other = writer.conversation(row.created_at, thread)
    writer.mail.add(
        "messages",
        Message(
            id=draw_id(writer.dice),
            conversation=other,
            thread=thread,
            position=0,
            seed=first.seed,
            sender=first.sender,
            delivered_at=first.delivered_at,
            created_at=first.created_at,
            updated_at=first.created_at,
        ),
    )


def _merged(writer: ThreadWriter) -> None:
    kept, other = writer.thread(), writer.thread()
    target = writer.conversation(writer.second(high=LAST - 30 * DAY), kept)
    source = writer.conversation(target.created_at, other)
    writer.messages(target, kept, 2)
    writer.messages(source, other, 1)
    writer.comments(source, 1)
    writer.mail.move_all(source, target)
    target.last_activity_at = max(target.last_activity_at, source.last_activity_at)
    source.merged_into = target.id


def _each_kind_of_hiding(writer: ThreadWriter) -> None:
    """Make sure that trash, spam and guests exist in a small office too."""
    for hiding in ("trashed for me", "trashed", "junked", "guest"):
        thread = writer.thread()
        row = writer.conversation(writer.second(high=LAST - 30 * DAY), thread)
        writer.messages(row, thread, 2)
        writer.comments(row, 1)
        if hiding == "guest":
            row.access = "guest"
            del row.seats[writer.mail.owner]
            continue
        flag, _, mine = hiding.partition(" for ")
        for user in [writer.mail.owner] if mine else list(row.seats):
            row.seats[user] |= FLAG[flag]


def _odd_rows(writer: ThreadWriter) -> None:
    """Add a redacted and a huge mail, a file without a name, an odd id, a label of delegates."""
    thread = writer.thread()
    row = writer.conversation(writer.second(high=LAST - 30 * DAY), thread)
    row.labels += [label for label in writer.labels["hidden"] if label not in row.labels]
    writer.messages(row, thread, 3)
    writer.draft(row, thread)
    writer.post(row)
    redacted, huge, nameless = row.messages
    redacted.redacted, huge.long = True, True
    nameless.redacted = False
    file = Attachment(
        id=draw_id(writer.dice), filename=None, media_type="message", sub_type="rfc822", size=2_048
    )
    nameless.attachments += (file,)
    writer.mail.keep_files([file])
    _odd_comments(writer, row)


def _odd_comments(writer: ThreadWriter, row: Conversation) -> None:
    """Add comments by nobody, by somebody who left and by the seat itself, and a mentioned team."""
    odd: tuple[tuple[str | None, str | None], ...] = (
        (None, None),
        (None, writer.former.id),
        (None, writer.mail.owner),
        (_MALFORMED_ID, str(writer.colleagues[0].user_id)),
    )
    for row_id, author in odd:
        comment = Comment(
            id=row_id or draw_id(writer.dice),
            conversation=row,
            created_at=row.last_activity_at,
            body="Team, bitte lesen",
            author=author,
            mentions=[{"team_id": writer.teams[0], "offset": 0, "length": 4}],
        )
        writer.mail.add("comments", comment)
