"""A document's text as a person reads it."""

import time

import pytest
from tap_craft.plain_text import plain_text

DOCUMENT = """<page>
<pageTitle>2026-03-05 Jour fixe 14</pageTitle>
<content>
    ## TOP 1 Rohbau

    - Decke über EG betoniert, Ausschalfrist bis 20.03.
      - Nachbehandlung läuft
    - [ ] Statik: Durchbruch Achse C/4 freigeben
    - [x] Gerüst **abgenommen**

    <callout>Kranstandzeit endet am 27.03.</callout>

    ![Bewehrung Achse C](craft-media:1)

    [Terminplan_KW11.pdf](craft-media:2)

    *****

    <page textStyle="card" cardLayout="small">
    <pageTitle>Anlage: Mängelbegehung</pageTitle>
    <content>
        Siehe [Protokoll 13](block://4d1c9f20).

        ```
        if riss > 0.2:
            melden()
        ```
    </content>
    </page>

    <comment id="7">Von Frau Brandt</comment> am <highlight color="yellow">Dienstag</highlight>.

    | Gewerk | Frist |
    |---|---|
    | Rohbau | 20.03. |

    <collection>
    <title>Mängelliste</title>
    <properties>status, frist</properties>
    <content>
        <collectionItem>
        <title>Riss Attika</title>
        <property name="status">offen</property>
        <content>
            Länge ca. 80 cm
        </content>
        </collectionItem>
    </content>
    </collection>
</content>
</page>
"""

TEXT = """TOP 1 Rohbau
Decke über EG betoniert, Ausschalfrist bis 20.03.
Nachbehandlung läuft
Statik: Durchbruch Achse C/4 freigeben
Gerüst abgenommen
Kranstandzeit endet am 27.03.
Bewehrung Achse C
Terminplan_KW11.pdf
Anlage: Mängelbegehung
Siehe Protokoll 13.
if riss > 0.2:
    melden()
Von Frau Brandt am Dienstag.
Gewerk Frist
Rohbau 20.03.
Mängelliste
status, frist
Riss Attika
offen
Länge ca. 80 cm"""


def test_all_words_are_there_without_signs_and_tags():
    assert plain_text(DOCUMENT) == TEXT


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("<page>\n<pageTitle>Leer</pageTitle>\n<content>\n</content>\n</page>\n", ""),
        ("<page>\n<pageTitle>x < y <b></pageTitle>\n<content>\n    z\n</content>\n</page>", "z"),
        ("Preis < 100 und > 50", "Preis < 100 und > 50"),
        ("<unknown>bleibt</unknown>", "<unknown>bleibt</unknown>"),
        ("==wichtig== und ~~falsch~~", "wichtig und falsch"),
        ("+ Klappe\n  innen", "Klappe\ninnen"),
        ("erste Zeile\nzweite Zeile", "erste Zeile\nzweite Zeile"),
        ("[außerhalb](invalid:out_of_scope)", "außerhalb"),
        ("<callout>eins\n\nzwei</callout>", "eins\nzwei"),
        ("A &amp; B", "A & B"),
        ("2. OG Sanitär\n\n1. Decke\n1. Wand", "2. OG Sanitär\n1. Decke\n1. Wand"),
        ("[1]: Lageplan", "[1]: Lageplan"),
    ],
)
def test_odd_texts_keep_their_words(markdown, text):
    assert plain_text(markdown) == text


def test_deep_nesting_loses_no_word():
    markdown = "\n".join(f"{'  ' * depth}- Ebene {depth}" for depth in range(30))
    found = plain_text(markdown)
    assert all(f"Ebene {depth}" in found for depth in range(30))


def test_a_long_document_takes_no_long_time():
    started = time.monotonic()
    plain_text(DOCUMENT * 200)
    plain_text("<page" * 20_000)
    plain_text("==" * 20_000)
    assert time.monotonic() - started < 5
