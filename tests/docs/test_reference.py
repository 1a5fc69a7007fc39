"""The reference of tables and views says what the database says."""

import runpy
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]


def test_the_reference_is_that_of_the_database(new_database, applied_template):
    generator = runpy.run_path(str(ROOT / "transform" / "generate_reference.py"))
    with psycopg.connect(new_database(applied_template)) as connection:
        pages = generator["reference"](connection)
    for name, text in pages.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, "run: make reference"
        assert "|  |" not in text, "a column without a comment"
