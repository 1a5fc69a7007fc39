"""The sources, and the settings without which their taps cannot run."""

from __future__ import annotations

from typing import Final, NamedTuple


class Setting(NamedTuple):
    """A setting that an office has to make.

    Attributes:
        name: In meltano.yml.
        variable: The environment variable, in `.env`.
        place: Where its value is found.
    """

    name: str
    variable: str
    place: str


REQUIRED: Final = {
    "teamwork": (
        Setting(
            "base_url",
            "TAP_TEAMWORK_BASE_URL",
            "the address of your site, such as https://yourcompany.teamwork.com",
        ),
        Setting(
            "api_key",
            "TAP_TEAMWORK_API_KEY",
            "the key of a site administrator; in Teamwork: profile picture, Edit my details, "
            "API & mobile",
        ),
    ),
    "missive": (
        Setting(
            "api_token",
            "TAP_MISSIVE_API_TOKEN",
            "the token of a user who sees the mail; in Missive: Settings, API",
        ),
    ),
    "craft": (
        Setting(
            "api_url",
            "TAP_CRAFT_API_URL",
            "the address of an API link to all documents; in Craft: Imagine, API",
        ),
    ),
}
"""Per source, in the order in which they are loaded."""

SOURCES: Final = tuple(REQUIRED)
