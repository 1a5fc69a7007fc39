"""Every row of the documents in the warehouse equals the truth, whatever happened in Craft."""

import pytest
from document_truth import compare, truth

SCALE = 0.05


def sync(documents, **settings):
    assert documents.sync(**settings), documents.log


SWITCHES = {
    "recursive_folders": True,
    "daily_notes_folder": True,
    "moves_change_documents": True,
    "millisecond_times": True,
    "missing_titles": True,
    "page_title_tag": True,
    "plain_options": True,
    "extra_fields": True,
    "broken_status": 404,
}
"""The other position of what the API leaves open."""


def living(documents):
    """Documents that are neither broken nor in the trash, those with a note of a day last."""
    rows = documents.control.truth("documents", flavour=documents.flavour, reachable=True)
    rows = [row for row in rows if not (row["_deleted"] or row["_broken"])]
    return [row["id"] for row in sorted(rows, key=lambda row: row["_location"] == "daily_notes")]


@pytest.mark.parametrize(
    ("flavour", "switches"),
    [("space", {}), ("space", SWITCHES), ("documents", {}), ("daily", {})],
    ids=["space", "space, all switches", "documents", "daily"],
)
def test_every_change_arrives_in_every_flavour(documents, switches):
    control = documents.control
    control.set(**switches)
    sync(documents)
    compare(documents)
    edited, renamed, moved, trashed, restored, purged, left, *_ = living(documents)
    (folder,) = (row["id"] for row in control.truth("folders") if row["_path"] == ["Projekte"])
    control.trash(restored)
    control.advance(300)
    sync(documents)
    compare(documents)

    block = control.add_block(edited, "Anlage", type="page")
    control.add_block(block["id"], "tief darin 🚿 KG 434")
    control.rename(renamed, "Umbenannt, mit 🚿 und " + "Ü" * 5_000)
    if documents.flavour != "daily":
        control.move(moved, folder=control.create_folder("Neu / mit Schrägstrich", folder)["id"])
    control.trash(trashed)
    control.restore(restored)
    control.purge(purged)
    hidden = [
        row["id"]
        for row in control.truth("documents", flavour="documents")
        if not (row["_in_scope"] or row["_deleted"] or row["_purged"])
    ]
    control.add_to_scope(*hidden[:2])
    control.remove_from_scope(left)
    control.rename_folder(folder, "Bauvorhaben")
    control.advance(300)
    sync(documents)
    compare(documents)
    found = dict(
        documents.rows(
            "select id, is_deleted or _sdc_deleted_at is not null from raw_craft.documents"
        )
    )
    assert not any(found[document] for document in (edited, renamed, moved, restored))
    assert found[trashed]
    assert found[purged]
    assert found[left] is (documents.flavour == "documents")


def test_a_repaired_document_is_read_and_then_a_run_with_nothing_new_writes_nothing(documents):
    control = documents.control
    ghosts = [row["id"] for row in control.truth("documents") if row["_broken"]]
    assert ghosts
    sync(documents)
    read = "select document_id from raw_craft.document_contents"
    assert not set(ghosts) & set(documents.rows(read))
    control.repair_documents(*ghosts)
    sync(documents)
    assert set(ghosts) <= set(documents.rows(read))

    written = "select document_id, xmin::text from raw_craft.document_contents order by 1"
    before = documents.rows(written)
    control.clear_requests()
    sync(documents)
    places = 4 + len(truth(documents, "folders"))
    asked = control.requests()
    assert asked["total"] <= places + 8
    assert "blocks" not in asked["by_path"]
    assert documents.rows(written) == before

    control.append(living(documents)[0], "Nachtrag 08 anbei")
    control.advance(60)
    control.clear_requests()
    sync(documents)
    assert control.requests()["by_path"]["blocks"] == 1
    compare(documents)
