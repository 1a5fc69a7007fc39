"""The demo: the real jobs over a generated office."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from planwerk_operate.sync import keep_to_ourselves, sync

if TYPE_CHECKING:
    from planwerk_operate.meltano import Meltano


def demo(meltano: Meltano) -> int:
    """Load the generated office and show what came of it; return the exit code."""
    keep_to_ourselves()
    started = dt.datetime.now(dt.timezone.utc)
    # Set here, because a real account in .env would win over the settings in meltano.yml.
    port = os.environ.setdefault("SANDBOX_PORT", "8276")
    os.environ["TAP_TEAMWORK_BASE_URL"] = f"http://127.0.0.1:{port}/teamwork"
    os.environ["TAP_TEAMWORK_API_KEY"] = "twp_sandbox"
    os.environ["TAP_MISSIVE_API_URL"] = f"http://127.0.0.1:{port}/missive/v1"
    os.environ["TAP_MISSIVE_API_TOKEN"] = "missive_pat-sandbox"  # noqa: S105  # not a real one
    os.environ["TAP_CRAFT_API_URL"] = f"http://127.0.0.1:{port}/craft/links/sandbox-space/api/v1"
    os.environ["TAP_CRAFT_API_KEY"] = ""
    os.environ["PLANWERK_NOTIFY"] = ""
    if meltano.run("invoke", "sandbox:up") != 0:
        return 1
    try:
        exit_code = sync(meltano)
    finally:
        meltano.run("invoke", "sandbox:down")
    if exit_code:
        return exit_code
    if meltano.run("invoke", "transform:report", "--since", started.isoformat()) != 0:
        return 1
    seconds = (dt.datetime.now(dt.timezone.utc) - started).total_seconds()
    program = meltano.program.relative_to(Path.cwd())
    print(
        f"\nDone in {seconds:.0f} s. Where to look next:\n"
        "  make report\n"
        "      all of it as one HTML page\n"
        f"  {program} --environment=demo invoke warehouse:psql\n"
        "      the database; try: table planwerk.item_cost_group limit 10;\n"
        "  state/demo:tap-teamwork-to-target-postgres/state.json\n"
        "      the checkpoints\n"
        "  make sync\n"
        "      the same with your own accounts"
    )
    return 0
