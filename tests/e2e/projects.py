"""What make has set up, as an office uses it: with its own state, settings and database."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SYNC = (str(Path(sys.executable).with_name("planwerk")), "sync", "teamwork")
COPIED = ("meltano.yml", *(path.name for path in ROOT.glob("logging.*.yaml")))


class Project:
    """A checkout, but for the installed programs, which it shares with this one."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        for name in COPIED:
            shutil.copy(ROOT / name, folder / name)
        (folder / "requirements.lock").symlink_to(ROOT / "requirements.lock")
        (folder / ".meltano").mkdir()
        (folder / ".env").touch()
        for name in ("extractors", "loaders", "utilities"):
            (folder / ".meltano" / name).symlink_to(ROOT / ".meltano" / name)

    def start(self, *command):
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command):
        """Return exit code and output."""
        process = self.start(*command)
        said, _ = process.communicate(timeout=100)
        return process.returncode, said

    def sync(self):
        return self.run(*SYNC)

    def meltano(self, *arguments):
        return self.run("meltano", "--log-config=logging.quiet.yaml", *arguments)
