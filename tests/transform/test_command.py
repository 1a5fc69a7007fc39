"""The command line: what it prints, and one sentence for every failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from planwerk_transform import apply as apply_module
from planwerk_transform.errors import TransformError
from psycopg.conninfo import make_conninfo


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "planwerk-transform", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("planwerk-transform: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_apply_says_whether_there_was_anything_to_do(empty_url: str) -> None:
    assert run("apply", "--database-url", empty_url).stdout == "Applied.\n"
    again = run("apply", TRANSFORM_DATABASE_URL=empty_url)
    assert again.stdout == "Nothing to do: the database is up to date.\n"


@pytest.mark.parametrize("command", ["apply", "report"])
def test_an_unreachable_database_is_named_without_the_password(command: str) -> None:
    done = run(command, "--database-url", "postgresql://me:geheim@127.0.0.1:1/x")
    assert_one_sentence(done)
    assert "cannot be reached" in done.stderr
    assert "geheim" not in done.stderr


def test_a_malformed_address_is_named_without_the_password() -> None:
    done = run("apply", "--database-url", "postgresql://me:geheim@[::1/x?port=y")
    assert_one_sentence(done)
    assert "geheim" not in done.stderr


def test_an_unknown_service_is_named() -> None:
    done = run("apply", "--database-url", "service=nowhere_to_be_found")
    assert_one_sentence(done)
    assert "nowhere_to_be_found" in done.stderr


def test_a_missing_privilege_is_named(warehouse: Any, server: str) -> None:
    name = warehouse.value("select current_database()")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create role nobody_of_{name} login")
    url = make_conninfo(warehouse.url, user=f"nobody_of_{name}")
    done = run("apply", "--database-url", url)
    assert_one_sentence(done)
    assert "permission denied" in done.stderr


def test_a_report_before_the_first_apply_says_what_to_do(empty_url: str) -> None:
    done = run("report", "--database-url", empty_url)
    assert_one_sentence(done)
    assert "planwerk-transform apply" in done.stderr


def test_an_old_server_is_named(warehouse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply_module, "OLDEST_SERVER", 990000)
    with pytest.raises(TransformError, match=r"The server is PostgreSQL [0-9]+; Planwerk needs"):
        apply_module.apply(warehouse.url)


def test_a_report_says_what_was_loaded_and_how_it_was_sorted(warehouse: Any) -> None:
    warehouse.load_tags("KG 410", "O-Haus A-EG", "[bold]x[/bold]", "KG 999", "unused")
    warehouse.load("tasks", id=1, tag_ids=[1, 2, 3])
    warehouse.load("tasks", id=2, tag_ids=[1, 4])
    warehouse.load("tasks", id=3, tag_ids=[1], status="deleted")
    warehouse.load_projects({7: "2417 Neubau Kita", 8: "2418 Umbau Schule"})
    warehouse.load_labels(p="Projekte", k=("2417 Kita", "p"), post=("Post", "p"), kg="KG 440")
    warehouse.load_conversation("c", "k", "post", "kg")
    warehouse.load_conversation("d", "k", is_trashed=True)
    for message, conversation in (("1", "c"), ("2", "c"), ("3", "d")):
        warehouse.load_missive("messages", {"id": message, "conversation_id": conversation})
    warehouse.load_folders(f="Projekte", g="Projekte / 2418 Schule", h="Projekte / 2418 Schule / x")
    warehouse.load_document("a", "f", "g")
    warehouse.load_document("b", "f", "g", "h")
    warehouse.load_document("c", "f", "g", "h", is_deleted=True)
    done = run("report", "--database-url", warehouse.url, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.replace("│", " ").split()) for line in done.stdout.splitlines()]
    assert "teamwork tasks 3 1" in lines
    assert "410 Abwasser-, Wasser-, Gasanlagen 2" in lines
    assert "Haus A 1" in lines
    assert any(line.startswith("[bold]x[/bold] 1 No rule recognises") for line in lines)
    assert any(line.startswith("KG 999 1 There is no cost group 999") for line in lines)
    assert "unused" not in done.stdout
    assert any(line.startswith("2417 Neubau Kita 1 2") for line in lines)
    assert "440 Elektrische Anlagen 1" in lines
    assert any(line.startswith("Projekte / Post 1 No rule") for line in lines)
    assert "2418 Umbau Schule 2" in lines
    assert "craft documents 3 1" in lines
    assert "\x1b" not in done.stdout


def test_a_report_since_a_moment_counts_what_is_new_and_says_when_nothing_is(
    warehouse: Any,
) -> None:
    warehouse.load("tasks", id=1, _sdc_batched_at="2026-03-10T08:00:00Z")
    warehouse.load("tasks", id=2, _sdc_batched_at="2026-03-10T09:00:00Z")
    warehouse.load(
        "tags",
        id=3,
        _sdc_batched_at="2026-03-10T08:00:00Z",
        _sdc_deleted_at="2026-03-10T09:00:00Z",
    )
    url = ("--database-url", warehouse.url)
    later = run("report", *url, "--since", "2026-03-10T10:00:00+00:00")
    assert "Nothing new: every row was already there, as it is." in later.stdout
    done = run("report", *url, "--since", "2026-03-10T08:30:00.000001+00:00")
    assert "Nothing new" not in done.stdout
    lines = [" ".join(line.replace("│", " ").split()) for line in done.stdout.splitlines()]
    assert "teamwork tasks 2 0 1" in lines
    assert "teamwork tags 1 1 1" in lines


def test_the_office_s_time_zone_decides_the_day_of_the_work(warehouse: Any) -> None:
    warehouse.load("timelogs", id=1, time_logged="2026-03-31T22:30:00Z")
    day = "select worked_on::text from planwerk.time_entry"
    assert warehouse.value(day) == "2026-04-01"
    changed = run("apply", "--database-url", warehouse.url, TRANSFORM_TIMEZONE="Europe/London")
    assert changed.returncode == 0
    assert warehouse.value(day) == "2026-03-31"


def test_an_unknown_time_zone_is_named(warehouse: Any) -> None:
    done = run("apply", "--database-url", warehouse.url, TRANSFORM_TIMEZONE="Europa/Berlin")
    assert_one_sentence(done)
    assert "Europa/Berlin" in done.stderr
    assert "PLANWERK_TIMEZONE" in done.stderr
