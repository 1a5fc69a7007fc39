"""What is in the documents of an office, by the kind of document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office.dice import DAY, HISTORY
from planwerk_sandbox.office.documents import wording
from planwerk_sandbox.office.documents.model import Schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.office.documents.model import Block, Document
    from planwerk_sandbox.office.documents.writer import Writer

Content = list["Block"]


def minutes(writer: Writer, before: Document | None = None) -> Content:
    """Write minutes, sometimes with a link to the minutes before."""
    dice = writer.dice
    present = ", ".join(dice.some_of(writer.space.people, dice.number(2, 5)))
    content = [writer.block(f"Teilnehmer: {present}"), writer.block("")]
    for number in range(1, dice.number(3, 5)):
        content += _agenda_item(writer, number)
    if dice.chance(0.4):
        content.append(callout(writer))
    if dice.chance(0.3):
        content.append(writer.file())
    if dice.chance(0.1):
        writer.comment(dice.one_of(content[3:]))
    if dice.chance(0.2):
        content += [writer.block(kind="line", lineStyle="regular"), attachment(writer)]
    if before is not None and dice.chance(0.2):
        # Links are written in any letter case.
        content.append(writer.block(f"Siehe [{before.root.text}](block://{before.id.swapcase()})."))
    return content


def _agenda_item(writer: Writer, number: int) -> Content:
    dice = writer.dice
    content = [writer.heading(f"TOP {number} {writer.phrase(wording.AGENDA)}")]
    for _ in range(dice.number(1, 3)):
        content.append(writer.bullet(writer.phrase(wording.POINTS)))
        if dice.chance(0.4):
            content.append(writer.bullet(writer.phrase(wording.SUBPOINTS), 1))
    if dice.chance(0.5):
        content.append(writer.task(writer.phrase(wording.TASKS)))
    if dice.chance(0.15):
        content.append(writer.picture())
    return content


def attachment(writer: Writer) -> Block:
    """Write a nested page as a card."""
    inside = [writer.block(writer.phrase(wording.PARAGRAPHS)) for _ in range(2)]
    title = writer.fill("Anlage: Mängelbegehung {floor}")
    return writer.block(title, inside, "page", textStyle="card", cardLayout="small")


def callout(writer: Writer) -> Block:
    """Write a callout, sometimes over two lines."""
    text = writer.phrase(wording.CALLOUTS)
    return writer.block(text, decorations=["callout"], color="#00ca85")


def defects(writer: Writer) -> Content:
    """Write a defect list: an introduction and a collection of defects."""
    dice = writer.dice
    rows = [defect(writer) for _ in range(dice.number(2, 7))]
    content = [writer.block(writer.fill("Begehung {project} am {date}, {floor}."))]
    content.append(defect_list(writer, rows))
    if dice.chance(0.4):
        content.append(writer.picture())
    if dice.chance(0.5):
        content.append(writer.task(writer.phrase(wording.TASKS)))
    return content


def defect_list(writer: Writer, rows: Content, title_key: str = "title") -> Block:
    """Write a collection with status, trades, deadline and costs."""
    block = writer.block("Mängelliste", rows, "collection")
    block.schema = Schema(
        key="maengel",
        title_key=title_key,
        title_name="Mangel",
        properties=[
            {
                "key": "status",
                "name": "Status",
                "type": "singleSelect",
                "options": [
                    {"name": "offen", "color": "red"},
                    {"name": "in Arbeit", "color": "yellow"},
                    {"name": "erledigt", "color": "mint-green"},
                ],
            },
            {
                "key": "gewerke",
                "name": "Gewerke",
                "type": "multiSelect",
                "options": [{"name": trade} for trade in wording.DEFECT_TRADES],
            },
            {"key": "frist", "name": "Frist", "type": "date"},
            {"key": "kosten", "name": "Kosten (€)", "type": "number"},
            {"key": "wesentlich", "name": "Wesentlich?", "type": "boolean"},
        ],
    )
    return block


def defect(writer: Writer) -> Block:
    """Write a defect; what is not known is left out, sometimes even the title."""
    dice = writer.dice
    properties: dict[str, Any] = {"status": dice.one_of(("offen", "in Arbeit", "erledigt"))}
    if dice.chance(0.7):
        properties["gewerke"] = dice.some_of(wording.DEFECT_TRADES, dice.number(1, 2))
    if dice.chance(0.6):
        properties["frist"] = writer.day(HISTORY + dice.number(-30, 60) * DAY)
    if dice.chance(0.3):
        properties["kosten"] = dice.number(1, 90) * 50
    if dice.chance(0.2):
        properties["wesentlich"] = True
    details = []
    if dice.chance(0.3):
        details.append(writer.block(dice.one_of(wording.DEFECT_DETAILS)))
    if dice.chance(0.1):
        details.append(writer.picture())
    title = "" if dice.chance(0.05) else writer.phrase(wording.DEFECT_TITLES)
    return writer.block(title, details, "collectionItem", properties=properties)


def notes(writer: Writer) -> Content:
    """Write notes: paragraphs with a quote, a table, a task or a link here and there."""
    dice = writer.dice
    content = [writer.block(writer.phrase(wording.PARAGRAPHS)) for _ in range(dice.number(1, 4))]
    if dice.chance(0.2):
        content.append(writer.block(writer.phrase(wording.SUBPOINTS), decorations=["quote"]))
    if dice.chance(0.2):
        content.append(cost_table(writer))
    if dice.chance(0.3):
        content.append(writer.task(writer.phrase(wording.TASKS)))
    if dice.chance(0.1):
        content.append(writer.picture())
        content.append(writer.block(writer.fill("Foto {floor}, {date}"), textStyle="caption"))
    if dice.chance(0.1):
        content += [writer.bullet(writer.phrase(wording.POINTS), style="numbered") for _ in "123"]
    return content


def cost_table(writer: Writer) -> Block:
    """Write a table of cost groups."""
    rows = [["KG", "Bezeichnung", "Kosten"]]
    rows += [[writer.fill("4{kg}"), writer.fill("{trade} {floor}"), writer.fill("{n}.000 €")]]
    rows += [[writer.fill("4{kg}"), writer.fill("{trade} {floor}"), ""]]
    return writer.block(kind="table", rows=rows)


def addendum(writer: Writer) -> Content:
    """Write the examination of an addendum."""
    rows = [["Pos.", "Leistung", "€ netto"]]
    rows += [[writer.fill(cell) for cell in row] for row in wording.ADDENDUM_ROWS]
    content = [
        writer.heading("Prüfung", 3),
        writer.block(kind="table", rows=rows),
        writer.block(writer.phrase(wording.PARAGRAPHS)),
    ]
    if writer.dice.chance(0.5):
        content.append(writer.file())
    return content


def acceptance(writer: Writer) -> Content:
    """Write a check list."""
    return [writer.task(writer.fill(check)) for check in wording.CHECKS]


def english(writer: Writer) -> Content:
    """Write notes in English."""
    wordings = wording.ENGLISH_PARAGRAPHS
    return [writer.bullet(writer.phrase(wordings)) for _ in range(writer.dice.number(2, 5))]


def template(writer: Writer) -> Content:
    """Write what a new document starts with."""
    return [writer.heading(point) for point in ("Teilnehmer", "TOP 1", "Termine")]


def daily(writer: Writer) -> Content:
    """Write the notes of a day."""
    dice = writer.dice
    content = [writer.bullet(writer.phrase(wording.PARAGRAPHS)) for _ in range(dice.number(1, 3))]
    content += [writer.task(writer.phrase(wording.TASKS)) for _ in range(dice.number(0, 3))]
    if dice.chance(0.1):
        content.append(writer.picture())
    if dice.chance(0.05):
        content.append(defect_list(writer, [defect(writer) for _ in range(2)]))
    return content


BY_KIND: dict[str, Callable[[Writer], Content]] = {
    wording.DEFECTS: defects,
    wording.NOTES: notes,
    wording.ADDENDA: addendum,
    wording.ACCEPTANCE: acceptance,
    "office": notes,
    "english": english,
    "template": template,
}
"""What is in a document by what it is filed as; minutes know the ones before them."""
