"""Run the job of each source, one after the other, in the environment `office` or `demo`.

A source without credentials is skipped with one line, and a source that fails does not stop the
others. The exit code is 1 if a source failed or none could run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

REQUIRED = {
    "teamwork": {"base_url": "TAP_TEAMWORK_BASE_URL", "api_key": "TAP_TEAMWORK_API_KEY"},
    "missive": {"api_token": "TAP_MISSIVE_API_TOKEN"},
    "craft": {"api_url": "TAP_CRAFT_API_URL"},
}
"""Per source: the settings without which its tap cannot run, and their environment variables."""

SOURCES = tuple(REQUIRED)


class Meltano:
    """Meltano in one environment of this project.

    Args:
        environment: `office` or `demo`.
    """

    def __init__(self, environment: str) -> None:
        program = Path(sys.executable).with_name("meltano")
        self._command = [
            str(program),
            "--log-config=logging.quiet.yaml",
            f"--environment={environment}",
        ]

    def run(self, *arguments: str) -> bool:
        """Run a command, its output shown; return whether it succeeded."""
        sys.stdout.flush()
        return subprocess.run([*self._command, *arguments], check=False).returncode == 0  # noqa: S603

    def missing(self, source: str) -> list[str]:
        """Return the environment variables of the settings that a source lacks."""
        printed = subprocess.run(  # noqa: S603
            [*self._command, "config", "print", f"tap-{source}"],
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
        if printed.returncode != 0:
            sys.exit(f"{source}: Meltano cannot read its settings; what it says stands above.")
        settings = json.loads(printed.stdout)
        return [name for setting, name in REQUIRED[source].items() if not settings.get(setting)]


def sync(meltano: Meltano) -> bool:
    """Run the sources that have credentials; return whether at least one ran and none failed."""
    succeeded: list[bool] = []
    for source in SOURCES:
        missing = meltano.missing(source)
        if missing:
            print(
                f"{source}: skipped, because {' and '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} not set. "
                "Put it into the file .env in this folder (see .env.example)."
            )
            continue
        started = dt.datetime.now(dt.timezone.utc)
        succeeded.append(meltano.run("run", f"sync-{source}"))
        seconds = (dt.datetime.now(dt.timezone.utc) - started).total_seconds()
        print(f"{source}: {'loaded' if succeeded[-1] else 'failed'} after {seconds:.0f} s.")
    return bool(succeeded) and all(succeeded)


def demo(meltano: Meltano) -> bool:
    """Load the generated office and show what came of it."""
    started = dt.datetime.now(dt.timezone.utc)
    # Set here, because a real account in .env would win over the settings in meltano.yml.
    port = os.environ.setdefault("SANDBOX_PORT", "8276")
    os.environ["TAP_TEAMWORK_BASE_URL"] = f"http://127.0.0.1:{port}/teamwork"
    os.environ["TAP_TEAMWORK_API_KEY"] = "twp_sandbox"
    os.environ["TAP_MISSIVE_API_URL"] = f"http://127.0.0.1:{port}/missive/v1"
    os.environ["TAP_MISSIVE_API_TOKEN"] = "missive_pat-sandbox"  # noqa: S105  # not a real one
    os.environ["TAP_CRAFT_API_URL"] = f"http://127.0.0.1:{port}/craft/links/sandbox-space/api/v1"
    os.environ["TAP_CRAFT_API_KEY"] = ""
    if not meltano.run("invoke", "sandbox:up"):
        return False
    try:
        synced = sync(meltano)
    finally:
        meltano.run("invoke", "sandbox:down")
    if not synced or not meltano.run("invoke", "transform:report", "--since", started.isoformat()):
        return False
    seconds = (dt.datetime.now(dt.timezone.utc) - started).total_seconds()
    program = Path(sys.executable).with_name("meltano").relative_to(Path.cwd())
    print(
        f"\nDone in {seconds:.0f} s. Where to look next:\n"
        f"  {program} --environment=demo invoke warehouse:psql\n"
        "      the database; try: table planwerk.item_cost_group limit 10;\n"
        "  state/demo:tap-teamwork-to-target-postgres/state.json\n"
        "      the checkpoints\n"
        "  make sync\n"
        "      the same with your own accounts"
    )
    return True


def main() -> int:
    """Run what the first argument names; return the exit code."""
    environment = sys.argv[1]
    meltano = Meltano(environment)
    return 0 if (demo if environment == "demo" else sync)(meltano) else 1


if __name__ == "__main__":
    sys.exit(main())
