"""`planwerk sync` and `planwerk demo`: which database they use, what they say when they fail."""

import socket

import psycopg
import pytest

SCALE = 0.02


def test_a_named_database_is_used_and_cron_has_nothing_to_mail(project, database_url):
    project.environment["PLANWERK_TIMEZONE"] = "Europe/London"
    code, said = project.sync()
    assert code == 0, said
    assert "teamwork: loaded" in said
    code, url = project.meltano("invoke", "warehouse:url")
    assert code == 0
    with psycopg.connect(url.splitlines()[-1]) as connection:
        assert connection.info.dbname in database_url
        (tasks,) = connection.execute("select count(*) from planwerk.task").fetchone()
        (timezone,) = connection.execute("select value from planwerk.setting").fetchone()
    assert tasks > 0
    assert timezone == "Europe/London"
    assert not (project.folder / ".planwerk" / "postgres").exists(), "the embedded one"
    assert project.run("sh", "-c", "planwerk sync teamwork > /dev/null") == (0, "")


def test_without_accounts_each_setting_is_asked_for_by_name_with_where_to_find_it(project):
    for name in list(project.environment):
        if name.startswith("TAP_"):
            del project.environment[name]
    code, said = project.run("planwerk", "sync")
    assert code == 1
    assert "teamwork: skipped, because TAP_TEAMWORK_BASE_URL and TAP_TEAMWORK_API_KEY are" in said
    assert "  TAP_MISSIVE_API_TOKEN  the token of a user who sees the mail; in Missive: " in said
    assert ".env" in said
    code, said = project.run("planwerk", "sync", "craft")
    assert code == 1
    assert "TAP_CRAFT_API_URL" in said
    code, said = project.run("planwerk", "sync", "outlook")
    assert code == 1
    assert "There is no source outlook; there are teamwork, missive, craft." in said


def test_a_taken_port_says_which_setting_changes_it(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        project.environment["SANDBOX_PORT"] = port
        code, said = project.run("planwerk", "demo")
    assert code == 1
    assert port in said
    assert "SANDBOX_PORT" in said


@pytest.mark.parametrize(
    ("source", "settings", "words"),
    [
        ("teamwork", {"TAP_TEAMWORK_API_KEY": "twp_geheim"}, "TAP_TEAMWORK_API_KEY"),
        (
            "teamwork",
            {"PLANWERK_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x"},
            "PLANWERK_DATABASE_URL",
        ),
        ("craft", {"TAP_CRAFT_API_URL": "{craft}/links/geheim/api/v1"}, "link is revoked"),
    ],
)
def test_a_failed_sync_says_what_to_do_and_shows_neither_secret_nor_stack_trace(
    project, sandbox, source, settings, words
):
    craft = sandbox.craft_url.partition("/links/")[0]
    project.environment |= {
        name: value.replace("{craft}", craft) for name, value in settings.items()
    }
    code, said = project.run("planwerk", "sync", source)
    assert code == 1
    assert words in said
    assert "Traceback" not in said
    assert f"{source}: failed" in said
    assert "geheim" not in said
    kept = [path for path in project.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert kept
    assert not any(b"geheim" in path.read_bytes() for path in kept)
