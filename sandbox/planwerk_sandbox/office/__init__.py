"""The generated office: people, projects and what they work on. Knows nothing of HTTP."""

from planwerk_sandbox.office.build import DEFAULT_SEED, build_office
from planwerk_sandbox.office.office import Office

__all__ = ["DEFAULT_SEED", "Office", "build_office"]
