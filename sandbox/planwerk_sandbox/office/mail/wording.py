"""What an office and its partners write by mail and chat, in German and English."""

# ruff: noqa: RUF001  # German texts use the en dash
from __future__ import annotations

FIRMS = (
    ("Elektro Huber", "angebot@elektro-huber.example"),
    ("Lüftungsbau Ostheim GmbH", "projekte@lueftungsbau-ostheim.example"),
    ("Sanitär Wiesner & Söhne", "info@sanitaer-wiesner.example"),
    ("Brandschutz Kontor Nord", "post@brandschutz-kontor.example"),
    ("Aufzug Mertens KG", "service@aufzug-mertens.example"),
    ("Prüfbüro Dr. Stahlmann", "buero@pruefbuero-stahlmann.example"),
    ("Stadtwerke Weihersfeld", "netzanschluss@sw-weihersfeld.example"),
    ("Northlight Controls Ltd.", "projects@northlight-controls.example"),
    ("Hansen Chillers ApS", "sales@hansen-chillers.example"),
    ("newsletter@tga-fachverlag.example", "newsletter@tga-fachverlag.example"),
)
"""Companies outside the office; the last writes nobody's name."""

GERMAN_SUBJECTS = (
    "{project}: Nachtrag {n:02} – {trade}",
    "{project} – Brandschutzklappen {floor}",
    "{project} / Angebot {trade} Nr. {n}",
    "{project}: Planlieferung Index {letter}",
    "{project} – Protokoll Baubesprechung Nr. {n}",
    "Rechnung {n}-{letter}: {project}",
    "{project}: Mängelanzeige {floor}, {trade}",
    "Terminabstimmung Abnahme {trade}, {project}",
    "{project} – Behinderungsanzeige Nr. {n}",
    "KG 4{kg}: Kostenstand {project}",
    "Rückfrage zur Kabeltrasse {floor} ({project})",
    "Bemusterung {floor}; Freigabe bis KW {week}",
    "WG: Unterlagen für {project} 🏗️",
    "Leistungsverzeichnis {trade}, Titel {n:02}, Bitte um Preise",
)
ENGLISH_SUBJECTS = (
    "{project}: chiller delivery, week {week}",
    "Data sheets AHU {n} – {project}",
    "BMS points list rev. {letter}, {project}",
    "Quotation Q-{n}: control cabinets",
    "Factory acceptance test {project}",
    "Shipping documents {n}",
)
TRADES = ("Heizung", "Lüftung", "Sanitär", "Elektro", "MSR", "Kälte", "Aufzug")

GERMAN = (
    "anbei erhalten Sie das Nachtragsangebot {n:02} für {trade} mit der Bitte um Prüfung.",
    "die Brandschutzklappen im {floor} sind nach Plan {letter} nicht zugänglich.",
    "wie telefonisch besprochen übersenden wir die Unterlagen zu KG 4{kg}.",
    "für die Ausführung im {floor} benötigen wir bis KW {week} eine Freigabe.",
    "die Druckprüfung ergab 4 bar über 2 h ohne Abfall; das Protokoll liegt bei.",
    "wir melden hiermit Bedenken gemäß § 4 Abs. 3 VOB/B an.",
    "bitte beachten Sie, dass der Planstand {letter} den alten ersetzt.",
    "der Angebotspreis beträgt {n}.480,00 € netto zzgl. MwSt.",
    "der Bauherr wünscht eine Bemusterung vor Ort, Vorschlag: {n}.04., 10:00 Uhr.",
    "die Kabeltrasse kollidiert im {floor} mit dem Lüftungskanal; siehe Foto.",
    "die Schlussrechnung weicht um {n} Stunden vom Aufmaß ab.",
    "können Sie den Termin in KW {week} bestätigen?",
    "die Mängel aus der Begehung vom {n}.02. sind behoben – Fotos anbei.",
    "Ansprechpartner auf der Baustelle {project} ist unsere Bauleitung.",
)
ENGLISH = (
    "please find attached the revised data sheets for unit {n}.",
    "delivery to site {project} is now planned for week {week}.",
    "could you confirm the cable route on floor {floor}?",
    "the points list, revision {letter}, replaces all earlier ones.",
    "our quotation remains valid for {n} days from today.",
    "we kindly ask for your approval before we start production.",
    "the factory acceptance test can take place in week {week}.",
    "attached are the “as built” drawings & the test records.",
)
GERMAN_GREETINGS = ("Sehr geehrte Damen und Herren,", "Hallo {name},", "Guten Tag {name},", "Moin,")
ENGLISH_GREETINGS = ("Dear {name},", "Hi {name},", "Hello,")
GERMAN_CLOSINGS = ("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "MfG")
ENGLISH_CLOSINGS = ("Kind regards", "Best regards", "Thanks")

TEXT_MESSAGES = (
    "Bin um {n} Uhr auf der Baustelle {project}.",
    "Kran steht, Gerät wird in KW {week} eingebracht 👍",
    "Bitte Schlüssel für {floor} mitbringen!",
    "Wasser im {floor}. Bitte sofort anrufen.",
    "Delivery is at gate {n}.\nPlease open.",
)

COMMENTS = (
    "Bitte bis Freitag prüfen.",
    "Ist das schon beauftragt? KG 4{kg}",
    "Liegt im Projektordner unter {trade}.",
    "Nachtrag {n:02} ist überzogen, max. {week} % gerechtfertigt.",
    "Hab angerufen, Rückmeldung bis KW {week}.",
    "👍",
    "Kann jemand den Termin übernehmen?",
    "Plan {letter} ist ungültig!\nBitte nur noch den neuen verwenden.",
    "ok, mache ich",
    "Can you check the quotation, please?",
    "Rechnung freigegeben.",
)

TASKS = (
    "Nachtrag {n:02} prüfen",
    "Angebot {trade} vergleichen",
    "Freigabe Plan {letter} einholen",
    "Termin mit Bauherrn abstimmen",
    "Mängel {floor} nachverfolgen",
    "Rechnung {n} prüfen und freigeben",
    "Call supplier about week {week}",
)

FILES = (
    ("Nachtrag_{n:02}_{trade}.pdf", "application", "pdf"),
    ("Grundriss {floor} – Index {letter}.pdf", "application", "pdf"),
    ("Prüfprotokoll Lüftung (unterschrieben).pdf", "application", "pdf"),
    ("Kostenaufstellung KG 4{kg}.xlsx", "application", "vnd.ms-excel"),
    ("Schema Wärmeerzeugung, Stand {week}.dwg", "image", "vnd.dwg"),
    ("Baustellenfoto {floor} #{n}.jpg", "image", "jpeg"),
    ("Leistungsverzeichnis & Preise Straße 7.docx", "application", "msword"),
    ("Besprechung KW {week}.ics", "text", "calendar"),
    ("Data sheet {n}.pdf", "application", "pdf"),
)

FOLDERS = ("Projekte", "Kostengruppen")
"""Parents that order labels and that no conversation carries."""

BELOW_PROJECTS = ("Nachträge", "Bauleitung", "KG 410")
"""Labels below a project label; each name exists below two projects."""

DELEGATES_LABEL = "Personal, vertraulich"

TEAMS = (
    ("Bauleitung", "👷"),
    ("Planung TGA", None),
    ("Büro", "📮"),
    ("Vergabe", None),
)

RESPONSES = (
    ("Eingangsbestätigung", "Ihre Anfrage", "vielen Dank für Ihre Nachricht. Wir melden uns."),
    ("Angebot angefordert", "Angebotsanfrage", "bitte senden Sie uns Ihr Angebot bis Freitag."),
    ("Planlieferung", None, "anbei erhalten Sie die aktuellen Pläne."),
    ("Mängelanzeige", "Mängelanzeige", "bei der Begehung wurden folgende Mängel festgestellt: …"),
    ("Absage", "Vergabe", "leider konnten wir Ihr Angebot nicht berücksichtigen."),
    ("Acknowledgement", "Your inquiry", "thank you for your message."),
    ("Abwesenheit", None, "ich bin bis KW 12 nicht im Büro."),
)
