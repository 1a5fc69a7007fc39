"""The commands and queries in the documentation of the parts work as printed."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from accounts import accounts

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in [*ROOT.glob("*/README.md"), *ROOT.glob("docs/*.md")]
    if page.parent.name != "bench"
    and page.name != "operating.md"  # has a test of its own, with a whole office
]
# Their queries ask a loaded office (tests/docs).
PAGES_OF_AN_OFFICE = ("adding-a-source.md", "categories.md", "connecting.md", "cookbook.md")
BLOCKS = [
    pytest.param((kind, text), id=f"{page.parent.name}-{number}-{kind}")
    for page in PAGES
    for number, (kind, text) in enumerate(
        re.findall(r"```(\w+)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    )
    if kind == "sh" or page.name not in PAGES_OF_AN_OFFICE
]

WHAT_THE_QUERIES_NAME = """
insert into raw_teamwork.projects (id, name) values
    (600001, '2417 Neubau Kita'), (600012, 'Akquise');
insert into raw_teamwork.tags (id, name) values (1, 'O-Haus A-EG');
create role berichte
"""


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_the_documentation_works_as_printed(block, pipeline, sandbox):
    kind, text = block
    if kind == "sql":
        with pipeline.connection.transaction(force_rollback=True):
            pipeline.connection.execute(WHAT_THE_QUERIES_NAME)
            pipeline.connection.execute(text)
    elif kind == "json":
        assert json.loads(text)
    elif kind == "python":
        exec(compile(text, "documentation", "exec"), {})
    elif kind == "sh":
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=pipeline.folder,
            env=pipeline.environment
            | accounts(sandbox)
            | {"PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    else:
        pytest.fail(f"no test knows how to try a block of {kind}")
