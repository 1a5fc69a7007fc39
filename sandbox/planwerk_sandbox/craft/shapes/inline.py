"""The `markdown` of a single block: its text with the marks of its kind (3.4)."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planwerk_sandbox.craft.reading import Reading
    from planwerk_sandbox.office.documents.model import Block

LISTS = ("bullet", "numbered", "toggle", "task")
LINES = {"extraLight": 3, "light": 4, "regular": 5, "strong": 6, "pageBreak": 7}
_MARKS = {"bullet": "- ", "numbered": "1. ", "toggle": "+ "}
_NAMES = {"image": "Image", "video": "Video", "drawing": "Drawing", "whiteboard": "Whiteboard"}


def markdown(block: Block, reading: Reading, *, comments: bool = False) -> str:
    """Write a block alone.

    Args:
        block: Any block; of pages, collections and rows this is the title.
        reading: What it depends on.
        comments: Whether text that was remarked on is in `<comment>`, as in a text answer.
    """
    fields = block.fields
    match block.type:
        case "text":
            written = _text(block, reading, comments=comments)
        case "image" | "video" | "drawing" | "whiteboard":
            written = f"![{block.text or _NAMES[block.type]}]({reading.url(block)})"
        case "file":
            written = f"[{fields.get('fileName', '')}]({reading.url(block)})"
        case "richUrl":
            written = f"[{fields.get('title', '')}]({fields.get('url', '')})"
        case "code" if fields.get("language") == "math_formula":
            written = f"$${fields.get('rawCode', '')}$$"
        case "code":
            written = f"```{fields.get('language', '')}\n{fields.get('rawCode', '')}\n```"
        case "line":
            written = "*" * LINES[fields.get("lineStyle", "regular")]
        case "table":
            written = _table(block, reading)
        case _:
            written = reading.view.masked(block.text)
    return written


def _text(block: Block, reading: Reading, *, comments: bool) -> str:
    fields = block.fields
    text = reading.view.masked(block.text)
    if comments:
        for comment in reversed(block.comments):
            text = f'<comment id="{comment.id}">{text}</comment>'
    style = fields.get("textStyle", "body")
    if style == "caption":
        text = f"<caption>{text}</caption>"
    elif style.startswith("h"):
        text = f"{'#' * int(style[1])} {text}"
    decorations = fields.get("decorations", ())
    if "quote" in decorations:
        text = f"> {text}"
    if "callout" in decorations:
        text = f"<callout>{text}</callout>"
    listed = fields.get("listStyle", "none")
    if listed == "task":
        done = fields.get("taskInfo", {}).get("state", "todo") != "todo"
        text = f"- [{'x' if done else ' '}] {text}"
    indentation: int = fields.get("indentationLevel", 0)
    return "  " * indentation + _MARKS.get(listed, "") + text


def _table(block: Block, reading: Reading) -> str:
    """Write a table as GitHub does."""
    head, *body = block.fields.get("rows") or [[""]]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(map(reading.view.masked, line))} |" for line in lines)


def is_grid(block: Block, reading: Reading) -> bool:
    """Whether JSON shows a table as a grid `rows` without `markdown` (both were seen)."""
    if reading.settings.table_form == "mixed":
        return zlib.crc32(block.id.encode()) % 2 == 0
    return reading.settings.table_form == "rows"


def property_text(value: object) -> str:
    """Write a value of a row's property."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
