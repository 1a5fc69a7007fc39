"""The embedded server: there when it is needed, wherever the checkout lies, whoever runs it."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from planwerk_warehouse.embedded import BINARIES

CAREFULLY = "import os, sys; os.umask(0o077); os.execv(sys.argv[1], sys.argv[1:])"
"""Run a command so that what it makes is for its user only: the server may be another one."""


def test_the_first_command_makes_the_database_whatever_the_terminal_is_set_to(checkout):
    strange = {"LC_ALL": "xx_YY.UTF-8", "PGPORT": "6543", "PGSERVICE": "planwerk", "PGUSER": "x"}
    checkout.run_by = (sys.executable, "-c", CAREFULLY)
    who_and_where = "select current_user || ' ' || current_database()"
    assert checkout.query(who_and_where, **strange) == "postgres planwerk"
    checkout.run_by = ()  # and from here on as ever
    assert checkout.query(who_and_where) == "postgres planwerk"


def test_umlauts_have_capitals_whatever_the_terminal_is_set_to(running):
    assert running.query("select 'MÄNGEL' ~* 'mängel' and upper('ü') = 'Ü'") == "t"


def test_up_on_a_running_server_changes_nothing(running):
    before = running.postmaster()
    with psycopg.connect(running.run("url").stdout.strip()):
        running.up()
    assert running.postmaster() == before


def test_two_ups_at_once_both_succeed(checkout):
    both = [checkout.start("up"), checkout.start("up")]
    said = [process.communicate(timeout=60) for process in both]
    assert said == [("", "")] * 2
    assert [process.returncode for process in both] == [0, 0]
    assert checkout.query("select 1") == "1"


def test_two_databases_made_at_once_are_both_there(running):
    both = [running.start("up", WAREHOUSE_DATABASE="twice") for _ in range(2)]
    assert [process.communicate(timeout=60) for process in both] == [("", "")] * 2


def test_what_was_written_is_there_after_down_and_up(running):
    first = running.run("down")
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr == "The embedded database is stopped.\n"
    assert not running.socket_folder.exists()
    again = running.run("down")
    assert (again.returncode, again.stderr) == (0, "The embedded database does not run.\n")
    assert running.query("select number from kept") == "276"


def test_down_where_there_never_was_a_server_makes_nothing(checkout):
    assert checkout.run("down").stderr == "The embedded database does not run.\n"
    assert list(checkout.path.iterdir()) == []


def test_up_recovers_from_a_killed_server(running):
    os.kill(running.postmaster(), signal.SIGKILL)
    assert running.query("select number from kept") == "276"


def test_up_is_not_fooled_by_a_process_that_has_the_number_of_a_killed_server(running):
    note = running.data / "postmaster.pid"
    text, owner = note.read_text(), note.stat().st_uid
    running.run("down")
    other = subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None)
    try:
        note.write_text(f"{other.pid}\n{text.partition(chr(10))[2]}")
        os.chown(note, owner, -1)
        assert running.run("down").stderr == "The embedded database does not run.\n"
        assert running.query("select number from kept") == "276"
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('Büro Süd, O\'Haus "A" $HOME `id` \\ &;*', id="every kind of character"),
        pytest.param("/".join(["Ordner im Ordner"] * 12), id="deeper than a socket may lie"),
    ],
)
def test_the_checkout_may_lie_anywhere(new_checkout, service, name):
    checkout = new_checkout(name)
    checkout.up()
    with service(checkout) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert checkout.run("down").stderr == "The embedded database is stopped.\n"


def test_a_checkout_may_be_moved_while_stopped(running):
    running.run("down")
    running.path = running.path.rename(running.path.with_name("moved while stopped"))
    assert running.query("select number from kept") == "276"


def test_a_checkout_may_be_moved_while_running(running):
    left_behind = running.socket_folder
    running.path = running.path.rename(running.path.with_name("moved while running"))
    assert running.query("select number from kept") == "276"
    left_behind.rmdir()


def test_nobody_else_can_reach_the_server(running, normal_user):
    assert running.query("show listen_addresses") == ""
    assert running.socket_folder.stat().st_mode & 0o777 == 0o700
    if not normal_user:
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    psql = [BINARIES / "psql", "-U", "postgres", "-h", running.socket_folder, "-c", "select 1"]
    done = subprocess.run(psql, check=False, capture_output=True, text=True, user=nobody, env={})
    assert "Permission denied" in done.stderr


def test_a_socket_folder_of_somebody_else_is_refused(running):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    running.run("down")
    running.socket_folder.mkdir(mode=0o777)
    os.chown(running.socket_folder, pwd.getpwnam("nobody").pw_uid, -1)
    assert str(running.socket_folder) in running.refuses("up")
    running.socket_folder.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused(running, checkout):
    running.run("down")
    checkout.path.chmod(0o755)
    running.socket_folder.symlink_to(checkout.path)
    try:
        assert str(running.socket_folder) in running.refuses("up")
        assert checkout.path.stat().st_mode & 0o777 == 0o755
    finally:
        running.socket_folder.unlink()


def test_an_open_socket_folder_is_closed(running):
    running.run("down")
    running.socket_folder.mkdir()
    running.socket_folder.chmod(0o777)
    running.up()
    assert running.socket_folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("version", ["13", "9.6"])
def test_data_of_another_version_are_named_and_left_alone(checkout, version):
    checkout.data.mkdir(parents=True)
    (checkout.data / "PG_VERSION").write_text(f"{version}\n")
    said = checkout.refuses("up")
    assert f"are of PostgreSQL {version}, the embedded server is PostgreSQL 18" in said
    assert str(checkout.data) in said
    assert f"any PostgreSQL {version}, rename that folder and restore the dump" in said
    assert "rules and words that people wrote, and the history, are only in there" in said
    assert [path.name for path in checkout.data.iterdir()] == ["PG_VERSION"]
    assert checkout.run("down").stderr == "The embedded database does not run.\n"


def test_a_folder_with_other_things_in_it_is_named_and_left_alone(checkout):
    checkout.data.mkdir(parents=True)
    (checkout.data / "Brief.txt").write_text("Sehr geehrte Damen und Herren")
    assert str(checkout.data) in checkout.refuses("up")
    assert [path.name for path in checkout.data.iterdir()] == ["Brief.txt"]


def test_a_server_that_does_not_start_has_its_log_named(running):
    running.run("down")
    settings = running.data / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(f"{good}\nno_such_setting = 1\n")
    try:
        before = time.monotonic()
        assert str(running.data / "log") in running.refuses("up")
        assert time.monotonic() - before < 30
        assert "no_such_setting" in (running.data / "log").read_text()
    finally:
        settings.write_text(good)


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_folder_that_may_not_be_written_is_named(new_checkout, normal_user, command):
    checkout = new_checkout(run_by=normal_user)
    checkout.folder.mkdir(parents=True)
    checkout.folder.chmod(0o555)
    said = checkout.refuses(command)
    assert str(checkout.folder) in said
    assert "Permission denied" in said
    assert "PLANWERK_DATABASE_URL" in said


def test_root_leaves_the_data_of_a_normal_user_alone(new_checkout, normal_user):
    if os.geteuid() != 0:
        pytest.skip("the tests are not run by root")
    nobody = pwd.getpwnam("nobody")
    checkout = new_checkout(run_by=normal_user)
    os.chown(checkout.path, nobody.pw_uid, nobody.pw_gid)
    assert checkout.query("create table kept as select 276 as number") == "SELECT 1"
    assert checkout.data.stat().st_uid == nobody.pw_uid
    checkout.run_by = ()
    for command in ("up", "down"):
        assert "belong to nobody. Run this as that user." in checkout.refuses(command)
    checkout.run_by = normal_user
    assert checkout.query("select number from kept") == "276"
    assert checkout.run("down").stderr == "The embedded database is stopped.\n"
