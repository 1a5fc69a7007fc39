"""Note in `meltano.yml` which streams a tap has (a developer's tool).

    tap-teamwork --discover | python operate/note_catalog.py teamwork

Meltano keeps the catalog of a tap, and asks the tap for a new one when a setting has changed, but
not when the tap has. With this note it does: the note is one of the things that it compares.
"""

# ruff: noqa: INP001  (a script, not part of a package)

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

WIRING = Path(__file__).parents[1] / "meltano.yml"


def fingerprint(catalog: Any) -> str:  # noqa: ANN401
    """Return a few letters that change with anything a tap says of its streams."""
    text = json.dumps(catalog, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def noted(wiring: str, source: str, catalog: Any) -> str:  # noqa: ANN401
    """Return the text of `meltano.yml` with the note on the streams of a source.

    Raises:
        ValueError: It has no place for it.
    """
    place = re.compile(rf"(- name: tap-{source}\n(?:    .*\n|\n)*?        catalog: )\S+")
    if not place.search(wiring):
        raise ValueError(f"meltano.yml has no metadata with a catalog for tap-{source}")
    return place.sub(lambda found: f"{found[1]}'{fingerprint(catalog)}'", wiring)


def main() -> None:
    """Read a catalog and write the note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="Such as teamwork.")
    source = parser.parse_args().source
    wiring = WIRING.read_text(encoding="utf-8")
    WIRING.write_text(noted(wiring, source, json.load(sys.stdin)), encoding="utf-8")


if __name__ == "__main__":
    main()
