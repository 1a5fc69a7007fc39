"""Clumsy operators and cron: two runs at once, killed runs, backups, a loader with few rights."""

import os
import re
import signal
import sqlite3
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from planwerk_transform.apply import apply
from planwerk_transform.check import compare
from planwerk_warehouse.embedded import BINARIES
from planwerk_warehouse.server import write_service
from projects import COPIED, ROOT, SYNC
from psycopg.conninfo import conninfo_to_dict, make_conninfo

SCALE = 0.05
SECRET = "twp_sandbox"


def wait_for(condition, seconds=60):
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    return found


LOADERS = (
    "select pid from pg_stat_activity where datname = current_database()"
    " and application_name = 'planwerk loader of raw_teamwork'"
)


@pytest.mark.timeout(300)
def test_cron_every_minute_is_safe_when_a_run_hangs_or_is_killed(project, sandbox, database_url):
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        psycopg.connect(database_url) as holder,
    ):
        holder.execute("lock table raw_teamwork.tags in exclusive mode")
        hanging = project.start(*SYNC)
        seen = {}

        def waits():
            for process in psutil.Process(hanging.pid).children(recursive=True):
                with suppress(psutil.Error):
                    seen[process] = process.cmdline() or seen.get(process, [])
            return connection.execute(waiting).fetchone() or hanging.poll() is not None

        waiting = f"{LOADERS} and wait_event_type = 'Lock'"
        wait_for(waits)
        assert hanging.poll() is None, hanging.stdout.read()
        assert_nobody_else_learns_a_secret(project, seen.values(), connection)

        code, said = project.sync()
        assert code == os.EX_TEMPFAIL == 75
        assert f"teamwork: another run is at work on it (process {hanging.pid}, since " in said
        code, said = project.meltano("run", "sync-teamwork")
        assert code == 1
        assert "teamwork is already being loaded, since " in said

        # Killed without a chance to tell its tap and loader, which would go on alone.
        living = [p for p in seen if p.is_running()]
        (meltano,) = (p for p in living if p.ppid() == hanging.pid)
        (loader,) = (p for p in living if "target-postgres" in " ".join(seen[p][:2]))
        os.kill(hanging.pid, signal.SIGKILL)
        meltano.kill()
        hanging.communicate()
        assert loader.is_running()
        let_five_minutes_pass(project)
        code, said = project.sync()
        assert code == 75, said
        assert "teamwork is already being loaded, since " in said
        assert connection.execute("select count(*) from raw_teamwork.tags").fetchone() == (0,)
        holder.rollback()
        wait_for(lambda: not connection.execute(LOADERS).fetchone())

        left_over = list((project.folder / ".meltano" / "run").glob("*/*.*.config.json"))
        assert any(SECRET in path.read_text() for path in left_over)
        for path in left_over:
            os.utime(path, (time.time() - 1000,) * 2)
        code, said = project.sync()
        assert code == 0, said
        assert not any(path.exists() for path in left_over)
        for table in ("tags", "tasks"):
            rows = connection.execute(f"select count(*) from raw_teamwork.{table}").fetchone()
            assert rows == (len(sandbox.control.truth(table, reachable=True)),)

        broken_state_is_named(project)


def broken_state_is_named(project):
    (file,) = (project.folder / "state").glob("*/state.json")
    good = file.read_text()
    file.write_text(good[:40])
    code, said = project.sync()
    assert code == 1
    assert f"The checkpoints of teamwork in {file} cannot be read" in said
    assert "Traceback" not in said
    assert file.read_text() == good[:40]
    (command,) = re.findall(r"from the beginning: meltano (.*)", said)
    assert project.meltano(*command.split())[0] == 0
    assert not file.exists()


def assert_nobody_else_learns_a_secret(project, command_lines, connection):
    """While a run lasts, in the process list, the files and the database."""
    names = {Path(line[1]).name for line in command_lines if len(line) > 1}
    assert names >= {"meltano", "tap-teamwork", "target-postgres"}
    password = conninfo_to_dict(project.environment["PLANWERK_DATABASE_URL"]).get("password")
    for secret in filter(None, (SECRET, password)):
        assert not any(secret in " ".join(line) for line in command_lines)
        (seen,) = connection.execute(
            "select string_agg(s::text, ' ') from pg_stat_activity as s"
            " where pid <> pg_backend_pid()"
        ).fetchone()
        assert secret not in seen
    as_before = {project.folder / name for name in COPIED}  # some speak of the key of the demo
    assert all(path.read_bytes() == (ROOT / path.name).read_bytes() for path in as_before)
    for path in set(project.folder.rglob("*")) - as_before:
        if path.is_file() and not path.is_symlink() and SECRET.encode() in path.read_bytes():
            assert any(p.stat().st_mode & 0o077 == 0 for p in (path, *path.parents)), path
            assert path.parent.parent.name == "run", path  # gone when the run ends


def let_five_minutes_pass(project):
    """Meltano keeps its own lock for as long after a run's last sign of life."""
    with sqlite3.connect(project.folder / ".meltano" / "meltano.db") as database:
        database.execute(
            "update runs set last_heartbeat_at = datetime(last_heartbeat_at, '-6 minutes')"
        )


def test_a_backup_is_restored_as_it_was(pipeline, database_url, new_database, tmp_path):
    assert pipeline.sync(), pipeline.log
    pipeline.connection.execute(
        "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
        " values ('task', '1', 'cost_group', '440', 'include')"
    )
    dump = str(tmp_path / "backup")
    subprocess.run([BINARIES / "pg_dump", "-Fc", "-f", dump, database_url], check=True)
    restored = new_database()
    restore = [BINARIES / "pg_restore", "--exit-on-error", "-d", restored, dump]
    subprocess.run(restore, check=True)
    assert apply(restored) is False
    assert list(compare(restored, keep=False).as_lines()) == []
    with psycopg.connect(restored) as connection:
        for table in ("raw_teamwork.tasks", "planwerk.assignment", "planwerk.rule"):
            query = f"select string_agg(t::text, ',' order by t::text) from {table} as t"
            assert connection.execute(query).fetchone() == (pipeline.value(query),)
        policies = "select count(*) from pg_policies where policyname = 'own_words'"
        assert connection.execute(policies).fetchone() == (1,)
    write_service(conninfo_to_dict(restored))
    assert pipeline.sync(), pipeline.log


@pytest.fixture
def loader_login(database_url, server):
    """A login that may load and nothing else."""
    name = f"loader_of_{conninfo_to_dict(database_url)['dbname']}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create role {name} login in role planwerk_loader")
    write_service(conninfo_to_dict(make_conninfo(database_url, user=name)))
    return make_conninfo(database_url, user=name)


FORBIDDEN = (
    "select * from planwerk.rule",
    "select * from planwerk.task",
    "insert into planwerk.trigger_error (source, table_name, message) values ('', '', '')",
    "select planwerk.refresh_labels()",
    "delete from raw_teamwork.tags",
    "truncate raw_teamwork.tags",
    "drop table raw_teamwork.tags",
    "alter table raw_teamwork.tags add column more text",
    "alter table raw_teamwork.tags disable trigger all",
    "create table raw_teamwork.more (id int)",
    "create table public.more (id int)",
    """
    create temporary table tags (like raw_teamwork.tags);
    create trigger t after insert on tags referencing new table as new_rows
    for each statement execute function planwerk.labels_of_teamwork_tags()
    """,
)


def test_the_role_of_the_loader_suffices_for_all_sources_and_may_do_nothing_else(
    loader_login, database_url, pipeline, mail, documents
):
    for source in (pipeline, mail, documents):
        assert source.sync(), source.log + source.complaints
    tag, other = (row["id"] for row in pipeline.control.truth("tags")[:2])
    pipeline.control.delete("tags", tag)
    pipeline.control.edit("tags", other, name="KG 410")
    assert pipeline.sync(), pipeline.log + pipeline.complaints
    gone = "select id from raw_teamwork.tags where _sdc_deleted_at is not null"
    assert pipeline.rows(gone) == [tag]
    codes = "select code from planwerk.label_cost_group where label_id = %s"
    assert pipeline.rows(codes, str(other)) == [410]
    assert pipeline.rows("select message from planwerk.trigger_error") == []
    assert list(compare(database_url, keep=False).as_lines()) == []
    with psycopg.connect(loader_login, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
