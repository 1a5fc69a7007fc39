"""The command: what it prints, what it writes, what it hands on to psql."""

from __future__ import annotations

import psycopg
import pytest


def test_without_a_command_it_names_all(checkout):
    said = checkout.run()
    for command in ("up", "down", "url", "psql", "dump", "restore"):
        assert f" {command} " in said.stdout + said.stderr


def test_url_prints_the_address_alone_and_it_opens_the_database(running):
    done = running.run("url")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    with psycopg.connect(line) as connection:
        assert connection.info.dbname == "planwerk"


def test_up_notes_the_database_as_a_service_that_nobody_else_can_read(running, service):
    running.up()
    assert running.service_file.stat().st_mode & 0o777 == 0o600
    with service(running) as connection:
        assert connection.info.dbname == "planwerk"


def test_other_services_in_the_file_are_kept(running, service):
    others = ["# our servers", "[büro]", "host=db.example.org", "", "# more", "[planwerk_alt]"]
    running.service_file.write_text("\n".join(["[planwerk]", "host=nowhere", *others]))
    for _ in range(2):
        running.up()
        with service(running) as connection:
            assert connection.info.dbname == "planwerk"
        lines = running.service_file.read_text().splitlines()
        assert lines[: len(others)] == others
        assert lines.count("[planwerk]") == 1


def test_a_database_may_have_any_name(running, service):
    name = "Büro \"Süd\" 'x' %s = #1"
    done = running.run("up", WAREHOUSE_DATABASE=name)
    assert (done.returncode, done.stderr) == (0, "")
    with service(running) as connection:
        assert connection.info.dbname == name
    with psycopg.connect(running.run("url", WAREHOUSE_DATABASE=name).stdout.strip()) as connection:
        assert connection.info.dbname == name


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-Atvx=1  2", "-c", "select '-x'", "--command=\\echo :x"], 0, "-x\n1  2\n"),
        (["-v", "ON_ERROR_STOP=1", "-f", "broken.sql"], 3, ""),
        (["-At", "-c", "select current_database()", "-d", "postgres"], 0, "postgres\n"),
        (["-At", "--", "no_such_database"], 2, ""),
    ],
)
def test_psql_is_given_all_arguments_and_gives_back_its_exit_code(running, arguments, code, said):
    (running.path / "broken.sql").write_text("select 1/0;")
    done = running.run("psql", *arguments)
    assert (done.returncode, done.stdout) == (code, said)


def test_without_a_place_for_the_service_file_it_says_who_gives_one(running):
    assert "PGSERVICEFILE is not set" in running.refuses("url", PGSERVICEFILE="")


def test_a_service_file_that_cannot_be_written_is_named(running):
    assert "PGSERVICEFILE" in running.refuses("url", PGSERVICEFILE=str(running.folder))
    assert not list(running.folder.parent.glob("postgres?*"))


def test_a_backup_is_closed_to_others_and_replaces_what_is_there(running):
    backup = running.path / "our backup"
    running.query("create table lost as select 1 as number")
    try:
        assert running.run("dump", str(backup)).returncode == 0
        assert backup.stat().st_mode & 0o777 == 0o600
        running.query("drop table lost; update kept set number = 0")
        done = running.run("restore", str(backup))
        assert (done.returncode, done.stderr) == (0, "")
        assert running.query("select kept.number, lost.number from kept, lost") == "276|1"
    finally:
        running.query("drop table if exists lost")
        backup.unlink()
    done = running.run("restore", str(backup))
    assert done.returncode == 1
    assert "our backup" in done.stderr
