"""The plain text of a message, which Missive does not send (fact sheet 11, trap 19)."""

from __future__ import annotations

import re

from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from lxml.etree import ParserError
from lxml.html import HTMLParser, document_fromstring

_TAG = re.compile(
    r"</?(?:a|b|blockquote|body|br|div|html|i|img|li|p|span|table|ul)\b[^<>]*>", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml [^>]*\?>")
_STYLE = ParserConfig(css=STRICT_CSS_PROFILE)


def plain_text(body: str, channel: str | None) -> str:
    """Return the text of a body as a person reads it.

    Args:
        body: HTML or plain text.
        channel: The message's type: mail is HTML, other channels mostly send plain text.
    """
    if channel != "email" and not _TAG.search(body):
        return body
    try:
        # huge_tree: the parser would otherwise drop what lies deeper than 256 elements.
        document = document_fromstring(
            _XML_DECLARATION.sub("", body.replace("\0", "")), parser=HTMLParser(huge_tree=True)
        )
    except ParserError:
        return ""
    try:
        return str(Inscriptis(document, _STYLE).get_text()).strip()
    except RecursionError:
        return str(document.text_content()).strip()
