"""What stands in the environment or in the file `.env`, as Meltano reads them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dotenv import dotenv_values

if TYPE_CHECKING:
    from collections.abc import Mapping


def setting(name: str) -> str:
    """Return a setting from the environment or, where it is not there, from the file `.env`."""
    settings: Mapping[str, str | None] = {**dotenv_values(".env"), **os.environ}
    return (settings.get(name) or "").strip()
