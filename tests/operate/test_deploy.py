"""The recipes for cron, systemd, containers and orchestrators are ones that these accept."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from planwerk_operate.sources import SOURCES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROGRAMS = Path(sys.executable).parent


def test_the_container_recipe_has_nothing_that_its_linter_warns_of():
    if not (hadolint := shutil.which("hadolint", path=str(PROGRAMS))):
        pytest.skip("hadolint exists for this machine only by other ways than PyPI")
    command = [hadolint, "--failure-threshold=warning", str(DEPLOY / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_container_starts_what_there_is():
    recipe = (DEPLOY / "Dockerfile").read_text()
    (target,) = re.findall(r"make (\w+)", recipe)
    assert f"\n{target}:" in (ROOT / "Makefile").read_text()
    (command,) = re.findall(r'^CMD \["(.*?)", "sync"\]', recipe, re.MULTILINE)
    assert command == ".venv/bin/planwerk"
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", ".venv/", ".meltano/", ".planwerk/", "state/", ".git/"} <= set(ignored)


def test_the_services_fit_together():
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = composed["services"]
    database, planwerk = services["database"], services["planwerk"]
    assert planwerk["depends_on"] == {"database": {"condition": "service_healthy"}}
    url = planwerk["environment"]["PLANWERK_DATABASE_URL"]
    user = database["environment"]["POSTGRES_USER"]
    assert re.fullmatch(rf"postgresql://{user}:\$\{{\w+\}}@database/{user}", url)
    named = {volume.split(":")[0] for s in services.values() for volume in s["volumes"]}
    assert named == set(composed["volumes"])
    assert (DEPLOY / planwerk["build"]["context"] / planwerk["build"]["dockerfile"]).exists()
    assert "planwerk sync" in planwerk["command"][2]


def test_systemd_accepts_the_units(tmp_path):
    if not (verifier := shutil.which("systemd-analyze")):
        pytest.skip("there is no systemd on this machine")
    (tmp_path / "srv" / ".venv").mkdir(parents=True)
    (tmp_path / "srv" / ".venv" / "bin").symlink_to(PROGRAMS)
    for unit in DEPLOY.glob("planwerk*.*"):
        text = unit.read_text().replace("/srv/planwerk", str(tmp_path / "srv"))
        (tmp_path / unit.name.replace("@.", "@teamwork.")).write_text(text)
    units = sorted(map(str, tmp_path.glob("planwerk*")))
    assert len(units) == 3
    command = [verifier, "verify", "--man=no", *units]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "planwerk" not in done.stderr


def test_there_is_a_schedule_and_a_line_for_cron_per_source():
    wiring = yaml.safe_load((ROOT / "meltano.yml").read_text())
    jobs = {job["name"] for job in wiring["jobs"]}
    assert {schedule["job"] for schedule in wiring["schedules"]} == {f"sync-{s}" for s in SOURCES}
    assert {schedule["job"] for schedule in wiring["schedules"]} <= jobs
    crontab = (DEPLOY / "crontab").read_text()
    assert re.findall(r"planwerk sync (\w+) > /dev/null$", crontab, re.MULTILINE) == list(SOURCES)
