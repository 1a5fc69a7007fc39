"""Where the versions of the API answer."""

from __future__ import annotations

V3, V1 = "projects/api/v3/", "projects/api/v1/"
"""Roots of the API's versions below the site's root; v1 answers at the site's root as well."""


def below_version(path: str) -> str:
    """Return a path below the root of its API version, as fact sheets and logs write it."""
    path = path.lstrip("/")
    for prefix in (V3, V1):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path
