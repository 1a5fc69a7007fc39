"""Every link between the pages of this repository leads to a file, and to a heading in it."""

import itertools
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = {
    str(page.relative_to(ROOT)): page
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("[!.]*/**/*.md")])
}


def words(inline):
    return "".join(token.content for token in inline.children if token.type != "html_inline")


@cache
def parts(page):
    """Return the links of a page and the anchors that GitHub gives its headings."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))
    links = [
        token.attrs.get("href") or token.attrs.get("src")
        for block in tokens
        for token in block.children or []
        if token.type in ("link_open", "image")
    ]
    seen = Counter()
    anchors = set()
    for before, inline in itertools.pairwise(tokens):
        if before.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", words(inline).lower()).replace(" ", "-")
            anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return links, anchors


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_somewhere(name):
    page = PAGES[name]
    astray = []
    for link in parts(page)[0]:
        address = urlsplit(link)
        if address.scheme:
            continue
        target = (page.parent / unquote(address.path)).resolve() if address.path else page
        anchor = unquote(address.fragment)
        if not target.exists() or (anchor and anchor not in parts(target)[1]):
            astray.append(link)
    assert not astray


def test_the_index_names_every_page_of_the_documentation():
    docs = ROOT / "docs"
    named = {(docs / link).name for link in parts(docs / "README.md")[0]}
    assert named >= {page.name for page in docs.glob("*.md")} - {"README.md"}
