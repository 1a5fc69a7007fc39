"""Refusals of the control interface."""

from __future__ import annotations


class MutationError(ValueError):
    """A mutation that cannot be carried out, with one sentence that says why."""
