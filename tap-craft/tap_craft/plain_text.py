"""The plain text of a document, for searching: its Markdown without signs and tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

_PARSER = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    .enable(["table", "strikethrough"])
    # It would take "[1]: see plan" for the target of a link and drop it.
    .disable("reference")
)

_ROOT_TITLE = re.compile(r"\A\s*<page[^>\n]*>\s*<pageTitle>.*?</pageTitle>", re.DOTALL)
_TAG = re.compile(
    r"</?(?:page|card|pageTitle|content|callout|caption|highlight|comment|collection|"
    r"collectionItem|title|properties|property|itemsPreview|contentPreview)(?:\s[^<>]*)?/?>"
)
_DEEPER, _HIGHER = re.compile(r"\s*<content>\s*"), re.compile(r"\s*</content>\s*")
_INDENTATION = 4
"""Spaces that each nested content is set in by (fact sheet 3.5)."""
_TASK_SIGN = re.compile(r"^\[[ xX-]\] ")
_MARKED = re.compile(r"==(.+?)==")


def plain_text(markdown: str) -> str:
    """Return the text of a document as a person reads it, without its own title.

    Args:
        markdown: Craft's Markdown, whose pages, callouts and collections are tags (3.5).
    """
    text = _ROOT_TITLE.sub("", markdown)
    return "\n".join(_lines(_PARSER.parse(_TAG.sub("", "\n".join(_set_out(text))))))


def _set_out(text: str) -> Iterator[str]:
    """Yield the lines without the indentation of their page, which would read as code."""
    depth = 0
    for line in text.splitlines():
        if _HIGHER.fullmatch(line):
            depth = max(depth - 1, 0)
        if _DEEPER.fullmatch(line):
            depth += 1
        indented = len(line) - len(line.lstrip(" "))
        yield line[min(indented, depth * _INDENTATION) :]


def _lines(tokens: Iterable[Token]) -> Iterator[str]:
    cells: list[str] | None = None
    number = ""
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield " ".join(filter(None, cells or []))
            cells = None
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type in ("list_item_open", "list_item_close"):
            # A line that begins with "2. OG" reads as an item too.
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline":
            line = number + _TASK_SIGN.sub("", _inline(token.children or []))
            number = ""
            if cells is not None:
                cells.append(line)
            elif line:
                yield line


def _inline(tokens: Iterable[Token]) -> str:
    words = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif token.type == "text":
            words.append(_MARKED.sub(r"\1", token.content))
        elif token.type == "image":
            words.append(_inline(token.children or []))
        else:
            words.append(token.content)
    return "".join(words).strip()
