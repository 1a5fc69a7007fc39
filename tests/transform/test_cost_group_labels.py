"""Which cost groups a label names: every spelling, and everything that only looks like one."""

# ruff: noqa: RUF001  (people type dashes)

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

NAMED = {
    # prefixes and separators
    "KG 410": [410],
    "KG410": [410],
    "kg 410": [410],
    "Kg 410": [410],
    "KG410_Sanitär": [410],
    "KG_410": [410],
    "KG-410": [410],
    "KG.410": [410],
    "KG: 410": [410],
    "KG 410:": [410],
    "KG 410.": [410],
    "KG 410 -": [410],
    "KG Nr. 410": [410],
    "KG-Nr. 410": [410],
    "KGR 410": [410],
    "KGR410": [410],
    "KGR 434": [434],
    "KGr 700": [700],
    "KGr. 700": [700],
    "Kgr. 200": [200],
    "KoGr. 540": [540],
    "Kostengr. 540": [540],
    "KGR 456 name": [456],
    "Kostengruppe 410": [410],
    "KOSTENGRUPPE 410": [410],
    "Kostengruppen 410 und 420": [410, 420],
    "Kosten-Gruppe 410": [410],
    "Kostengruppe 457 Datenübertragungsnetze": [457],
    "KG 466 – Hydraulikanlagen": [466],
    "KG 466 — Hydraulikanlagen": [466],
    "DIN276-410": [410],
    "DIN 276: 410": [410],
    "DIN 276 410": [410],
    "DIN-276 410": [410],
    "DIN 276 KG 410": [410],
    "DIN 276-1 KG 410": [410],
    "DIN 276-1:2008-12 KG 410": [410],
    "DIN 276:2018-12, KG 410": [410],
    "din276_440": [440],
    "KG 410 Abwasser-, Wasser-, Gasanlagen": [410],
    "KG 100": [100],
    "KG 890": [890],
    # white space and Unicode
    "  KG   410  ": [410],
    "KG\u00a0410": [410],
    "KG\u202f410": [410],
    "KG\t410": [410],
    "KG\u200b 410": [410],
    "KG 410 Sanita\u0308r": [410],
    "Kostengruppe 421 Wa\u0308rmeerzeugung": [421],
    "🚰 KGR 410": [410],
    'KGR 410 "Haus"': [410],
    "KGR 410 O'Neill": [410],
    "KGR 410 \\ 100 %": [410],
    # behind another word
    "Sanitär (KG 410)": [410],
    "Sanitär [KG 410]": [410],
    "Sanitär, KG 410": [410],
    "Sanitär: KG 410": [410],
    "Sanitär | KG 410": [410],
    "Sanitär - KG 410": [410],
    "Sanitär – KG 410": [410],
    "Sanitär KGR 410": [410],
    "Sanitär Kostengruppe 410": [410],
    "Mangel KG 410": [410],
    "KG 410 Mangel": [410],
    "Nachtrag 3: KG 440": [440],
    "Nachtrag 12 KG 440": [440],
    "• KG 410": [410],
    "✅ KG 410": [410],
    "#KG410": [410],
    "„KG 410“ Sanitär": [410],
    "Müller GmbH & Co. KG (KG 410)": [410],
    "KG\u2011410": [410],
    "KG \uff14\uff11\uff10": [410],
    "DIN 276 (2018) KG 410": [410],
    # fourth level and placeholders
    "KG 444.1": [444],
    "KG 444.12": [444],
    "KG 444.1.2": [444],
    "KG 4441": [444],
    "KGR 4123": [412],
    "KGR 43X": [430],
    "KGR 43x": [430],
    "KG 4xx": [400],
    "KG 4XX": [400],
    "4xx": [400],
    "4XX Technik": [400],
    "3xx": [300],
    # several
    "KG 410/430": [410, 430],
    "KG 410 / 430": [410, 430],
    "KG 410/KG 430": [410, 430],
    "KG 410, 420 und 430": [410, 420, 430],
    "KG 410 u. 420": [410, 420],
    "KG 410; 420": [410, 420],
    "KGR 410 + KGR 420": [410, 420],
    "KG 410 & 420": [410, 420],
    "KG 410 sowie 420": [410, 420],
    "KG 410/410": [410],
    "KG 410, 200 Stück": [410],
    "KG 410, 400 V": [410],
    "KG 410, 450 kg": [410],
    "KG 410, 300 m²": [410],
    "KG 410, 300 Stellplätze": [410],
    "KG 410, 2026": [410],
    "KG 410, 430.000 €": [410],
    "KG 410, 430,00 €": [410],
    "KG 410 + 430 Tsd. €": [410],
    "KG 410, 430 TEUR": [410],
    "KG 410, 430 lfm": [410],
    "KG 410, 430 Arbeitsplätze": [410],
    "KG 410; 230/400 V": [410],
    "KG 334, 200 x 120": [334],
    "KG 410,420": [410, 420],
    "KG 300 u 400": [300, 400],
    "KG 300|400": [300, 400],
    "KG 344 F 30 Tür": [344],
    "KG 410/2026": [410],
    "KG 410 2. BA": [410],
    "KG 410 - 2. BA": [410],
    "KG 410 - 2026": [410],
    # bare numbers with the name of the group
    "410 Abwasser": [410],
    "410 Abwasser-, Wasser-, Gasanlagen": [410],
    "410: Wasser": [410],
    "410_Gas": [410],
    "440 - Elektrische Anlagen": [440],
    "440 ELEKTRISCHE ANLAGEN": [440],
    "421 Wärmeerzeugung": [421],
    "421 Waermeerzeugung": [421],
    "421 Wa\u0308rmeerzeugungsanlagen": [421],
    "430 Lüftung": [430],
    "431 Lüftungsanlage": [431],
    "433 Klima": [433],
    "434 Kälteanlagen": [434],
    "445 Beleuchtung": [445],
    "446 Blitzschutz": [446],
    "461 Aufzug": [461],
    "474 Feuerlöschanlagen": [474],
    "480 Gebäudeautomation": [480],
    "450 Fernmelde- und informationstechnische Anlagen": [450],
    "440 Starkstromanlagen": [440],
    "340 Innenwand": [340],
    "360 Dach": [360],
    "361 Dachkonstruktion": [361],
    "213 Altlasten": [213],
    "222 Wasser": [222],
    "420 Wärme": [420],
    "471 Küchentechnik": [471],
    "380 Einbauten": [380],
    "500 Außenanlagen Haus B": [500],
    "550 Technische Anlagen Haus B": [550],
    "498 Provisorische technische Anlagen Haus B": [498],
    "310 Erdbau": [310],
    "300 Baukonstruktionen": [300],
    "400 Technische Anlagen": [400],
    "500 Außenanlagen": [500],
    "500 Aussenanlagen": [500],
    "534 Stellplätze": [534],
    "700 Baunebenkosten": [700],
    "444.1 Niederspannungsinstallationsanlagen": [444],
    "391 Baustelleneinrichtung": [391],
    "319 Sonstiges zur KG 310": [319],
    # 2008 edition
    "KG 370 Baukonstruktive Einbauten": [380],
    "370 Baukonstruktive Einbauten": [380],
    "KG 371 Allgemeine Einbauten": [381],
    "KG 475 Feuerlöschanlagen": [474],
    "KG 474 Medizin- und labortechnische Anlagen": [473],
    "KG 476 Badetechnische Anlagen": [472],
    "KG 477 Prozesswärme-, kälte- und -luftanlagen": [475],
    "KG 324 Unterböden und Bodenplatten": [322],
    "KG 325 Bodenbeläge": [324],
    "KG 326 Bauwerksabdichtungen": [325],
    "KG 327 Dränagen": [326],
    "KG 352 Deckenbeläge": [353],
    "KG 353 Deckenbekleidungen": [354],
    "KG 520 Befestigte Flächen": [530],
    "KG 522 Straßen": [532],
    "KG 531 Einfriedungen": [541],
    "KG 541 Abwasseranlagen": [551],
    "KG 546 Starkstromanlagen": [556],
    "KG 562 Bepflanzungen": [583],
    "KG 611 Allgemeine Ausstattung": [610],
    "KG 621 Kunstobjekte": [641],
    "KG 735 Tragwerksplanung": [741],
    "KG 771 Prüfung, Genehmigungen, Abnahmen": [762],
    "KG 762 Fremdkapitalzinsen": [820],
    # a piece of the old name, or the old name and more
    "KG 370 Einbauten": [380],
    "370 Einbauten": [380],
    "KG 370 Baukonstruktive Einbauten Haus 2": [380],
    "KG 548 Nutzungsspezifische Anlagen Haus 2": [558],
    "KG 326 Abdichtung": [325],
    "KG 475 Löschanlage": [474],
    "KG 474 Medizintechnik": [473],
    "KG 476 Badetechnik": [472],
    "KG 522 Straßenbau": [532],
    "KG 530 Baukonstruktionen": [540],
    "KG 541 Abwasser": [551],
    "KG 620 Kunst": [640],
    "KG 620 Kunstwerke Foyer": [640],
    "KG 762 Zinsen": [820],
    "KG 761 Finanzierung": [810],
    # a renamed group, a current name and words that decide nothing stay what is printed
    "KG 440 Starkstromanlagen": [440],
    "KG 430 Lufttechnische Anlagen": [430],
    "KG 475 Prozesswärme-, kälte- und -luftanlagen": [475],
    "KG 474 Feuerlöschanlagen": [474],
    "KG 370 Infrastrukturanlagen": [370],
    "KG 370 Haus B": [370],
    "KG 530 Wege": [530],
    "KG 410 Elektro": [410],
    "KG 371": [371],
    "KG 475": [475],
    "KG 540 Baukonstruktionen": [540],
    "KG 540 Außenanlagen": [540],
    "KG 550 Außenanlagen Haus B": [550],
    "KG 522 Schulstraße 5": [522],
    "KG 325 Bodenabdichtung": [325],
    "KG 548 Schwimmbecken": [548],
}

NOT_NAMED = [
    # years, norms, stages, rooms, numbers of things
    "Budget 2026",
    "2025",
    "2026 Abwasser",
    "410",
    "410 ",
    "DIN 18380",
    "DIN EN 12831",
    "DIN 276",
    "DIN 276-1:2008-12",
    "DIN 276:2018-12",
    "DIN 2764 10",
    "VDI 6022",
    "VDI 6022 KG 410",
    "VOB/B",
    "HOAI 2021",
    "LPH 8",
    "Raum 410",
    "R 410",
    "R410 Kältemittel",
    "Zimmer 410 Abwasser",
    "400 V",
    "400 Volt",
    "400V",
    "450 kg Stahl",
    "450 KG",
    "10 kg 410",
    "DN 100",
    "DN 100 Abwasser",
    "200 Stellplätze",
    "530 Stellplätze",
    "300 Stück",
    "300 Stk. Decken",
    "350 m² Decken",
    "350 m Decken",
    "350 qm Decken",
    "360 x Dach",
    "110 Grundstücke",
    "500 Euro",
    "500 € Außenanlagen",
    "0511 410 420",
    "+49 511 410",
    "410-420-430",
    "2417 Kita",
    "2417 KG Kita",
    "Bauabschnitt 300",
    "BA 300",
    "Haus 300",
    "400 Anlagen",
    "470 Anlagen",
    "490 Maßnahmen",
    "400 technische",
    "410 Elektro",
    "410 Sanitär",
    "434 Aufzug",
    "461 kg Aufzug",
    "340 lfm Innenwände",
    "540 Außenanlagen",
    "410 Wasserschaden",
    "430 und Lüftung für 200 Personen 410",
    "43x Leuchten",
    "20x Steckdosen",
    "10x",
    "Abwasser 410",
    "410 420 Abwasser",
    # companies
    "Müller KG",
    "Müller KG 410",
    "Lange GmbH & Co. KG",
    "Lange GmbH & Co. KG 410",
    "Schmidt KG 2026",
    "Weber & Sohn KG 410 Straße",
    "Beispiel Bau KG Hannover",
    "KG Müller",
    "AG & Co. KGaA",
    # basement
    "Haus A KG",
    "KG",
    "KG-0.12",
    "KG 0.12",
    "KG 1",
    "KG Flur",
    "Haus A-KG-410",
    "Haus A/KG/410",
    # not three digits
    "KG 41",
    "KG 41234",
    "KG 410a",
    "KGR 410m",
    "KG",
    "KGR",
    "Kostengruppe",
    "Kostengruppen",
    "KG xxx",
]

UNKNOWN = [
    "KG 999",
    "KG 190",
    "KGR 099",
    "KG 000",
    "KG 735",
    "KG 526",
    "KG 2025",
    "KG 9xx",
    "KG 467",
]

RANGES = [
    "KG 410-430",
    "KG 410 - 430",
    "KG 410–430",
    "KG 410 bis 440",
    "KG 410 bis KG 440",
    "KG 410…440",
    "KG 410 ff.",
    "KG 300 bis einschl. 400",
    "KG 300 to 400",
    "KG 300 ff. Bauwerk",
    "KG 300 fortfolgende",
    "KGR 300 ff",
]

OLD_WITHOUT_PLACE = [
    "KG 478 Entsorgungsanlagen",
    "KG 746 Brandschutz",
    "KG 740 Gutachten und Beratung",
    "KG 484 Raumautomationssysteme",
    "KG 124 Makler",
    "KG 742 Akustik",
    "KG 760 Zinsen",
    # the words of the old name are not the first ones
    "KG 474 Sprinkler Labor",
    "KG 541 Zaun am Abwasserschacht, Abwasseranlage",
    "746 Brandschutz",
]


@pytest.fixture(scope="module")
def readings(
    make_warehouse: Callable[[], Any],
) -> Any:
    """What was made of all labels of this file."""
    warehouse = make_warehouse()
    names = {*NAMED, *NOT_NAMED, *UNKNOWN, *RANGES, *OLD_WITHOUT_PLACE}
    warehouse.load_tags(*sorted(names))
    return warehouse.readings()


@pytest.mark.parametrize("name", NAMED)
def test_a_label_names_exactly_these_groups(readings: Any, name: str) -> None:
    assert (readings[name].codes, readings[name].outcome) == (NAMED[name], "matched")
    assert readings[name].reason is None


@pytest.mark.parametrize("name", dict.fromkeys(NOT_NAMED))
def test_a_label_names_no_group_and_says_why(readings: Any, name: str) -> None:
    assert (readings[name].codes, readings[name].outcome) == ([], "unmatched")
    assert readings[name].reason.endswith((".", ")."))


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_code_that_does_not_exist_is_reported_as_such(readings: Any, name: str) -> None:
    assert (readings[name].codes, readings[name].outcome) == ([], "unknown_code")
    assert readings[name].reason.startswith("There is no cost group ")


@pytest.mark.parametrize("name", RANGES)
def test_a_range_names_no_single_group(readings: Any, name: str) -> None:
    assert (readings[name].codes, readings[name].outcome) == ([], "unmatched")
    assert "range" in readings[name].reason


@pytest.mark.parametrize("name", OLD_WITHOUT_PLACE)
def test_an_old_subject_without_one_new_group_names_both_editions(readings: Any, name: str) -> None:
    assert (readings[name].codes, readings[name].outcome) == ([], "unmatched")
    assert "2008-12" in readings[name].reason
    assert "2018-12" in readings[name].reason


def _names(file: str, code: str, name: str) -> dict[str, int]:
    text = (files("planwerk_transform") / "data" / file).read_text("utf-8")
    return {f"{row[code]} {row[name]}": int(row[code]) for row in csv.DictReader(text.splitlines())}


def test_every_group_is_known_by_its_number_and_official_name(warehouse: Any) -> None:
    labels = _names("din276_2018.csv", "code", "name_de")
    spelled = {
        form.format(label): [code]
        for label, code in labels.items()
        for form in ("{}", "KG {}", "KGR {} Haus B")
    }
    warehouse.load_tags(*spelled)
    wrong = {
        name: reading
        for name, reading in warehouse.readings().items()
        if reading.codes != spelled[name]
    }
    assert not wrong


def test_every_old_name_leads_to_its_new_group_or_to_none(warehouse: Any) -> None:
    labels = {
        form.format(code, name): new
        for code, name, new in warehouse.rows(
            "select code, name_2008, code_2018 from planwerk.cost_group_2008"
            " where name_2008 is not null"
        )
        for form in ("KG {} {}", "{} {}", "KG {} {} Haus 2")
    }
    warehouse.load_tags(*labels)
    readings = warehouse.readings()
    wrong = {
        name: (readings[name].codes, new)
        for name, new in labels.items()
        if readings[name].codes != ([] if new is None else [new])
    }
    assert not wrong


def test_a_list_with_an_unknown_code_gives_the_known_ones_and_is_reported(warehouse: Any) -> None:
    reading = warehouse.read("KG 410/999")
    assert (reading.codes, reading.outcome) == ([410], "unknown_code")
