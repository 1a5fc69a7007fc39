"""The tags of the office, in all the spellings that offices use for them.

Spellings of cost groups follow `data/README.md`, "How tags spell them"; names are shorter than
50 characters, as Teamwork demands (`api/teamwork.md` 5.4).
"""

# ruff: noqa: RUF001  # German texts use the en dash
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COST_GROUPS: dict[str, tuple[str, ...]] = {
    "Heizung": (
        "KG 420 Wärmeversorgungsanlagen",
        "KG 421 Wärmeerzeugung",
        "KG421",
        "KGR 422",
        "KGR422_Wärmeverteilnetze",
        "Kostengruppe 423 Raumheizflächen",
        "423 Raumheizflächen",
        "kg 420 heizung",
        "DIN276-420",
        "KGR 42X",
        "420 Wärmeversorgung",
        "KG 424 – Verkehrsheizflächen",
    ),
    "Lüftung": (
        "KG 430 Raumlufttechnische Anlagen",
        "KG 431 Lüftungsanlagen",
        "KG 431:",
        "KGR 43X",
        "KGR 434",
        "KG 434 Kälteanlagen",
        "431 Lüftungsanlagen",
        "Kostengruppe 430",
        "430 - Raumlufttechnische Anlagen",
        "KGr 433",
        "DIN276-431",
    ),
    "Sanitär": (
        "KG 410",
        "KG410",
        "KG 410:",
        "KGR 410",
        "KGR410_Sanitär",
        "KG410_Sanitär",
        "Kostengruppe 410",
        "KG 410 Abwasser-, Wasser-, Gasanlagen",
        "DIN276-410",
        "410 Abwasser",
        "KG 411 Abwasseranlagen",
        "KG 412 Wasseranlagen",
        "412 Wasseranlagen",
        "KG 413 Gasanlagen",
    ),
    "Elektro": (
        "440 - Elektrische Anlagen",
        "KG 440",
        "KG 442 Eigenstromversorgungsanlagen",
        "KG 444 Niederspannungsinstallation",
        "KG 444.1",
        "KG 4441",
        "KGR 445 Beleuchtung",
        "KG 446 Blitzschutz",
        "Kgr. 440",
        "4xx",
        "445 Beleuchtungsanlagen",
    ),
    "Kommunikation": (
        "Kostengruppe 457 Datenübertragungsnetze",
        "KGR 456 Brandmeldeanlage",
        "KG 450 IT",
        "KG 452 Such- und Signalanlagen",
        "456 Gefahrenmelde- und Alarmanlagen",
    ),
    "Automation": (
        "KG 480 Gebäudeautomation",
        "KG 481",
        "KGR 483 Automationsmanagement",
        "480 Gebäude- und Anlagenautomation",
    ),
    "Förderanlagen": ("KG 461 Aufzugsanlagen", "KG 466 – Hydraulikanlagen", "KGR 46X"),
    "Löschanlagen": ("KG 474 Feuerlöschanlagen", "474 Feuerlöschanlagen", "KG 471 Küchentechnik"),
    "Allgemein": (
        "KGr 700",
        "KG 730 Objektplanung",
        "KG 740 Fachplanung",
        "Kgr. 200",
        "KG 300 Bauwerk – Baukonstruktionen",
        "KG 340",
        "KG 353 Deckenbeläge",
        "KG 490",
        "KG 494 Abbruchmaßnahmen",
    ),
}
"""Cost group tags by the trade whose tasks carry them."""

OLD_EDITION = (
    "KG 370 Baukonstruktive Einbauten",
    "KG 371 Allgemeine Einbauten",
    "KG 475 Feuerlöschanlagen",
    "KG 474 Medizin- und labortechnische Anlagen",
    "KG 352 Deckenbeläge",
    "KGR 484 Raumautomationssysteme",
)
"""Names of DIN 276-1:2008-12 on numbers that mean something else since 2018."""

LOCATIONS = (
    "O-Haus A-EG-0.12",
    "O-Haus A-EG-0.14",
    "O-Haus A-1. OG-1.03",
    "O-Haus A-1. OG-1.07",
    "O-Haus A-OG2-2.11",
    "O-Haus A-UG-U.02",
    "O-Haus A/EG",
    "O-Haus A/1. OG",
    "O-Haus A/OG2",
    "O-Haus A/UG",
    "O-Haus A/DG",
    "O-Haus A",
    "O-Haus B",
    "O-Haus B/EG",
    "O-Haus B/1. OG",
    "O-Haus B/KG",
    "O-Haus B/DG",
    "O-Haus B-EG-0.01",
    "O-Haus B-EG-0.02",
    "O-Haus B-KG-K.05",
    "O-Haus C",
    "O-Haus C/EG",
    "O-Haus C-UG-U.10",
    "O-Haus C-DG-3.01",
    "O-Haus D",
    "O-Haus D/OG1",
)

TASK_TYPES = (
    "Mangel",
    "Mängel",
    "Nachtrag",
    "Nachträge",
    "Anforderung",
    "Hinweis",
    "Hinweise",
    "Behinderungsanzeige",
    "Protokoll",
    "Aufgabe",
)

LOOKALIKES = (
    "Budget 2026",
    "DIN 18380",
    "DIN 1946-6",
    "VDI 6022",
    "Raum 410",
    "Zimmer 431",
    "400 V",
    "450 kg",
    "200 Stellplätze",
    "Müller KG",
    "Lange GmbH & Co. KG",
    "KfW 440",
    "Haus 420",
    "Los 410",
)
"""Tags with a number or a KG that are no cost group."""

UNKNOWN_CODES = ("KG 999", "KG 467", "KGR 190", "Kostengruppe 735 Altbestand")

PLAIN = (
    "dringend",
    "intern",
    "Bauherr",
    "warten auf Antwort",
    "Abnahme",
    "Inbetriebnahme",
    "Einweisung",
    "Rückfrage",
    "Lieferverzug",
    "Muster",
    "Vergabe",
    "VOB/B §4",
    "Freigabe 'vorläufig'",
    'Planstand "C"',
    "🔥 Brandschutz",
    "Wärmepumpe",
    "100% geprüft",
    "a\\b Schnittstelle",
)
"""Words nobody has a rule for, with quotes, signs and an emoji among them."""

PROJECT_SCOPED = ("KG 421 Wärmeerzeugung", "Mangel", "O-Haus B", "Bauabschnitt 1", "Bauabschnitt 2")
"""Names of tags of a single project; the first three exist site-wide as well."""

COLORS = ("#d84640", "#2f8de4", "#4ecd97", "#f2a93b", "#8e6ad8", "#c3c8d1")

_SPELLINGS = (
    "KG {code} {name}",
    "KGR {code}_{name}",
    "Kostengruppe {code}",
    "{code} - {name}",
    "KG{code}",
    "DIN276-{code}",
    "KGr. {code} {name}",
)
_NAMES = {
    411: "Abwasseranlagen",
    412: "Wasseranlagen",
    413: "Gasanlagen",
    421: "Wärmeerzeugungsanlagen",
    422: "Wärmeverteilnetze",
    423: "Raumheizflächen",
    431: "Lüftungsanlagen",
    432: "Teilklimaanlagen",
    433: "Klimaanlagen",
    434: "Kälteanlagen",
    441: "Hoch- und Mittelspannungsanlagen",
    443: "Niederspannungsschaltanlagen",
    444: "Niederspannungsinstallation",
    445: "Beleuchtungsanlagen",
    451: "Telekommunikationsanlagen",
    454: "Elektroakustische Anlagen",
    457: "Datenübertragungsnetze",
    461: "Aufzugsanlagen",
    481: "Automationseinrichtungen",
    483: "Automationsmanagement",
}


def more_tags() -> Iterator[tuple[str, str]]:
    """Yield (group, name) of further tags for bigger offices, without end."""
    for spelling in _SPELLINGS:
        for code, name in _NAMES.items():
            yield "Allgemein", spelling.format(code=code, name=name)
    house = 0
    while True:
        house += 1
        for floor in ("UG", "EG", "1. OG", "OG2", "3. OG", "DG"):
            yield "Ort", f"O-Haus {house}/{floor}"
            for room in range(1, 9):
                yield "Ort", f"O-Haus {house}-{floor}-{house}.{room:02}"
