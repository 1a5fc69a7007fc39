"""What the shapes of rows depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planwerk_sandbox.missive.links import Links
    from planwerk_sandbox.missive.settings import MissiveSettings
    from planwerk_sandbox.office.mail import Mail
    from planwerk_sandbox.office.mail.model import Attachment

Shape = dict[str, Any]
"""A row as JSON."""


@dataclass(frozen=True)
class Context:
    """The mail, the settings and the signer of addresses.

    `truthful` writes rows for the truth: nothing redacted, addresses without signature.
    """

    mail: Mail
    settings: MissiveSettings
    links: Links
    truthful: bool = False

    def time(self, moment: float) -> float:
        """Return a time as the API tells it; with a fraction if that is switched on."""
        if not self.settings.fractional_timestamps:
            return moment
        # The same fraction for the same second: rows of one second stay tied.
        return moment + (int(moment) % 4) * 0.25

    def maybe_time(self, moment: float | None) -> float | None:
        """Return a time as the API tells it, or null."""
        return None if moment is None else self.time(moment)

    def link(self, file: Attachment) -> str:
        """Return the address of a file."""
        return self.links.bare(file) if self.truthful else self.links.signed(file)
