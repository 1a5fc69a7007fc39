"""The documents of the office: folders, minutes, defect lists, daily notes, tasks. No HTTP."""

from planwerk_sandbox.office.documents.build import LazySpace
from planwerk_sandbox.office.documents.space import Space

__all__ = ["LazySpace", "Space"]
