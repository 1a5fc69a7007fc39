"""Documents that are read again because somebody wants it, and the greeting."""

import json
from functools import partial

import pytest
from click.testing import CliRunner
from tap_craft.tap import TapCraft


@pytest.fixture
def run(run):
    """Run the tap over a selection of documents, which costs less than a space."""
    return partial(run, "document_contents", link="documents")


def read(run):
    return [record["document_id"] for record in run.records("document_contents")]


def known(run):
    return run.state["bookmarks"]["document_contents"]


def test_a_greeting_is_the_cheapest_call(shared_sandbox, monkeypatch):
    monkeypatch.setenv("TAP_CRAFT_API_URL", shared_sandbox.craft_urls["space"])
    greeted = CliRunner().invoke(TapCraft.cli, ["--config=ENV", "--greet"])
    assert greeted.exit_code == 0
    assert json.loads(greeted.stdout)["server_time"][:16] == shared_sandbox.craft.now()[:16]
    assert list(shared_sandbox.craft.requests()["by_path"]) == ["connection"]


def test_documents_are_read_again_since_a_moment_or_by_their_ids(run, craft):
    for row in craft.truth("documents"):
        if row["_broken"]:
            craft.repair_documents(row["id"])
    first = run()
    moments = {
        record["document_id"]: record["last_modified_at"]
        for record in first.records("document_contents")
    }
    dated = sorted(moment for moment in moments.values() if moment)
    middle = dated[len(dated) // 2]
    plain = run(state=first.state)
    always = read(plain)
    again = run(state=first.state, read_again_from=middle)
    since = [name for name, moment in moments.items() if moment and moment >= middle]
    assert sorted(read(again)) == sorted([*since, *always])
    assert known(again) == known(plain)

    oldest = min((moment, name) for name, moment in moments.items() if moment)[1]
    named = run(state=first.state, read_again_ids=[oldest.upper(), "A0-gone"])
    assert sorted(read(named)) == sorted([oldest, *always])
    assert known(named) == known(plain)
    assert "was to read again (read_again_ids): A0-gone." in named.log

    craft.break_documents(oldest)
    failed = run(state=first.state, read_again_ids=[oldest])
    assert failed.exit_code == 0
    assert f"could not be read and keep the content they had: {oldest}" in failed.log
    craft.repair_documents(oldest)
    assert oldest in read(run(state=failed.state))


def test_a_run_that_is_stopped_while_it_reads_again_leaves_the_others_as_they_were(run, craft):
    first = run()
    craft.fault("^blocks", "status", status=401, skip=2, times=None)
    stopped = run(state=first.state, read_again_from="2020-01-01")
    assert stopped.exit_code == 1
    assert len(read(stopped)) == 2
    craft.clear_faults()
    assert read(run(state=stopped.state)) == read(run(state=first.state))
