"""Blocks as JSON and as text: `api/craft.md`, section 9, lines 13 to 20 and 24."""

from __future__ import annotations

import re

import pytest
import requests
from planwerk_sandbox import running

INVALID = (400, "VALIDATION_ERROR")
NOT_FOUND = (404, "NOT_FOUND_ERROR")
MEDIA = re.compile(r"https://r\.craft\.do/(\w{10,21})(?=[)\"]|$)")
TYPES = {
    *("text", "page", "image", "video", "file", "drawing", "whiteboard", "richUrl", "code"),
    *("line", "table", "collection", "collectionItem"),
}


def walk(block):
    yield block
    for child in (*block.get("content", ()), *block.get("items", ())):
        yield from walk(child)


@pytest.fixture
def specimen(library):
    """The id of the document with every kind of block."""
    return library.named("Musterdokument")


@pytest.mark.parametrize("flavour", ["space", "documents"])
def test_blocks_want_an_id(library, flavour):
    assert library.through(flavour).refusal("blocks") == INVALID


def test_a_space_wants_either_an_id_or_a_date(library, specimen):
    assert library.refusal("blocks", id=specimen, date="2026-03-10") == INVALID
    assert library.refusal("blocks", date="gestern") == INVALID
    assert library.body("blocks", date="2026-03-10") == library.body("blocks", date="today")


def test_a_daily_link_shows_today_by_default_and_other_days_by_date(library):
    daily = library.through("daily")
    assert daily.body("blocks")["markdown"] == "Dienstag, 10. März 2026"
    assert daily.body("blocks", date="2026-03-10") == daily.body("blocks")
    assert daily.refusal("blocks", date="2020-01-01") == NOT_FOUND
    assert daily.refusal("blocks", date="2026-03-10", id="x") == INVALID


def test_of_two_notes_of_a_day_the_date_brings_the_one_changed_last(craft, pen):
    old = craft.body("blocks", date="2026-03-10")["id"]
    new = pen.create_document("Konflikt", "Zweites Telefon", dailyNoteDate="2026-03-10")["id"]
    assert craft.body("blocks", date="2026-03-10")["id"] == new
    pen.append(old, "Nachtrag")
    assert craft.through("daily").body("blocks")["id"] == old


def test_unknown_ids_and_those_out_of_scope_are_not_found(library):
    hidden = library.ids("documents") - library.through("documents").ids("documents")
    assert library.refusal("blocks", id="nothing") == NOT_FOUND
    document = next(iter(hidden))
    assert library.get("blocks", id=document).status_code in (200, 500)
    assert library.through("documents").refusal("blocks", id=document) == NOT_FOUND
    assert library.through("daily").refusal("blocks", id=library.named("Muster")) == NOT_FOUND


def test_ids_are_found_in_any_case(library, specimen):
    assert library.body("blocks", id=specimen.swapcase(), maxDepth=0)["id"] == specimen


def test_the_depth_cuts_the_tree_and_leaves_previews(library):
    document = library.named("Verschachtelte Seiten")
    bare = library.body("blocks", id=document, maxDepth=0)
    assert "content" not in bare
    assert bare["contentPreviewMd"].startswith("Vor Ebene 1")
    one = library.body("blocks", id=document, maxDepth=1)
    assert [child["markdown"] for child in one["content"][:3]] == [
        "Vor Ebene 1",
        "Ebene 1",
        "Nach Ebene 1",
    ]
    assert "content" not in one["content"][1]
    assert one["content"][1]["contentPreviewMd"] == "Ebene 2\nNach Ebene 2"
    depths = [
        len(list(walk(library.body("blocks", id=document, maxDepth=depth))))
        for depth in (0, 1, 2, 3, 4, -1)
    ]
    assert depths == [1, 5, 7, 10, 11, 11]
    assert "Ganz unten" in str(library.body("blocks", id=document))


def test_collections_that_are_cut_have_a_preview_of_their_rows(library, specimen):
    rows = library.body("blocks", id=specimen, maxDepth=1)["content"]
    collection = next(row for row in rows if row["type"] == "collection")
    assert "items" not in collection
    assert collection["itemsPreviewMd"].startswith("Zeile mit Unterseite")
    text = library.markdown(specimen, maxDepth=1)
    assert "<itemsPreview>Zeile mit Unterseite" in text
    assert "<contentPreview>" in text
    assert "<collectionItem>" not in text


@pytest.mark.parametrize("depth", ["-2", "all", "1.5"])
def test_a_depth_that_is_none_is_refused(library, specimen, depth):
    assert library.refusal("blocks", id=specimen, maxDepth=depth) == INVALID


def test_metadata_comes_on_demand_with_comments_where_there_are_some(library, specimen):
    assert not any("metadata" in row for row in walk(library.body("blocks", id=specimen)))
    rows = list(walk(library.body("blocks", id=specimen, fetchMetadata="true")))
    wanted = {"createdAt", "lastModifiedAt", "createdBy", "lastModifiedBy", "clickableLink"}
    assert all(wanted <= set(row["metadata"]) for row in rows)
    commented = [row["metadata"]["comments"] for row in rows if "comments" in row["metadata"]]
    assert [len(comments) for comments in commented] == [2]
    assert set(commented[0][0]) == {"id", "author", "content", "createdAt"}


def test_markdown_wraps_pages_in_tags_and_indents_each_level(craft, pen):
    inner = {"type": "page", "text": "Anlage", "textStyle": "card", "cardLayout": "small"}
    document = pen.create_document(
        "Jour fixe 14",
        blocks=[
            {"text": "TOP 1 Rohbau", "textStyle": "h2"},
            {"text": "Decke betoniert", "listStyle": "bullet"},
            {"text": "Nachbehandlung", "listStyle": "bullet", "indentationLevel": 1},
            {"text": "Freigeben", "listStyle": "task", "taskInfo": {"state": "done"}},
            {"text": "Kran\nbis 27.03.", "decorations": ["callout"]},
            inner | {"content": [{"text": "Darin"}, {"type": "code", "rawCode": "a\n  b"}]},
            {"text": "Danach"},
        ],
    )["id"]
    assert craft.markdown(document) == (
        "<page>\n"
        "<pageTitle>Jour fixe 14</pageTitle>\n"
        "<content>\n"
        "    ## TOP 1 Rohbau\n"
        "\n"
        "    - Decke betoniert\n"
        "      - Nachbehandlung\n"
        "    - [x] Freigeben\n"
        "\n"
        "    <callout>Kran\n"
        "    bis 27.03.</callout>\n"
        "\n"
        '    <page textStyle="card" cardLayout="small">\n'
        "    <pageTitle>Anlage</pageTitle>\n"
        "    <content>\n"
        "        Darin\n"
        "\n"
        "        ```\n"
        "        a\n"
        "          b\n"
        "        ```\n"
        "    </content>\n"
        "    </page>\n"
        "\n"
        "    Danach\n"
        "</content>\n"
        "</page>\n"
    )


def test_markdown_has_tags_for_what_markdown_does_not_know(library, specimen):
    text = library.markdown(specimen)
    for part in (
        '<highlight color="yellow">Markiert</highlight>',
        "<caption>Bildunterschrift</caption>",
        "<callout>",
        "<title>Mängelliste</title>",
        "<properties>status, gewerke, frist, kosten, wesentlich</properties>",
        '<property name="gewerke">Rohbau, Fenster</property>',
        "    > Ein Zitat",
        "              - Stufe 5\n",
        "    ```python\n    def kosten(",
        "| KG | Bezeichnung | Kosten |\n    | --- | --- | --- |\n",
        '<page textStyle="card" cardLayout="small">',
    ):
        assert part in text, part
    assert re.search(r'<comment id="[^"]+">Die Luftmenge beträgt .*</comment>', text)
    assert text.index("Schluss nach allen Seiten.") > text.rindex("</page>\n\n    Schluss")


def test_markdown_is_for_blocks_alone(library):
    headers = {"Accept": "text/markdown"}
    response = requests.get(f"{library.url}/connection", headers=headers, timeout=9)
    assert response.headers["Content-Type"].startswith("application/json")


def test_addresses_of_uploads_are_new_at_each_read_and_the_same_within_one(library, specimen):
    first, second = (library.body("blocks", id=specimen) for _ in "12")
    urls = MEDIA.findall(str(first).replace("'", '"'))
    # Once in `url`, once in `markdown`; whiteboard, drawing, video, files and pictures.
    assert len(urls) == 2 * len(set(urls)) == 14
    assert not set(urls) & set(MEDIA.findall(str(second).replace("'", '"')))
    text = library.markdown(specimen)
    assert len(MEDIA.findall(text)) == 7
    assert not set(MEDIA.findall(text)) & set(urls)
    assert text.count("https://images.unsplash.com/photo-1?w=1080") == 1
    assert MEDIA.sub("", text) == MEDIA.sub("", library.markdown(specimen))


@pytest.mark.parametrize("status", [403, 404])
def test_uploads_are_served_on_the_host_of_files_until_their_address_expires(craft, pen, status):
    pen.set(
        media_host=craft.sandbox.attachments_url,
        media_lifetime_seconds=100,
        media_expired_status=status,
    )
    rows = walk(craft.body("blocks", id=craft.named("Musterdokument")))
    file = next(row for row in rows if row.get("fileSize") and row["type"] == "image")
    assert file["url"].startswith(f"{craft.sandbox.attachments_url}/")
    response = requests.get(file["url"], timeout=9)
    assert len(response.content) == file["fileSize"]
    assert response.headers["Content-Type"] == "image/jpeg"
    pen.advance(100)
    headers = {"Authorization": "Bearer pdk_sandbox"}
    assert requests.get(file["url"], headers=headers, timeout=9).status_code == status
    asked = [(entry["status"], entry["authorization"]) for entry in pen.media_requests()]
    assert asked == [(200, False), (status, True)]
    pen.clear_media_requests()
    assert pen.media_requests() == []


def test_every_kind_of_block_occurs_with_its_members(library, specimen):
    rows = list(walk(library.body("blocks", id=specimen)))
    assert {row["type"] for row in rows} == TYPES
    members = set().union(*rows)
    assert {
        *("indentationLevel", "listStyle", "decorations", "color", "taskInfo", "textStyle"),
        *("font", "textAlignment", "cardLayout", "url", "altText", "width", "uploaded"),
        *("fileSize", "mimeType", "fileName", "blockLayout", "title", "description", "layout"),
        *("rawCode", "language", "lineStyle", "properties", "items", "content"),
    } <= members
    lines = [row["markdown"] for row in rows if row["type"] == "line"]
    assert lines == ["*" * count for count in (3, 4, 5, 6, 7)]
    assert {row["taskInfo"]["state"] for row in rows if "taskInfo" in row} == {
        *("todo", "done", "canceled"),
    }
    assert any("repeat" in row.get("taskInfo", {}) for row in rows)
    assert any(row.get("markdown") == "" and row["type"] == "text" for row in rows)


def test_an_empty_document_has_no_content(library):
    empty = library.named("Leeres Dokument")
    assert set(library.body("blocks", id=empty)) == {"id", "type", "textStyle", "markdown"}
    assert library.markdown(empty) == (
        "<page>\n<pageTitle>Leeres Dokument</pageTitle>\n<content>\n</content>\n</page>\n"
    )


@pytest.mark.parametrize("form", ["rows", "markdown"])
def test_tables_are_a_grid_or_markdown(craft, pen, form):
    specimen = craft.named("Musterdokument")
    pen.set(table_form=form)
    tables = [r for r in walk(craft.body("blocks", id=specimen)) if r["type"] == "table"]
    assert all((form in row, len({"rows", "markdown"} & set(row))) == (True, 1) for row in tables)
    if form == "rows":
        assert tables[0]["rows"][0][0] == {"value": "KG", "attributes": []}
    else:
        assert tables[0]["markdown"].startswith("| KG | Bezeichnung | Kosten |\n| --- |")


def test_both_forms_of_tables_occur_by_default():
    """Ids decide the form: it is stable, and over all documents both are frequent."""
    with running(scale=0.3) as sandbox:
        forms = [
            "rows" in row
            for document in sandbox.craft.truth("documents", reachable=True)
            if not document["_broken"]
            for row in walk(
                requests.get(
                    f"{sandbox.craft_url}/blocks", params={"id": document["id"]}, timeout=9
                ).json()
            )
            if row["type"] == "table"
        ]
    assert 0.2 < sum(forms) / len(forms) < 0.8


def test_root_pages_can_tell_their_title_in_the_two_other_ways(craft, pen):
    specimen = craft.named("Musterdokument")
    pen.set(page_title_tag=True, page_title_object=True)
    root = craft.body("blocks", id=specimen)
    assert root["markdown"] == "<page>Musterdokument: alle Blockarten 🧱</page>"
    assert root["title"] == {"value": "Musterdokument: alle Blockarten 🧱", "attributes": []}
    nested = next(row for row in root["content"] if row["type"] == "page")
    assert not nested["markdown"].startswith("<page>")


@pytest.mark.parametrize(("status", "code"), [(500, "INTERNAL_ERROR"), (404, "NOT_FOUND_ERROR")])
def test_a_broken_document_is_listed_but_cannot_be_read_until_it_is_repaired(
    craft, pen, status, code
):
    pen.set(broken_status=status)
    broken = craft.named("Defektes Dokument")
    assert craft.refusal("blocks", id=broken) == (status, code)
    pen.repair_documents(broken)
    assert craft.get("blocks", id=broken).status_code == 200
    pen.break_documents(broken)
    assert craft.refusal("blocks", id=broken) == (status, code)


def test_targets_outside_the_link_are_masked(library, specimen):
    inside = library.markdown(specimen)
    assert re.search(r"\[Ziel\]\(block://[0-9a-f-]{36}\)", inside)
    outside = library.through("documents").markdown(specimen)
    assert "[Ziel](invalid:out_of_scope)" in outside
    assert "date://2026-03-09" in outside
    json = library.through("documents").get("blocks", id=specimen).text
    assert "invalid:out_of_scope" in json
    assert "block://" not in json


def test_targets_inside_the_link_stay_in_any_case(craft, pen):
    target = pen.create_document("Ziel", "x", links=["sandbox-documents"])["id"]
    source = pen.create_document(
        "Quelle", f"[Ziel](block://{target.swapcase()})", links=["sandbox-documents"]
    )["id"]
    selected = craft.through("documents")
    assert f"block://{target.swapcase()}" in selected.markdown(source)
    pen.remove_from_scope(target)
    assert "invalid:out_of_scope" in selected.markdown(source)


def test_the_truth_holds_the_text_of_every_document_with_lasting_names_of_files(library):
    for flavour in ("space", "documents", "daily"):
        client = library.through(flavour)
        truth = library.sandbox.craft.truth("document_contents", flavour=flavour, reachable=True)
        assert truth
        for row in truth:
            seen: dict[str, str] = {}
            text = re.sub(
                r"https://r\.craft\.do/\w+",
                lambda url, seen=seen: seen.setdefault(url[0], f"craft-media:{len(seen) + 1}"),
                client.markdown(row["document_id"]),
            )
            assert text == row["_markdown"]
