"""The status: rows, freshness and checkpoints of every stream on one screen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from planwerk_transform.command import app
from typer.testing import CliRunner

if TYPE_CHECKING:
    from pathlib import Path

STATE = {
    "completed": {
        "singer_state": {
            "bookmarks": {
                "tasks": {"replication_key_value": "2026-03-09T15:03:38Z"},
                "timelogs": {"replication_key_value": "2026-03-09T15:03:38+00:00"},
                "tags": {"row_count": 1, "table_version": 1773100800000},
                "comments": {},
            }
        }
    },
    "partial": {
        "singer_state": {"bookmarks": {"tasks": {"replication_key_value": "2026-03-10T00:30:00Z"}}}
    },
}


@pytest.fixture
def states(tmp_path: Path) -> Path:
    """Meltano's states: Teamwork has one, Missive's is broken, Craft has none."""
    for source, text in (("teamwork", json.dumps(STATE)), ("missive", '{"completed": ')):
        folder = tmp_path / f"office:tap-{source}-to-target-postgres"
        folder.mkdir()
        (folder / "state.json").write_text(text)
    return tmp_path


def test_the_status_names_what_is_there_and_what_is_missing(warehouse: Any, states: Path) -> None:
    warehouse.load_tags("dringend")
    warehouse.load("tasks", id=1, tag_ids=[1], updated_at="2026-03-09T15:03:38Z")
    warehouse.load("tasks", id=2, status="deleted", _sdc_extracted_at="2026-03-10T08:00:00Z")
    warehouse.run(
        "insert into planwerk.trigger_error (source, table_name, message) values"
        " ('teamwork', 'tags', 'out of luck')"
    )
    arguments = ["status", "--database-url", warehouse.url, "--state-folder", str(states)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert len(lines) < 24
    # at the office, an hour before UTC
    assert "teamwork tasks 2 1 2026-03-09 16:03 2026-03-10 09:00 2026-03-10 01:30" in lines
    assert "teamwork tags 1 0 2026-03-10 01:00" in lines
    assert any(line.startswith("craft: no rows in collection_items, ") for line in lines)
    assert (
        "teamwork: no rows but a checkpoint in timelogs; if somebody has emptied that by hand:"
        " TAP_TEAMWORK__SELECT='[\"timelogs.*\"]' meltano run --full-refresh sync-teamwork"
    ) in lines
    assert any(line.startswith("Trigger errors: 1, the last one: out of luck") for line in lines)
    assert "Unmatched labels in use: 1" in lines
    problems = [line for line in lines if "no checkpoints" in line]
    assert [line.split(":")[0] for line in problems] == ["craft", "missive"]
    assert problems[0].endswith("tap-craft-to-target-postgres/state.json is missing")
    assert "is broken (Expecting value" in problems[1]

    said = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).stdout)
    (tasks,) = (row for row in said["streams"] if row["stream"] == "tasks" and row["rows"])
    assert tasks["checkpoint"] == "2026-03-10T01:30:00+01:00"
    assert said["checkpoints"]["missive"]["problem"].startswith("is broken")
    assert (said["trigger_errors"], said["unmatched_labels"]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"completed": {}, "partial": {}}', "has none: no run came far enough"),
        ("[]", "is broken (it does not hold what Meltano writes)"),
        (
            '{"completed": {"singer_state": {"bookmarks": {"tasks": 1}}}, "partial": {}}',
            "is broken",
        ),
        ("", "is broken (Expecting value"),
    ],
)
def test_a_state_that_says_nothing_is_named(
    warehouse: Any, states: Path, text: str, problem: str
) -> None:
    (states / "office:tap-teamwork-to-target-postgres" / "state.json").write_text(text)
    done = CliRunner().invoke(
        app, ["status", "--database-url", warehouse.url, "--state-folder", str(states)]
    )
    assert done.exit_code == 0
    assert f"tap-teamwork-to-target-postgres/state.json {problem}" in done.stdout
