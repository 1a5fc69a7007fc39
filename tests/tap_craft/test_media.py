"""Addresses that differ on every read become places; all else stays."""

import pytest
from tap_craft.media import with_placeholders


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        (
            "![a](https://r.craft.do/x1) [b](https://r.craft.do/y2)",
            "![a](craft-media:1) [b](craft-media:2)",
        ),
        ("https://r.craft.do/x1 https://r.craft.do/x1", "craft-media:1 craft-media:1"),
        (
            "| [a](https://r.craft.do/x1)|https://r.craft.do/y2| |",
            "| [a](craft-media:1)|craft-media:2| |",
        ),
        ("```\ncurl https://r.craft.do/x1\n```", "```\ncurl craft-media:1\n```"),
        ("[a](HTTPS://R.CRAFT.DO/x1)", "[a](craft-media:1)"),
        ("Siehe https://r.craft.do/x1, dann.", "Siehe craft-media:1, dann."),
        ("![a](https://res.craft.do/x1)", "![a](https://res.craft.do/x1)"),
        ("![a](https://r.craft.domain.de/x1)", "![a](https://r.craft.domain.de/x1)"),
    ],
)
def test_each_address_becomes_its_place(text, placed):
    assert with_placeholders(text) == placed
