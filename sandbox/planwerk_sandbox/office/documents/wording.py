"""What an office writes into minutes, defect lists, notes and daily notes, in German and English.

`{project}`, `{name}`, `{trade}`, `{floor}`, `{n}`, `{letter}`, `{week}`, `{day}`, `{kg}` and
`{date}` are filled in by the writer.
"""

# ruff: noqa: RUF001  # German texts use the en dash
from __future__ import annotations

FOLDER_OF_PROJECTS = "Projekte"
FOLDER_OF_ARCHIVED = "Archiv 📦"
FOLDER_OF_ENGLISH = "Notes (English)"
OTHER_FOLDERS = ("Büro", "Normen & Richtlinien", "Akquise / Wettbewerbe")
"""The first is on top, the others are below it; a name may hold a slash."""

EMPTY_FOLDER = "Leerer Ordner"
LAST_YEAR = "2025"
"""Below the minutes of the first project."""

MINUTES, DEFECTS, NOTES, ADDENDA, ACCEPTANCE = (
    "Protokolle",
    "Mängel",
    "Notizen",
    "Nachträge",
    "Abnahmen",
)
BELOW_PROJECTS = (MINUTES, DEFECTS, NOTES, ADDENDA, ACCEPTANCE)

TITLES: dict[str, tuple[str, ...]] = {
    MINUTES: (
        "{date} Jour fixe {n}",
        "Baubesprechung Nr. {n} – {date}",
        "Protokoll {n}: Planungsbesprechung {trade}",
        "{date} Abstimmung {trade} mit Bauherrn",
    ),
    DEFECTS: (
        "Mängelliste {floor}",
        "Mängelbegehung {floor}, KW {week}",
        "Restmängel {trade} ⚠️",
        "Mängel {trade} {floor}",
    ),
    NOTES: (
        "Notizen {trade} {floor}",
        "Telefonat mit {name}",
        "Kostenstand KG 4{kg}",
        "Ideen Technikzentrale 💡",
        "Ortstermin {date}",
        "Klärungen {trade}/Statik",
    ),
    ADDENDA: ("Nachtrag {n} – {trade}", "Prüfung Nachtrag {n}", "Übersicht Nachträge {trade}"),
    ACCEPTANCE: ("Abnahme {trade} {floor}", "Checkliste Inbetriebnahme {trade}", "VOB-Abnahme {n}"),
    "office": ("Einarbeitung {name}", "Bürobesprechung KW {week}", "Normenliste {trade}"),
    "english": (
        "Site visit notes, week {week}",
        "Call with Northlight Controls",
        "Chiller delivery – open points",
    ),
    "template": (
        "Vorlage Besprechungsprotokoll",
        "Vorlage Mängelbegehung",
        "Vorlage Nachtragsprüfung",
        "Vorlage Aktennotiz",
        "Template: meeting minutes",
    ),
}

AGENDA = (
    "Rohbau",
    "{trade}",
    "Termine",
    "Planung {trade}",
    "Brandschutz",
    "Kosten KG 4{kg}",
    "Nachträge",
    "Verschiedenes",
)
POINTS = (
    "Decke über {floor} betoniert, Ausschalfrist bis {day}.04.",
    "Kabeltrasse im {floor} kollidiert mit dem Lüftungskanal, Klärung vor Ort.",
    "Planstand **Index {letter}** ist freigegeben, ältere Stände sind ungültig.",
    "Kostenstand KG 4{kg}: *{n}.480 €* über der Kostenberechnung.",
    "Druckprüfung Heizkreis {floor}: 4 bar über 2 h ohne Abfall.",
    "Nächste Besprechung am [{date}](date://{date}).",
    "Behinderungsanzeige Nr. {n} der Firma {trade} liegt vor.",
    'Bauherr wünscht <highlight color="yellow">Bemusterung im {floor}</highlight> bis KW {week}.',
    "Durchbruch Achse {letter}/4 fehlt im Rohbau.",
    "Volumenstrommessung {floor} verschoben auf KW {week}.",
)
SUBPOINTS = (
    "Nachbehandlung läuft",
    "Rückmeldung bis KW {week}",
    "Zuständig: {name}",
    "siehe Foto",
    "Kosten trägt Verursacher",
)
TASKS = (
    "Statik: Durchbruch Achse {letter}/4 freigeben",
    "Bauherr anrufen",
    "Angebot {trade} Nr. {n} prüfen",
    "Protokoll {n} verteilen",
    "Planliste Index {letter} versenden",
    "Nachfrist {trade} {floor} setzen",
    "Kostenverfolgung KG 4{kg} nachführen",
    "Send data sheet {n} to Northlight",
)
CALLOUTS = (
    "Kranstandzeit endet am {day}.03.",
    "Achtung: Zugang {floor} gesperrt bis KW {week}.",
    "Freigabe Statik steht aus!\nOhne sie keine Kernbohrungen im {floor}.",
)
PARAGRAPHS = (
    "Mit {name} telefoniert: Lieferung {trade} verschiebt sich auf KW {week}.",
    "Die Luftmengen im {floor} passen nicht zur Berechnung vom {day}.02.",
    "Für {project} fehlt die Angabe der Anschlussleistung ({n} kW).",
    "KG 4{kg} wird mit der Kostenberechnung Stand {date} abgeglichen.",
    "Bemusterung der Schalterprogramme am {day}.04. um 10:00 Uhr, Treffpunkt {floor}.",
    "Die Firma meldet Bedenken gemäß § 4 Abs. 3 VOB/B an.",
)
ENGLISH_PARAGRAPHS = (
    "Chiller {n} arrives in week {week}; crane booked for gate {day}.",
    "Points list rev. {letter} replaces all earlier ones.",
    "Cable route on floor {floor} still blocked, see photo.",
    "Commissioning needs *two* engineers on site.",
)
DEFECT_TITLES = (
    "Riss Attika Nordseite",
    "Fenstergriff {floor} fehlt",
    "Dämmung Rohrleitung {floor} beschädigt",
    "Brandschott {floor} nicht verschlossen",
    "Beschriftung UV-{n} fehlt",
    "Fliese Achse {letter} gesprungen",
    "Türschließer {floor} schleift",
    "Gefälle Bodenablauf {floor}",
)
DEFECT_DETAILS = ("Länge ca. 80 cm, Foto folgt.", "Wiederholt angezeigt.", "Frist verstrichen.")
DEFECT_TRADES = ("Rohbau", "Fenster", "Heizung", "Lüftung", "Sanitär", "Elektro", "Trockenbau")
ADDENDUM_ROWS = (
    ("{n}.01", "Mehrlänge Kanal {floor}", "{n}.250,00"),
    ("{n}.02", "Kernbohrung DN {n}", "480,00"),
    ("{n}.03", "Stundenlohnarbeiten {trade}", "1.{n}0,00"),
)
CHECKS = (
    "Druckprüfung {floor} protokolliert",
    "Revisionsunterlagen {trade} übergeben",
    "Einweisung Nutzer erfolgt",
    "Beschriftung {floor} vollständig",
)
COMMENTS = ("Bitte Zahlen prüfen.", "Ist das mit {name} abgestimmt?", "Done ✅", "Quelle?")
PICTURES = ("Bewehrung Achse {letter}", "Baustellenfoto {floor}", "", "Typenschild RLT-Gerät {n}")
FILES = (
    ("Terminplan_KW{week}.pdf", "application/pdf"),
    ("Kostenaufstellung KG 4{kg}.xlsx", "application/vnd.ms-excel"),
    ("Grundriss {floor} – Index {letter}.pdf", "application/pdf"),
)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
    *("August", "September", "Oktober", "November", "Dezember"),
)
