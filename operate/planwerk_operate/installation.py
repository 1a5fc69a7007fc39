"""What is installed, compared with `requirements.lock`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCKED: Final = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def differences() -> Iterator[tuple[str, str | None]]:
    """Yield each environment with what is wrong with it.

    Packages that the lock does not name, such as our own, do not count.
    """
    locked: dict[str, set[str]] = {}
    for found in LOCKED.finditer(Path("requirements.lock").read_text(encoding="utf-8")):
        locked.setdefault(found["name"], set()).add(found["version"])
    yield ".venv", _compare(sys.prefix, locked)
    for python in sorted(Path(".meltano").glob("*/*/venv")):
        yield python.parent.name, _compare(str(python), locked)


def _compare(environment: str, locked: dict[str, set[str]]) -> str | None:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "list", "--quiet", "--format=json", f"--python={environment}"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if listed.returncode != 0:
        return "It cannot be used"
    wrong = sorted(
        f"{package['name']} {package['version']}"
        for package in json.loads(listed.stdout)
        if package["version"] not in locked.get(package["name"], {package["version"]})
    )
    return f"It has other versions than requirements.lock: {', '.join(wrong)}" if wrong else None
