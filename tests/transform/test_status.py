"""The status: rows, freshness and checkpoints of every stream on one screen."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from planwerk_transform.command import app
from prometheus_client.openmetrics.parser import text_string_to_metric_families
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
    assert "teamwork: STALE, no run has loaded everything yet" in lines

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
    assert f"tap-teamwork-to-target-postgres/state.json {problem}" in done.stdout


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Notes of runs: the last one of Teamwork failed, an hour after one that did not."""
    folder = tmp_path / "runs"
    folder.mkdir()
    now = dt.datetime.now(dt.timezone.utc)
    noted = {
        "ended_at": now.isoformat(),
        "succeeded_at": (now - dt.timedelta(hours=1)).isoformat(),
        "failure": "Teamwork refused stream 'tags' with 401 Unauthorized.",
    }
    (folder / "office-teamwork.json").write_text(json.dumps(noted))
    return folder


@pytest.mark.parametrize(
    ("stale_after", "exit_code"), [("", 0), ("90 minutes", 0), ("30 minutes", 1), ("bald", 1)]
)
def test_a_source_that_was_not_loaded_for_too_long_is_told_to_monitoring(
    warehouse: Any, states: Path, runs: Path, stale_after: str, exit_code: int
) -> None:
    warehouse.load_tags("KG 410")
    arguments = ["status", "--database-url", warehouse.url, "--state-folder", str(states)]
    arguments += ["--runs-folder", str(runs), "--stale-after", stale_after]
    done = CliRunner().invoke(app, arguments)
    if stale_after == "bald":
        assert "PLANWERK_STALE_AFTER is no length of time: bald." in str(done.exception)
        return
    assert done.exit_code == exit_code
    is_told = "teamwork: STALE, no run has loaded everything for too long" in done.stdout
    assert is_told == bool(exit_code)
    assert "failed: Teamwork refused stream 'tags' with 401" in done.stdout
    assert not re.search("(craft|missive): STALE", done.stdout), "they are not in use"

    told = CliRunner().invoke(app, [*arguments, "--format", "openmetrics"])
    assert told.exit_code == exit_code
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.stdout)
        for sample in family.samples
    }
    assert samples["planwerk_stale", "teamwork"] == exit_code
    assert samples["planwerk_last_run_failed", "teamwork"] == 1
    assert samples["planwerk_rows", "teamwork", "tags"] == 1
    age = time.time() - samples["planwerk_last_success_timestamp_seconds", "teamwork"]
    assert age == pytest.approx(3600, abs=100)


def test_what_a_tap_noted_at_the_end_of_its_run_counts_as_a_success(
    warehouse: Any, states: Path
) -> None:
    file = states / "office:tap-teamwork-to-target-postgres" / "state.json"
    state = json.loads(file.read_text())
    last_run = {"ended_at": "2026-03-10T08:00:00Z", "requests": 42, "records": 7}
    state["completed"]["singer_state"]["bookmarks"]["rejected_rows"] = {"last_run": last_run}
    file.write_text(json.dumps(state))
    arguments = ["status", "--database-url", warehouse.url, "--state-folder", str(states)]
    done = CliRunner().invoke(app, [*arguments, "--format", "json", "--stale-after", "100 years"])
    assert done.exit_code == 0
    (teamwork,) = (s for s in json.loads(done.stdout)["sources"] if s["source"] == "teamwork")
    assert teamwork["last_success"] == "2026-03-10T09:00:00+01:00"
    assert teamwork["requests"] == 42
    assert teamwork["next_start"] == "2026-03-09T16:03:38+01:00"
