"""Answers as JSON, also where one value in them is more than the json module takes."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from tap_kit.unfit import DEEPEST

DEEPEST_DECODED = DEEPEST + 50
"""Levels that are decoded: the envelope, and one more than a value may have."""

LONGEST_DIGITS = 4_000
"""Digits of an integer; Python refuses to read more than 4 300."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def decoded(content: bytes) -> Any:  # noqa: ANN401
    """Return the JSON value in an answer's body.

    What would stop the json module is replaced, so that it costs one value and not the answer:
    bytes that are no UTF-8 by U+FFFD, integers of thousands of digits by infinity, what is nested
    too deeply by null. The columns then reject what holds it.

    Raises:
        ValueError: If it is no JSON.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        text = _cut_to_depth(content.decode("utf-8-sig", "replace"))
        return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_DIGITS else math.copysign(math.inf, _sign(digits))


def _sign(digits: str) -> int:
    return -1 if digits.startswith("-") else 1


def _cut_to_depth(text: str) -> str:
    """Return JSON with null for every list and object that is nested too deeply."""
    kept: list[str] = []
    depth = end = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST_DECODED + 1:
                kept += [text[end : token.start()], "null"]
        elif token[0] in "]}":
            if depth == DEEPEST_DECODED + 1:
                end = token.end()
            depth -= 1
    return "".join([*kept, text[end:]])
