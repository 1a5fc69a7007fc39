"""What a message says: recipients, subject and body, written anew from its seed each time.

The idea: a big office has gigabytes of mail; only what is asked for is ever written.
"""

from __future__ import annotations

import html
import random
import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from planwerk_sandbox.office import phrases
from planwerk_sandbox.office.mail import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planwerk_sandbox.office.mail.model import Message, Party

T = TypeVar("T")

_LONG_ROWS = 1_400
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)[^>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_PREVIEW_CHARACTERS = 130


class Letter(NamedTuple):
    """The drawn part of a message."""

    to: list[Party]
    cc: list[Party]
    bcc: list[Party]
    reply_to: list[Party]
    shouted: bool
    body: str


def filled(text: str, chance: random.Random, project: str) -> str:
    """Put project, floor, numbers and trade into a phrase."""
    if "{" not in text:
        return text
    return text.format(
        project=project,
        floor=_one(chance, phrases.FLOORS),
        n=1 + int(chance.random() * 28),
        kg=10 + int(chance.random() * 80),
        week=1 + int(chance.random() * 52),
        letter=_one(chance, "ABCDEF"),
        trade=_one(chance, wording.TRADES),
    )


def subject(message: Message) -> str | None:
    """Return the subject of a message, with the prefix its place in the thread gives it."""
    its = message.thread
    if its.subject is None or message.position == 0:
        return its.subject
    if message.seed % 19 == 0:
        return f"{'FW' if its.english else 'WG'}: {its.subject}"
    return f"{'Re' if its.english else 'AW'}: {its.subject}"


def email_id(message: Message, position: int | None = None) -> str:
    """Return the Message-ID of a mail, or of another place in its thread."""
    place = message.position if position is None else position
    return f"<{message.thread.number:x}.{place}@mail.planwerk.example>"


def write(message: Message) -> Letter:
    """Write the drawn part of a message."""
    chance = random.Random(message.seed)  # noqa: S311  # reproducible, not secret
    others = [party for party in message.thread.cast if party != message.sender]
    chance.shuffle(others)
    to, rest = others[: 1 + _happens(chance, 0.25)], others[2:]
    cc = rest[: int(chance.random() * 3)]
    bcc = rest[-1:] if message.sender.user_id and _happens(chance, 0.05) else []
    reply_to = [message.sender] if _happens(chance, 0.04) else []
    shouted = _happens(chance, 0.04)
    if message.thread.channel != "email":
        text = filled(_one(chance, wording.TEXT_MESSAGES), chance, message.thread.project)
        return Letter(to, [], [], [], shouted, text)
    return Letter(to, cc, bcc, reply_to, shouted, _mail(message, to, chance))


def plain(body: str) -> str:
    """Return the words of a body in one line."""
    text = _MARKUP.sub("", _BREAK.sub(" ", body[:20_000]))
    return _SPACE.sub(" ", html.unescape(text).replace("\xa0", " ")).strip()


def preview(body: str) -> str:
    """Return the start of a body as plain text."""
    return plain(body)[:_PREVIEW_CHARACTERS]


def _mail(message: Message, to: Sequence[Party], chance: random.Random) -> str:
    its = message.thread
    pool = wording.ENGLISH if its.english else wording.GERMAN
    greetings = wording.ENGLISH_GREETINGS if its.english else wording.GERMAN_GREETINGS
    closings = wording.ENGLISH_CLOSINGS if its.english else wording.GERMAN_CLOSINGS
    name = to[0].name if to and to[0].name else "Team"
    greeting = _one(chance, greetings).format(name=name)
    said = [
        filled(_one(chance, pool), chance, its.project) for _ in range(1 + int(chance.random() * 4))
    ]
    if not its.english and _happens(chance, 0.3):
        said[0] = said[0].replace("ü", "u\u0308")  # as some phones write an umlaut
    paragraphs = [html.escape(text, quote=False) for text in (greeting, *said)]
    closing = _one(chance, closings)
    style = _one(chance, _STYLES)
    extra = _extra(message, chance)
    body = style(paragraphs, extra, closing, message.sender)
    for file in message.attachments:
        if file.inline:
            body += f'<img style="max-width: 100%" data-missive-attachment-id="{file.id}">'
    if message.position and _happens(chance, 0.8):
        body += _quoted(message, chance)
    return body


def _extra(message: Message, chance: random.Random) -> str:
    """Return a table, a list or a link that some mails contain."""
    if message.long:
        return _table(chance, _LONG_ROWS)
    if _happens(chance, 0.06):
        return _table(chance, 4)
    if _happens(chance, 0.06):
        items = (
            html.escape(filled(_one(chance, wording.TASKS), chance, message.thread.project))
            for _ in range(3)
        )
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    if _happens(chance, 0.06):
        return '<p><a href="https://planraum.example/x?id=7&amp;v=2">Planraum &ouml;ffnen</a></p>'
    return ""


def _table(chance: random.Random, rows: int) -> str:
    lines = "".join(
        f"<tr><td>{1 + number}.&nbsp;</td><td>KG {400 + int(chance.random() * 90)}"
        f"</td><td align=right>{int(chance.random() * 9000)},00&nbsp;&euro;</td></tr>"
        for number in range(rows)
    )
    return f'<table border="0" cellpadding="2"><tbody>{lines}</tbody></table>'


def _outlook(paragraphs: list[str], extra: str, closing: str, sender: Party) -> str:
    text = "".join(f'<p class="MsoNormal">{text}<o:p></o:p></p>' for text in paragraphs)
    gap = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
    return (
        "<style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt} --></style>"
        f'<div class="WordSection1">{text}{extra}{gap}'
        f'<p class="MsoNormal">{closing}<br>{_signature(sender)}</p></div>'
    )


def _apple(paragraphs: list[str], extra: str, closing: str, sender: Party) -> str:
    text = "<div><br></div>".join(f"<div>{text}</div>" for text in paragraphs)
    return f"{text}{extra}<div><br></div><div>{closing}</div><div>{_signature(sender)}</div>"


def _thunderbird(paragraphs: list[str], extra: str, closing: str, sender: Party) -> str:
    text = "".join(f"<p>{text}</p>\r\n" for text in paragraphs)
    return (
        f'{text}{extra}<p>{closing}</p><div class="moz-signature">-- <br>{_signature(sender)}</div>'
    )


def _gmail(paragraphs: list[str], extra: str, closing: str, sender: Party) -> str:
    text = "<br><br>".join(paragraphs)
    return f'<div dir="ltr">{text}{extra}<br><br>{closing}<br>{_signature(sender)}</div>'


_STYLES = (_outlook, _apple, _thunderbird, _gmail)


def _signature(sender: Party) -> str:
    name = html.escape(sender.name or "", quote=False)
    address = html.escape(sender.address or "", quote=False)
    return (
        f'{name}<br>Tel.&nbsp;+49&nbsp;5121&nbsp;0000<br><a href="mailto:{address}">{address}</a>'
    )


def _quoted(message: Message, chance: random.Random) -> str:
    its = message.thread
    asker = html.escape(_one(chance, its.cast).name or "?", quote=False)
    pool = wording.ENGLISH if its.english else wording.GERMAN
    said = html.escape(filled(_one(chance, pool), chance, its.project), quote=False)
    about = html.escape(its.subject or "", quote=False)
    if _happens(chance, 0.5):
        return (
            '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> '
            f"{asker}<br><b>Betreff:</b> {about}</p></div><p>{said}</p>"
        )
    return (
        f'<div class="gmail_quote">{asker} wrote:<br><blockquote type="cite" '
        f'style="margin:0 0 0 .8ex">{said}<br>&gt; {about}</blockquote></div>'
    )


def _happens(chance: random.Random, share: float) -> bool:
    return chance.random() < share


def _one(chance: random.Random, options: Sequence[T]) -> T:
    return options[int(chance.random() * len(options))]
