"""Before a source is loaded: nobody else does, and Meltano can read its checkpoints."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_transform import command, readiness
from planwerk_transform.errors import SourceBusyError, TransformError
from planwerk_transform.readiness import check_checkpoints, check_nobody_loads
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from pathlib import Path

GOOD = json.dumps(
    {
        "completed": {"singer_state": {"bookmarks": {"tasks": {"replication_key_value": "x"}}}},
        "partial": {},
    }
)
BROKEN = {
    '{"completed": {"singer_state"': "is broken (Expecting ':'",
    "{'completed': {}}": "is broken (Expecting property name",
    "\0\0\0\0": "is broken (Expecting value",
    "[" * 100_000: "is broken",
    "[]": "does not hold what Meltano writes",
    "null": "does not hold what Meltano writes",
    '{"bookmarks": {}}': "does not hold what Meltano writes",
    '{"completed": "x"}': "does not hold what Meltano writes",
    '{"completed": {"singer_state": 3}}': "does not hold what Meltano writes",
    '{"completed": {"singer_state": {"bookmarks": []}}}': "does not hold what Meltano writes",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good state file of Teamwork at the office."""
    made = tmp_path / "state" / "office:tap-teamwork-to-target-postgres" / "state.json"
    made.parent.mkdir(parents=True)
    made.write_text(GOOD)
    return made


def check(file: Path) -> None:
    check_checkpoints(file.parent.parent, "office", "teamwork")


def test_a_broken_state_is_named_with_its_path_and_what_to_do_and_left_untouched(
    file: Path,
) -> None:
    for text, problem in BROKEN.items():
        file.write_text(text)
        with pytest.raises(TransformError) as refused:
            check(file)
        said = str(refused.value)
        assert str(file) in said
        assert problem in said
        assert "state clear --force office:tap-teamwork-to-target-postgres" in said
        assert file.read_text() == text
        check_checkpoints(file.parent.parent, "office", "missive")


def test_a_state_that_a_killed_meltano_or_a_full_disk_left_empty_is_put_back(file: Path) -> None:
    check(file)
    file.write_text("")
    check(file)
    assert file.read_text() == GOOD
    newer = GOOD.replace("x", "y")
    file.write_text(newer)
    check(file)
    file.write_text("{")
    with pytest.raises(TransformError, match=r"replace it by last_good\.json beside it"):
        check(file)
    file.write_text("")
    check(file)
    assert file.read_text() == newer
    file.with_name("last_good.json").unlink()
    file.write_text("")
    check(file)
    assert not file.exists()
    check(file)


def test_the_states_are_closed_to_others_and_an_abandoned_empty_lock_is_removed(
    file: Path,
) -> None:
    lock = file.with_name("lock")
    lock.write_text("1773100800.0")
    os.utime(lock, (0, 0))
    check(file)
    assert lock.exists()
    lock.write_text("")
    check(file)
    assert lock.exists()
    os.utime(lock, (time.time() - 120,) * 2)
    check(file)
    assert not lock.exists()
    assert file.parent.parent.stat().st_mode & 0o777 == 0o700


def test_a_source_is_left_to_a_loader_that_is_at_work(
    warehouse: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 1)
    name = "planwerk loader of raw_teamwork"
    with psycopg.connect(make_conninfo(warehouse.url, application_name=name)) as loader:
        check_nobody_loads(warehouse.url, "missive")
        with pytest.raises(SourceBusyError, match=f"session {loader.info.backend_pid} "):
            check_nobody_loads(warehouse.url, "teamwork")
        arguments = ["apply", "--source=teamwork", f"--database-url={warehouse.url}"]
        monkeypatch.setattr("sys.argv", ["planwerk-transform", *arguments])
        with pytest.raises(SystemExit) as ended:
            command.main()
        assert ended.value.code == os.EX_TEMPFAIL == 75
        assert "teamwork is already being loaded, since 20" in capsys.readouterr().err
    check_nobody_loads(warehouse.url, "teamwork")
