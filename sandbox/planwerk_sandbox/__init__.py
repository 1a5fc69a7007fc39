"""One HTTP server that behaves like the office's APIs over a generated office."""

from planwerk_sandbox.client import Control, ControlError
from planwerk_sandbox.craft_client import CraftControl
from planwerk_sandbox.missive_client import MissiveControl
from planwerk_sandbox.server import Sandbox, running

__all__ = ["Control", "ControlError", "CraftControl", "MissiveControl", "Sandbox", "running"]
