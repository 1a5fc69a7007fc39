"""A newer tap has a new column: Meltano may not go on with the catalog of the older one."""

import json
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from accounts import accounts
from conftest import new_project
from projects import ROOT

SELECTED = '["tags.*"]'


@pytest.fixture
def project(tmp_path, sandbox):
    return new_project(tmp_path, accounts(sandbox) | {"TAP_TEAMWORK__SELECT": SELECTED}, "")


def columns(project):
    """Return the columns of tags that the tap tells the loader of."""
    code, said = project.meltano("invoke", "tap-teamwork")
    assert code == 0, said
    (schema,) = (
        message["schema"]
        for message in map(json.loads, filter(lambda line: line[0] == "{", said.splitlines()))
        if message["type"] == "SCHEMA" and message["stream"] == "tags"
    )
    return set(schema["properties"])


def test_new_columns_are_read_when_the_checkout_is_a_newer_one(project):
    wiring = project.folder / "meltano.yml"
    of_now = wiring.read_text(encoding="utf-8")
    wiring.write_text(tool().noted(of_now, "teamwork", "what an older version said"))
    assert "color" in columns(project)
    kept = project.folder / ".meltano/run/tap-teamwork/tap.properties.json"
    catalog = json.loads(kept.read_text())
    (tags,) = (entry for entry in catalog["streams"] if entry["stream"] == "tags")
    del tags["schema"]["properties"]["color"]
    kept.write_text(json.dumps(catalog))
    # As long as nothing is new, the tap is not asked, which would take half a second.
    assert "color" not in columns(project)

    wiring.write_text(of_now)

    assert "color" in columns(project)


@pytest.mark.parametrize("source", ["teamwork", "missive", "craft"])
def test_the_wiring_notes_the_streams_that_the_taps_have(source):
    wiring = (ROOT / "meltano.yml").read_text(encoding="utf-8")
    tap = Path(sys.executable).with_name(f"tap-{source}")
    printed = subprocess.run([tap, "--discover"], check=True, capture_output=True).stdout
    catalog = json.loads(printed)
    assert tool().noted(wiring, source, catalog) == wiring, "run: make raw-tables"
    catalog["streams"][0]["schema"]["properties"]["new"] = {"type": ["string", "null"]}
    assert tool().noted(wiring, source, catalog) != wiring


def test_make_has_a_tap_asked_again_when_it_was_changed():
    changed = "tap-kit/tap_kit/stream.py"
    command = ["make", "--dry-run", "--old-file=.meltano/.ready", f"--what-if={changed}", "sync"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "rm -f .meltano/run/tap-*/tap.properties.cache_key" in said


def tool():
    spec = spec_from_file_location("note_catalog", ROOT / "operate" / "note_catalog.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
