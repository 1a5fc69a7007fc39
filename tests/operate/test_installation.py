"""Programs of other versions than the locked ones are named."""

import re
import shutil
from pathlib import Path

from planwerk_operate.installation import differences

ROOT = Path(__file__).parents[2]


def test_another_version_than_the_locked_one_is_named(tmp_path, monkeypatch):
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert dict(differences()) == {".venv": None}
    lock = tmp_path / "requirements.lock"
    lock.write_text(re.sub("^typer==[0-9.]+", "typer==0.0.1", lock.read_text(), flags=re.MULTILINE))
    ((place, wrong),) = differences()
    assert place == ".venv"
    assert wrong.startswith("It has other versions than requirements.lock: typer ")
