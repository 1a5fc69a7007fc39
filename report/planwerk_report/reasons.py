"""Why labels are unmatched: what the database's sentences mean, and say in German."""

from __future__ import annotations

import enum
import re
from typing import Final, NamedTuple


class Kind(enum.Enum):
    """What is the matter with a label."""

    NOTHING_KNOWN = enum.auto()
    """No rule knows it."""
    NO_NAME = enum.auto()
    MAYBE_CODE = enum.auto()
    """It has a number that may be a cost group, or something else."""
    EITHER_EDITION = enum.auto()
    """Its code stands for one group today and stood for another in 2008."""
    WRONG_CODE = enum.auto()
    """Its code is no cost group today, or a range of them."""
    SEVERAL_PROJECTS = enum.auto()
    BROKEN_RULE = enum.auto()
    """A rule says a project that does not exist."""


class Reason(NamedTuple):
    """A reason that was understood.

    Attributes:
        kind: What is the matter.
        german: The sentence in German; none for a sentence that this version does not know.
        found: What the sentence names: codes, names, ids.
    """

    kind: Kind
    german: str | None
    found: tuple[str | None, ...] = ()


_RULE: Final = "benennen Sie es um, oder legen Sie eine Regel in planwerk.rule an"
_KNOWN: Final = (
    (
        Kind.NOTHING_KNOWN,
        r"No rule recognises this label: ",
        f"Keine Regel kennt dieses Label: {_RULE}.",
    ),
    (
        Kind.NOTHING_KNOWN,
        r"No living project has the number (.+), and no rule recognises this label: ",
        (
            "Kein lebendes Projekt hat die Nummer {0}, und keine Regel kennt dieses Label:"
            f" {_RULE}."
        ),
    ),
    (Kind.NO_NAME, r"The label has no name\.", "Das Label hat keinen Namen."),
    (
        Kind.MAYBE_CODE,
        r"KG after another word may be part of a company's name: ",
        (
            "KG hinter einem anderen Wort kann zu einem Firmennamen gehören: schreiben Sie die"
            " Kostengruppe nach vorn, wie in „KG 410 Sanitär“."
        ),
    ),
    (
        Kind.MAYBE_CODE,
        (
            r"The number ([0-9]{3}) counts as a cost group only with KG in front"
            r"(?: or with words that resemble “(.*)”)?\.$"
        ),
        (
            "Die Zahl {0} zählt nur als Kostengruppe, wenn KG davor steht oder die Worte dem Namen"
            " der Kostengruppe ähneln."
        ),
    ),
    (
        Kind.EITHER_EDITION,
        r"([0-9]{3}) is “(.*)” in DIN 276-1:2008-12 and “(.*)” in DIN 276:2018-12, and the words ",
        (
            "{0} ist „{1}“ in DIN 276-1:2008-12 und „{2}“ in DIN 276:2018-12, und die Worte lassen"
            " offen, was gemeint ist."
        ),
    ),
    (
        Kind.WRONG_CODE,
        (
            r"([0-9]{3}) is “(.*)” in DIN 276-1:2008-12 and (?:no cost group|“(.*)”)"
            r" in DIN 276:2018-12; the label means the 2008 group, "
        ),
        (
            "{0} ist „{1}“ in DIN 276-1:2008-12 und heute etwas anderes; gemeint ist die"
            " Kostengruppe von 2008, deren Gegenstand 2018 in keiner einzelnen steht."
        ),
    ),
    (
        Kind.WRONG_CODE,
        (
            r"There is no cost group ([0-9]{3}) in DIN 276:2018-12"
            r" \(in DIN 276-1:2008-12 it was “(.*)”\): "
        ),
        "Es gibt keine Kostengruppe {0} in DIN 276:2018-12 (in DIN 276-1:2008-12 war es „{1}“).",
    ),
    (
        Kind.WRONG_CODE,
        r"There is no cost group ([0-9]{3}) in DIN 276:2018-12: ",
        "Es gibt keine Kostengruppe {0} in DIN 276:2018-12.",
    ),
    (
        Kind.WRONG_CODE,
        r"A range that begins at ([0-9]{3}) names no single cost group: ",
        "Ein Bereich, der bei {0} beginnt, nennt keine einzelne Kostengruppe.",
    ),
    (
        Kind.SEVERAL_PROJECTS,
        r"These projects fit, and none better than the others: (.*)\. Write the whole name",
        "Diese Projekte passen gleich gut: {0}.",
    ),
    (
        Kind.BROKEN_RULE,
        r"Rule ([0-9]+) says that this is the project “(.*)”, and there is none of this id or name",
        "Regel {0} nennt das Projekt „{1}“, und es gibt keines, das so heißt.",
    ),
)


def understand(reason: str) -> Reason:
    """Return what a sentence of `planwerk.unmatched_label.reason` means."""
    for kind, pattern, german in _KNOWN:
        if match := re.match(pattern, reason, re.DOTALL):
            return Reason(kind, german.format(*match.groups()), match.groups())
    return Reason(Kind.NOTHING_KNOWN, None)
