"""What docs/operating.md says is typed, each command as it stands there."""

import datetime as dt
import json
import re

import psycopg
import pytest
from projects import ROOT

SCALE = 0.02
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
CRONTAB = re.findall(
    r"^[\d*].* \* cd /srv/planwerk && (.*)$",
    (ROOT / "deploy" / "crontab").read_text(),
    re.MULTILINE,
)
BY_HAND = re.findall(r"^\| [^|]+ \| `((?:TAP_|meltano )[^`]+)` \|$", PAGE, re.MULTILINE)
CONTENT = {
    "raw_teamwork": ("tasks", "tags", "timelogs", "projects"),
    "raw_missive": ("conversations", "messages", "comments", "contacts"),
    "raw_craft": ("documents", "document_contents", "folders", "collection_items"),
    "planwerk": ("rule", "label", "assignment", "item_change", "person"),
}
SINCE_NEW_YEAR = (
    "conversation_id in (select id from raw_missive.conversations"
    " where last_activity_at >= '2026-01-01')"
)
pytestmark = pytest.mark.timeout(600)


def typed(project, command):
    """Type a line as a person would; return what it said."""
    code, said = project.run("bash", "-euo", "pipefail", "-c", command)
    assert code == 0, f"{command}\n{said}"
    assert "Traceback" not in said
    return said


def content(url):
    """Return digests of what a backup has to bring back, without what the loader notes."""
    digest = (
        "select md5(string_agg(row, ',' order by row)) from (select"
        " (to_jsonb(t) - '{{_sdc_sequence,_sdc_received_at,_sdc_batched_at,_sdc_extracted_at,"
        "_sdc_table_version,_sdc_sync_started_at}}'::text[])::text as row"
        " from {}.{} as t) as rows"
    )
    with psycopg.connect(url) as connection:
        return {
            (schema, table): connection.execute(digest.format(schema, table)).fetchone()
            for schema, tables in CONTENT.items()
            for table in tables
        }


def spoil(url, table, column, where="true"):
    """Change rows by hand, so that it can be seen that they are read again."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        done = connection.execute(
            f"update {table} set {column} = 'verdorben' where {column} is not null and {where}"
        )
        assert done.rowcount


def set_clock(control):
    """Let the office's clock, which stands still, show the time of this machine."""
    shown = dt.datetime.fromisoformat(control.now().replace("Z", "+00:00"))
    control.advance(round((dt.datetime.now(dt.timezone.utc) - shown).total_seconds()))


def test_the_user_of_the_loader_is_made_as_it_says(database_url):
    (statements,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    with psycopg.connect(database_url) as connection:
        connection.execute(statements)
        connection.rollback()


def test_runs_are_watched(project, sandbox, new_database):
    sync, watching, as_json, *_ = BLOCKS
    set_clock(sandbox.control)
    typed(project, sync)
    shown, json_, metrics, doctor = watching.splitlines()
    assert "never" in typed(project, shown), "the other sources are not in use"
    told = typed(project, f"{json_} 2> /dev/null")
    (teamwork,) = (s for s in json.loads(told)["sources"] if s["source"] == "teamwork")
    assert not teamwork["is_stale"]
    assert teamwork["requests"] > 0
    assert teamwork["next_start"]
    *_, by_cron, nightly = (line.replace(".venv/bin/", "").replace(r"\%", "%") for line in CRONTAB)
    assert typed(project, f"{by_cron} 2> /dev/null") == ""
    typed(project, nightly)
    assert len(list(project.folder.glob("planwerk-*.zip"))) == 1
    typed(project, metrics)
    lines = (project.folder / "planwerk.prom").read_text().splitlines()
    assert lines[-1] == "# EOF"
    assert 'planwerk_stale{source="teamwork"} 0.0' in lines

    (project.folder / ".env").chmod(0o600)
    set_clock(sandbox.control)
    said = typed(project, doctor)
    assert re.search("^ok +teamwork +lets us in", said, re.MULTILINE)
    assert re.search("^ok +craft +not in use: TAP_CRAFT_API_URL not set", said, re.MULTILINE)
    for line in typed(project, as_json).splitlines():
        assert line.startswith(("{", "teamwork: loaded"))

    sandbox.control.set(forbidden_path="^tags")
    project.environment |= {
        "TAP_TEAMWORK_API_KEY": "twp_wrong",
        "PLANWERK_STALE_AFTER": "0 seconds",
    }
    (project.folder / ".env").chmod(0o644)
    assert project.sync()[0] == 1
    code, said = project.run("planwerk", "status")
    assert code == 1
    assert "teamwork: STALE" in said
    assert re.search("teamwork: the run of .* failed: .*TAP_TEAMWORK_API_KEY", said)
    project.environment["PLANWERK_DATABASE_URL"] = new_database()
    code, said = project.run("planwerk", "doctor")
    assert code == 1
    assert re.search("^ok +tables +none yet, the first run makes them", said, re.MULTILINE)
    assert re.search("^WRONG teamwork +refuses us\n +.*TAP_TEAMWORK_API_KEY", said, re.MULTILINE)
    assert "chmod 600 .env" in said
    assert "twp_wrong" not in said


def test_everything_is_read_again_backed_up_restored_and_moved(
    office, sandbox, database_url, new_database
):
    load, _, _, backup, by_pg_dump = BLOCKS
    typed(office, load.replace(" teamwork", ""))
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
            " values ('task', '1', 'cost_group', '440', 'include')"
        )
    before = content(database_url)
    assert all(before[name][0] for name in before if name != ("planwerk", "item_change"))

    from_date, one_task, one_stream, forget = BY_HAND
    task = sandbox.control.truth("tasks", reachable=True)[0]["id"]
    spoil(database_url, "raw_teamwork.tasks", "name", f"id = {task}")
    typed(office, one_task.replace("31250101", str(task)))
    spoil(database_url, "raw_missive.messages", "body_text", SINCE_NEW_YEAR)
    typed(office, from_date)
    spoil(database_url, "raw_teamwork.timelogs", "description")
    typed(office, one_stream)
    typed(office, forget)
    typed(office, "planwerk sync craft")
    after = content(database_url)
    changed = [name for name, digest in after.items() if digest != before[name]]
    assert set(changed) <= {("planwerk", "item_change")}, "all is as it was"

    save, put_back = backup.splitlines()
    typed(office, save)
    (file,) = office.folder.glob("planwerk.zip")
    assert file.stat().st_mode & 0o077 == 0
    kept = content(database_url)
    sandbox.control.delete("tasks", task)
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from planwerk.rule")
        connection.execute("truncate raw_missive.messages")
    typed(office, "planwerk sync teamwork")
    typed(office, put_back)
    assert content(database_url) == kept
    typed(office, "planwerk sync teamwork")
    with psycopg.connect(database_url) as connection:
        query = "select deleted_at is not null from raw_teamwork.tasks where id = %s"
        assert connection.execute(query, [task]).fetchone() == (True,), "it went on from there"
        deleted = "select count(*) from raw_teamwork.tags where _sdc_deleted_at is not null"
        assert connection.execute(deleted).fetchone() == (0,)

    elsewhere = new_database()
    office.environment["PLANWERK_DATABASE_URL"] = elsewhere
    typed(office, put_back)
    assert content(elsewhere) == kept
    for command in by_pg_dump.splitlines():
        typed(office, command)
