"""What a German building-services office writes into its tasks, comments and time sheets."""

# ruff: noqa: RUF001  # German texts use the en dash
from __future__ import annotations

PROJECTS = (
    ("2417", "Neubau Kita Lindenhof", "active"),
    ("2402", "Erweiterung Grundschule Nord", "active"),
    ("2388", "Umbau Verwaltungsgebäude O-Haus", "active"),
    ("2421", "Neubau Feuerwache Süd", "active"),
    ("2395", "Labor- und Technikgebäude Campus West", "active"),
    ("2376", "Seniorenwohnanlage Am Weiher", "active"),
    ("2412", "Heizzentrale Stadtbad", "active"),
    ("2430", "Wohnquartier Mühlenkamp", "active"),
    ("2350", "Sporthalle Ostring", "archived"),
    ("2341", "Bürohaus Hafenstraße 8", "archived"),
    ("2366", "Kulturhaus Alte Gießerei", "archived"),
    ("2435", "Rechenzentrum Nordpark", "deleted"),
)
"""Project number, name and status; the number leads the name, as offices file them."""

PROJECT_KINDS = ("Neubau", "Sanierung", "Umbau", "Erweiterung", "Modernisierung")
PROJECT_OBJECTS = (
    "Grundschule",
    "Rathaus",
    "Feuerwache",
    "Kita",
    "Pflegeheim",
    "Hallenbad",
    "Bürohaus",
    "Werkhalle",
    "Bibliothek",
    "Klinikgebäude",
)
PROJECT_PLACES = (
    "Ahornweg",
    "Birkenfeld",
    "Eichgrund",
    "Fährstraße",
    "Gartenfeld",
    "Holzmarkt",
    "Königsplatz",
    "Lerchenberg",
    "Mühlbach",
    "Nordhafen",
    "Rosental",
    "Südring",
    "Weinberg",
)

CATEGORIES = (
    ("Hochbau", None),
    ("Bildungsbauten", "Hochbau"),
    ("Verwaltungsbauten", "Hochbau"),
    ("Wohnungsbau", "Hochbau"),
    ("Technische Anlagen", None),
    ("Sonderbauten", None),
)

COMPANIES = (
    "Musterbau Haustechnik GmbH",
    "Kita-Trägerverein Lindenhof e. V.",
    "Stadt Weihersfeld – Hochbauamt",
    "Architekturbüro Sandweg Partner",
    "Elektro Bergkamp GmbH",
    "Kälte-Klima Nordlicht GmbH & Co. KG",
    "Wohnbau Mühlenkamp eG",
    "Prüfstatik Ellerbrock",
)
COMPANY_KINDS = ("Haustechnik GmbH", "Elektrobau GmbH & Co. KG", "Planungsbüro", "Immobilien AG")

JOB_TITLES = (
    "Projektleitung TGA",
    "Fachplanung Heizung/Sanitär",
    "Fachplanung Lüftung/Kälte",
    "Fachplanung Elektrotechnik",
    "Objektüberwachung",
    "Technische Systemplanung",
    "Bauleitung",
    "Assistenz",
)
JOB_ROLES = ("Objektüberwachung", "Fachplanung", "Bauleitung")

TEAMS = (
    ("Technische Ausrüstung", None),
    ("Planung Heizung", "Technische Ausrüstung"),
    ("Planung Lüftung", "Technische Ausrüstung"),
    ("Planung Elektro", "Technische Ausrüstung"),
    ("Montage Heizung", "Planung Heizung"),
    ("Objektüberwachung", None),
)

PHASES = (
    "LPH 3 – Entwurfsplanung",
    "LPH 5 – Ausführungsplanung",
    "LPH 6 – Vorbereitung der Vergabe",
    "LPH 7 – Mitwirkung bei der Vergabe",
    "LPH 8 – Objektüberwachung",
    "LPH 9 – Objektbetreuung",
)
TRADES = ("Heizung", "Lüftung", "Sanitär", "Elektro")
RARE_TRADES = ("Kommunikation", "Automation", "Förderanlagen", "Löschanlagen")
MILESTONES = (
    "Abgabe Entwurf",
    "Freigabe Ausführungsplanung",
    "Submission",
    "Rohbau fertig",
    "Abnahme Heizungsanlage",
    "Inbetriebnahme Lüftung",
    "Übergabe an Bauherrn",
)

FLOORS = ("UG", "EG", "1. OG", "2. OG", "DG", "Technikzentrale", "Treppenhaus 1", "Bauteil B")

TITLES: dict[str, tuple[str, ...]] = {
    "Heizung": (
        "Druckprüfung Heizkreis {floor}",
        "Heizlastberechnung {floor} aktualisieren",
        "Fußbodenheizung {floor}: Verlegeplan prüfen",
        "Hydraulischer Abgleich {floor}",
        "Wärmepumpe: Angebot Nr. {n} prüfen",
        "Pufferspeicher {n} l einbringen",
        "Dämmung Heizungsleitungen {floor} nachbessern",
        "Schemazeichnung Wärmeerzeugung Index {letter}",
    ),
    "Lüftung": (
        "Brandschutzklappen {floor} prüfen",
        "Kanalführung {floor} mit Statik abstimmen",
        "Volumenstrommessung {floor}",
        "RLT-Gerät {n}: Datenblatt anfordern",
        "Luftmengenberechnung nach DIN 1946 {floor}",
        "Schalldämpfer {floor} nachreichen",
        "Wetterschutzgitter Fassade {letter} bemustern",
    ),
    "Sanitär": (
        "Trinkwasserhygiene: Beprobung {floor}",
        "Rohrtrasse Abwasser {floor} kollidiert mit Unterzug",
        "Hebeanlage {floor}: Leistungsverzeichnis ergänzen",
        "Vorwandelemente {floor} einmessen",
        "Zirkulationsleitung {floor} dämmen",
        "Sanitärobjekte bemustern, Liste {letter}",
    ),
    "Elektro": (
        "Kabeltrasse {floor} freigeben",
        "Unterverteilung UV-{n} beschriften",
        "Sicherheitsbeleuchtung {floor} abnehmen",
        "Potentialausgleich {floor} messen",
        "Schalterprogramm bemustern, Serie {letter}",
        "Blitzschutz: Trennungsabstand {floor} nachweisen",
        "PV-Anlage {n} kWp: Netzanschluss anmelden",
    ),
    "Kommunikation": (
        "Datendosen {floor} festlegen",
        "Brandmelder {floor}: Melderplan Index {letter}",
        "Sprechanlage {floor} in Betrieb nehmen",
    ),
    "Automation": (
        "Datenpunktliste {floor} abgleichen",
        "Regelstrategie Lüftung {n} beschreiben",
        "Schaltschrank ISP {n} Werksabnahme",
    ),
    "Förderanlagen": ("Aufzug {n}: Schachtmaße prüfen", "Aufzug {n}: TÜV-Abnahme"),
    "Löschanlagen": ("Wandhydranten {floor} prüfen", "Sprinklerleitung {floor} abdrücken"),
}
GENERAL_TITLES = (
    "Besprechungsprotokoll Nr. {n} verteilen",
    "Rechnung {n} prüfen",
    "Nachtrag {n} bewerten",
    "Planliste Index {letter} versenden",
    "Rückfrage Architekt zu {floor}",
    "Mängelbegehung {floor}",
    "Bautagebuch KW {week} ablegen",
    "Behinderungsanzeige Nr. {n} beantworten",
)
SUBTASKS = (
    "Protokoll ablegen",
    "Unterlagen anfordern",
    "Termin abstimmen",
    "Freigabe einholen",
    "Plan nachführen",
    "Fotos beifügen",
    "Rückmeldung an Bauleitung",
)
DESCRIPTIONS = (
    "",
    "",
    "Nach DIN 18380, Protokoll an Bauleitung.",
    "Bitte bis zur nächsten Baubesprechung klären.",
    "Laut Planstand vom {day}. fehlt die Angabe der Anschlussleistung.",
    "Siehe Leistungsverzeichnis Titel {n}, Position {week}.",
    "Ausführung gemäß LPH 5, Abweichungen im Revisionsplan vermerken.",
    "Prüfdruck 4 bar über 2 h halten; Manometer und Protokoll bereitlegen.",
    "KG 400: Kostenstand mit der Kostenberechnung abgleichen.",
    "Ortstermin am {day}., Zugang über Treppenhaus 1.\nAnsprechpartner ist die Bauleitung.",
)
COMMENTS = (
    "Prüfdruck 4 bar über 2 h gehalten, kein Abfall.",
    "Unterlagen liegen vor, bitte prüfen.",
    "Firma hat Ausführung bis KW {week} zugesagt.",
    "Mangel ist noch nicht behoben, Nachfrist gesetzt.",
    "Bitte Planstand {letter} verwenden, der alte ist ungültig.",
    "Abstimmung mit Elektro ist erfolgt: Kabeltrasse weicht nach oben aus.",
    "Angebot liegt {n} € über der Kostenberechnung.",
    "Erledigt, Fotos im Projektordner.",
    "Rückfrage beim Architekten läuft.",
    "Luftmengen passen, Protokoll folgt.",
)
TIME_NOTES = (
    "Ortstermin",
    "Planprüfung",
    "Abstimmung mit Architekt",
    "Leistungsverzeichnis bearbeitet",
    "Baubesprechung",
    "Berechnung Heizlast",
    "Aufmaß geprüft",
    "Schriftverkehr",
    "Mängelbegehung",
    "",
)
