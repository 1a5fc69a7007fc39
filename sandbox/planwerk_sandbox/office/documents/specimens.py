"""Documents that every tap must survive: all kinds of blocks, empty, untitled, nested, broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.office.documents import content, wording

if TYPE_CHECKING:
    from planwerk_sandbox.office.documents.folders import Shelf
    from planwerk_sandbox.office.documents.model import Block
    from planwerk_sandbox.office.documents.writer import Writer

ALL_BLOCKS = "Musterdokument: alle Blockarten 🧱"
NESTED = "Verschachtelte Seiten"
BROKEN = "Defektes Dokument"
LONGEST_TITLE = 5_000

_CODE = 'def kosten(gruppe: int) -> float:\n    """KG 400."""\n    return 4.0 * gruppe'
_REPEAT = {
    "type": "fixed",
    "frequency": "weekly",
    "interval": 1,
    "startDate": "2026-03-02",
    "weekly": {"days": ["monday"]},
    "reminder": {"enabled": True, "dateOffset": -30},
}


def add_specimens(writer: Writer, shelves: list[Shelf]) -> None:
    """Add one document of each rare kind, the first ones to the first project."""
    own = {"folder": shelves[0].folder}
    for title, blocks in (
        (ALL_BLOCKS, all_blocks),
        (NESTED, _nested),
        ("Leeres Dokument", _nothing),
        ("", _one_line),
        ("", _nothing),
        ("🏗️👷‍♀️ Ärger mit „Übergabe“ & <Größe> | 5 % 🧯", _one_line),
        ("Sehr langer Titel " * (LONGEST_TITLE // 18 + 1), _one_line),
    ):
        _begin(writer)
        writer.document(title[:LONGEST_TITLE].rstrip(), blocks(writer), **own)
    _begin(writer)
    writer.document(BROKEN, _one_line(writer), broken=True, location="unsorted")
    _begin(writer)
    # Links of old had short ids.
    old = writer.document("Alte Notiz", (), location="unsorted")
    del writer.space.documents[old.id.lower()]
    writer.space.forget(old.root)
    old.root.id = "417"
    writer.space.add_document(old)


def _begin(writer: Writer) -> None:
    created, latest = writer.span(300)
    writer.begin(created, latest)


def _nothing(_: Writer) -> list[Block]:
    return []


def _one_line(writer: Writer) -> list[Block]:
    return [writer.block(writer.phrase(wording.PARAGRAPHS))]


def _nested(writer: Writer) -> list[Block]:
    """Write pages in pages, with text after each of them."""
    deepest = writer.block("Ebene 3", [writer.block("Ganz unten: KG 444")], "page")
    middle = writer.block(
        "Ebene 2",
        [writer.block("Vor Ebene 3"), deepest, writer.block("Nach Ebene 3")],
        "page",
        textStyle="card",
        cardLayout="regular",
    )
    first = writer.block("Ebene 1", [middle, writer.block("Nach Ebene 2")], "page")
    return [writer.block("Vor Ebene 1"), first, writer.block("Nach Ebene 1"), writer.picture()]


def all_blocks(writer: Writer) -> list[Block]:
    """Write every kind of block with every member the API knows."""
    commented = writer.block("Die Luftmenge beträgt 1.200 m³/h.")
    writer.comment(commented)
    writer.comment(commented)
    repeating = writer.task("Wochenbericht schreiben", "todo")
    repeating.fields["taskInfo"] = {
        "state": "todo",
        "scheduleDate": "2026-03-09",
        "repeat": _REPEAT,
    }
    whole_page = [writer.block("Bis zum Ende."), writer.task("Aufgabe in einer Zeile", "done")]
    row = writer.block(
        "Zeile mit Unterseite",
        [writer.picture(), content.attachment(writer)],
        "collectionItem",
        properties={"status": "offen", "frist": "2026-03-20", "gewerke": ["Rohbau", "Fenster"]},
    )
    bare = writer.block("", kind="collectionItem", properties={})
    # No link of selected documents shows a template.
    template = next(d for d in writer.space.documents.values() if d.location == "templates")
    math = writer.block(kind="code", rawCode="E = \\frac{Q}{t}", language="math_formula")
    return [
        *(writer.heading(f"Überschrift {level}", level) for level in range(1, 5)),
        writer.block("Fließtext mit **fett**, *kursiv*, ~durch~ und `code`.", font="serif"),
        writer.block("Zentriert", textAlignment="center", color="#ff5500"),
        writer.block(""),
        commented,
        writer.block('<highlight color="yellow">Markiert</highlight> und ==auch==.'),
        writer.block("Bildunterschrift", textStyle="caption"),
        content.callout(writer),
        writer.block("Ein Zitat", decorations=["quote"]),
        *(writer.bullet(f"Stufe {level}", level) for level in range(6)),
        *(writer.bullet(f"Nummer {n}", style="numbered") for n in (1, 2)),
        writer.bullet("Aufklappbar", style="toggle"),
        writer.bullet("Darin", 1),
        *(writer.task(f"Aufgabe: {state}", state) for state in ("todo", "done", "canceled")),
        repeating,
        writer.block(f"Anderswo: [Ziel](block://{template.id.lower()})."),
        writer.block("Am [9. März](date://2026-03-09) und $a^2$."),
        writer.picture(),
        writer.block(
            "Kran", kind="image", url="https://images.unsplash.com/photo-1?w=1080", width="auto"
        ),
        writer.media("video", "Rundgang", uploaded=True, mimeType="video/mp4", fileSize=2_400_000),
        writer.file(),
        writer.media("file", fileName="", uploaded=True, blockLayout="card"),
        writer.media("drawing"),
        writer.media("whiteboard"),
        writer.block(
            kind="richUrl",
            url="https://www.din.example/din-276?x=1&y=2",
            title="DIN 276 [Kosten]",
            description="Kosten im Bauwesen",
            layout="regular",
        ),
        writer.block(kind="code", rawCode=_CODE, language="python"),
        math,
        *(
            writer.block(kind="line", lineStyle=style)
            for style in ("extraLight", "light", "regular", "strong", "pageBreak")
        ),
        content.cost_table(writer),
        content.cost_table(writer),
        content.defect_list(writer, [row, bare, content.defect(writer)], title_key="mangel"),
        content.attachment(writer),
        writer.block("Ganze Seite", whole_page, "page"),
        writer.block("Schluss nach allen Seiten."),
    ]
