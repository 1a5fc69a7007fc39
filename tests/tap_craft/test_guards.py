"""What must not be taken for the truth: a dead link, a list that is not one, too few rows."""

import pytest

CONTENTS = ("document_contents", "documents")


def test_a_revoked_link_is_said_to_be_revoked_whatever_it_was_asked(run, craft, sentence):
    craft.revoke_link("sandbox-space")
    words = sentence(run())
    assert "revoked" in words
    assert "TAP_CRAFT_API_URL" in words


def test_a_link_that_is_revoked_during_a_run_is_said_to_be_revoked(run, craft, sentence):
    revoke = {"action": "revoke", "kind": "links", "id": "sandbox-space"}
    craft.hook("^blocks$", 3, revoke)
    done = run()
    assert "revoked" in sentence(done)
    assert len(done.records("document_contents")) == 3
    assert not done.streams("ACTIVATE_VERSION")


def test_losing_most_documents_marks_nothing_unless_it_is_allowed(run, craft, sentence):
    first = run(*CONTENTS)
    rows = [row["id"] for row in craft.truth("documents", reachable=True)]
    craft.purge(*rows[: len(rows) * 3 // 4])
    second = run(*CONTENTS, state=first.state)
    assert "allow_mass_delete" in sentence(second)
    assert not second.streams("ACTIVATE_VERSION")
    third = run(*CONTENTS, state=first.state, allow_mass_delete=True)
    assert third.streams("ACTIVATE_VERSION") == ["documents"]


def test_an_empty_list_is_not_believed_at_once_where_the_state_is_gone(run, craft):
    craft.fault("^documents$", "empty_list")
    first = run("documents", link="documents")
    assert not first.records("documents")
    assert not first.streams("ACTIVATE_VERSION")
    second = run("documents", link="documents", state=first.state)
    assert second.records("documents")
    assert second.streams("ACTIVATE_VERSION") == ["documents"]

    craft.fault("^documents$", "empty_list", times=2)
    third = run("documents", link="documents")
    fourth = run("documents", link="documents", state=third.state)
    assert fourth.streams("ACTIVATE_VERSION") == ["documents"], "it really is empty"


@pytest.mark.parametrize(
    "path", ["connection", "folders", "documents", "tasks", "collections", "schema", "items"]
)
def test_a_list_without_items_ends_the_run_and_marks_nothing(run, craft, sentence, path):
    first = run()
    changed = craft.truth("collections", reachable=True)[0]["_document_id"]
    craft.append(changed, "mehr")
    craft.fault(f"{path}$", "missing_envelope")
    streams = {"items": "collection_items", "schema": "collections", "connection": "documents"}
    second = run(streams.get(path, path), state=first.state)
    assert "lacks" in sentence(second)
    assert not second.streams("ACTIVATE_VERSION")
