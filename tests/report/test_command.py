"""The command as cron runs it."""

import re
import stat
import sys

import pytest
from planwerk_report.command import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line; return exit code, stdout and stderr."""

    def run_command(*arguments, **environment):
        monkeypatch.setattr(sys, "argv", ["planwerk-report", "html", *map(str, arguments)])
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, *capsys.readouterr()

    return run_command


def test_an_empty_database_gives_a_friendly_page_that_only_its_owner_may_read(
    run, new_database, applied_template, tmp_path
):
    output = tmp_path / "report.html"
    output.write_text("of yesterday")
    output.chmod(0o644)
    url = new_database(applied_template)
    assert run(REPORT_DATABASE_URL=url, REPORT_OUTPUT=output) == (0, f"{output}\n", "")
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    page = output.read_text(encoding="utf-8")
    assert len(re.findall(r'<p class="empty">', page)) == 9
    assert "Noch nichts geladen." in page
    assert "Nothing loaded yet." in page
    assert re.search(r"(?:src|href)=.https?:", page[page.index("<body") :][:100_000]) is None


def test_a_failure_is_one_sentence_and_leaves_the_report_of_yesterday(
    run, new_database, office_url, tmp_path
):
    output = tmp_path / "report.html"
    output.write_text("of yesterday")
    for url, sentence in (
        ("host=/nowhere", "The database cannot be reached: "),
        ("postgresql://user:secret@[", "The connection string cannot be read: "),
        (new_database(), "run planwerk-transform apply first."),
        (f"{office_url} options='-c role=pg_monitor'", "member of planwerk_reader."),
    ):
        code, printed, complaint = run("--database-url", url, "--output", output)
        assert (code, printed, complaint.count("\n")) == (1, "", 1)
        assert complaint.startswith("planwerk-report: ")
        assert sentence in complaint
        assert "secret" not in complaint
    assert output.read_text() == "of yesterday"

    code, printed, complaint = run(
        "--database-url", office_url, "--output", tmp_path / "missing" / "report.html"
    )
    assert (code, printed) == (1, "")
    assert "cannot be written to" in complaint
