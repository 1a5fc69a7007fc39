"""What a newcomer types: the README, in a fresh copy, with an emptied environment."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import lxml.html
import psycopg
import pytest
from accounts import accounts
from planwerk_operate.notify import SETTING
from planwerk_operate.sources import SOURCES
from planwerk_sandbox.server import running

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def blocks(language):
    return [text for kind, text in BLOCKS if kind == language]


class Clone:
    """A copy of the checkout at an awkward place, and an environment with hardly anything in it."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.environment = {
            "HOME": str(folder.parent),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "SANDBOX_PORT": str(port),
            "SANDBOX_SCALE": "0.05",
            # Only to save time: the packages that make has already fetched for this checkout.
            "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv")),
        }

    def run(self, script, **more):
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def ok(self, script, **more):
        done = self.run(script, **more)
        assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def clone():
    # Not below pytest's own folder: every pytest of this user closes that one to others again,
    # and as root the database runs as another user.
    home = Path(tempfile.mkdtemp())
    folder = home / ("Büro Müller & Söhne " + "x" * 80) / "plan werk"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    made = Clone(folder)
    yield made
    made.run("make clean")
    shutil.rmtree(home)


def test_the_readme_can_be_typed_from_top_to_bottom(clone):
    set_up, report, activate, new_rule, load, look, status, tap, state, keep = blocks("sh")

    assert set_up.splitlines() == ["make demo", "make test"]
    forget_data(clone)
    first = clone.ok("make demo")
    assert "Tasks per cost group" in first
    assert "Mails per project" in first
    assert "Documents per project" in first
    assert "Nothing new" not in first
    # The demo never touches a configured account or database.
    again = clone.ok(
        "make demo",
        TAP_TEAMWORK_BASE_URL="http://127.0.0.1:1/real-account",
        TAP_TEAMWORK_API_KEY="twp_real",
        TAP_MISSIVE_API_TOKEN="missive_pat-real",
        TAP_CRAFT_API_URL="https://127.0.0.1:1/links/real/api/v1",
        TAP_CRAFT_API_KEY="pdk_real",
        PLANWERK_DATABASE_URL="postgresql://real:server@127.0.0.1:1/office",
    )
    assert all(f"{source}: loaded" in again for source in ("teamwork", "missive", "craft"))
    assert "Nothing new: every row was already there, as it is." in again
    before = labels_without_rule(clone.ok(report))
    assert "Wärmepumpe" in before
    assert labels_without_rule(clone.ok(activate + new_rule)) == before - {"Wärmepumpe"}
    wiring = (clone.folder / "meltano.yml").read_text(encoding="utf-8")
    assert wiring == (ROOT / "meltano.yml").read_text(encoding="utf-8")

    skipped = clone.run("make sync")
    assert skipped.returncode != 0
    assert "TAP_TEAMWORK_BASE_URL and TAP_TEAMWORK_API_KEY are not set" in skipped.stdout
    assert ".env" in skipped.stdout

    with running(scale=0.05) as sandbox:
        account = accounts(sandbox)
        done = clone.ok(load, **account)
        assert "teamwork: loaded" in done
        assert "missive: loaded" in done
        assert "craft: loaded" in done
        assert (clone.folder / ".env").exists()
        assert "postgresql://" in clone.ok(activate + look, **account)
        look_into_taps(clone, activate + tap, account)
        shown = clone.ok(status, **account)
        assert all(re.search(f"^{source} +2", shown, re.MULTILINE) for source in SOURCES)

        (crontab,) = blocks("crontab")
        of_teamwork, *others = (
            line.replace("/srv/planwerk", f"'{clone.folder}'").split(" ", 5)[5]
            for line in crontab.splitlines()
        )
        assert others == [of_teamwork.replace("teamwork", s) for s in ("missive", "craft")]
        clone.ok(f"{activate} meltano run sync", **account)
        assert "replication_key_value" in clone.ok(activate + state, **account)
        tasks = "select count(*) from raw_teamwork.tasks"
        with database(clone) as connection:
            (before,) = connection.execute(tasks).fetchone()
        clone.ok(of_teamwork, **account)
        with database(clone) as connection:
            assert connection.execute(tasks).fetchone() == (before,)
            for queries in blocks("sql"):
                for query in filter(str.strip, queries.split(";\n")):
                    connection.execute(query)
        assert "Clean: " in clone.ok(activate + keep, **account)


def look_into_taps(clone, commands, account):
    clone.ok(commands, **account)
    messages = (clone.folder / "messages.jsonl").read_text(encoding="utf-8")
    assert messages.count('"type":"RECORD"') > 100
    tags = (clone.folder / "tags.jsonl").read_text(encoding="utf-8")
    assert '"stream":"tags"' in tags
    assert '"stream":"tasks"' not in tags
    labels = (clone.folder / "labels.jsonl").read_text(encoding="utf-8")
    assert '"stream":"shared_labels"' in labels
    folders = (clone.folder / "folders.jsonl").read_text(encoding="utf-8")
    assert '"stream":"folders"' in folders


def labels_without_rule(output):
    """Return the names that a report says no rule knows, from the path that was printed last."""
    page = lxml.html.parse(output.splitlines()[-1])
    return {cell.text_content().strip() for cell in page.xpath("//ul[@class='labels']/li//bdi")}


def forget_data(clone):
    """Remove what other tests have loaded in this copy; what they have installed stays."""
    down = ".venv/bin/planwerk-warehouse"
    clone.ok(f"if [ -x {down} ]; then {down} down; fi; rm -rf .planwerk state")


def database(clone):
    path = str(clone.folder / ".planwerk" / "pg_service.conf")
    url = re.search("host=(.*)", Path(path).read_text(encoding="utf-8"))[1]
    return psycopg.connect(host=url, user="postgres", dbname="planwerk")


def test_every_variable_of_the_example_is_one_that_the_wiring_reads():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    wiring = (ROOT / "meltano.yml").read_text(encoding="utf-8")
    variables = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert variables >= {
        *("TAP_TEAMWORK_BASE_URL", "TAP_TEAMWORK_API_KEY", "TAP_MISSIVE_API_TOKEN"),
        *("TAP_CRAFT_API_URL", "TAP_CRAFT_API_KEY"),
    }
    # Meltano's own, and the one that only `planwerk` reads.
    for variable in variables - {"MELTANO_STATE_BACKEND_URI", SETTING}:
        setting = re.sub("^(TAP_(TEAMWORK|MISSIVE|CRAFT)|REPORT)_", "", variable).lower()
        assert f"${variable}" in wiring or f"- name: {setting}\n" in wiring, variable
