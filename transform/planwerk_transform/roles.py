"""The roles of readers, editors and the loader: what to do where an apply may not create them."""

from __future__ import annotations

from typing import Final

from planwerk_transform.connection import connect

ROLES: Final = ("planwerk_reader", "planwerk_editor", "planwerk_loader")


def missing_roles_notice(database_url: str) -> str | None:
    """Say in one sentence what a superuser has to type; None if the roles are there.

    Args:
        database_url: A libpq connection string or URL.

    Raises:
        TransformError: The database is unreachable.
    """
    with connect(database_url) as connection:
        found = connection.execute(
            "select name from unnest(%s::text[]) with ordinality as role (name, n)"
            " where to_regrole(name) is null order by n",
            [list(ROLES)],
        ).fetchall()
    if not found:
        return None
    statements = " ".join(f"create role {name} nologin;" for (name,) in found)
    return (
        "Roles for readers, editors or the loader are missing, and this user may not create them:"
        f" have a superuser type “{statements}”, and the next apply gives them their rights."
    )
