"""The structure of the tables as the last apply left them."""

# ruff: noqa: INP001  (a script, not part of a package)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alembic import op

if TYPE_CHECKING:
    import psycopg

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the SQL file of the same name over the driver, which takes many statements at once."""
    driver = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
