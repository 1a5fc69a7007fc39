"""What a run costs."""

import pytest
from tap_teamwork.tap import TapTeamwork

PAGE_SIZE = 20


@pytest.fixture
def asked(sandbox):
    """Return how often each list was asked for since the last call."""

    def asked():
        counts = sandbox.control.requests()["by_path"]
        sandbox.control.clear_requests()
        return counts

    return asked


def test_nothing_changed_costs_a_request_per_list_and_the_lists_of_deletions(run, sandbox, asked):
    streams = TapTeamwork(config={"base_url": "https://example.com", "api_key": "x"}).streams
    sandbox.control.delete("projects", sandbox.control.create("projects", name="weg")["id"])
    first = run(*streams)
    assert first.exit_code == 0
    sandbox.control.advance(600)
    second = run(*streams, state=first.state)
    sandbox.control.advance(600)
    asked()
    assert run(*streams, state=second.state).exit_code == 0
    counts = asked()
    # Changes, and deletions, of which there are none: that is believed when it comes twice.
    assert counts.pop("tasks.json") == 3
    # Those that live and those that are deleted.
    assert counts.pop("projects.json") == 2
    assert set(counts.values()) == {1}
    assert counts.keys() == {
        "me.json",
        *("time.json", "comments.json", "tasklists.json", "milestones.json"),
        *("projectcategories.json", "companies.json", "people.json", "teams.json"),
        *("tags.json", "customfields.json", "workflows.json"),
    }


@pytest.mark.parametrize(("stream", "path"), [("tags", "tags.json"), ("comments", "comments.json")])
def test_a_list_of_several_pages_costs_one_request_more_than_it_has_pages(
    run, sandbox, asked, stream, path
):
    pages = -(-len(sandbox.control.truth(stream, reachable=True)) // PAGE_SIZE)
    assert pages > 2
    assert run(stream, page_size=PAGE_SIZE).exit_code == 0
    assert asked()[path] == pages + 1


@pytest.mark.parametrize("deselected", ["workflows", "stages"])
def test_workflows_and_their_stages_come_in_one_request(run, asked, deselected):
    both = run("workflows", "stages")
    assert asked()["workflows.json"] == 1
    assert both.streams("ACTIVATE_VERSION") == ["stages", "workflows"]
    (other,) = {"workflows", "stages"} - {deselected}
    alone = run(other)
    assert asked()["workflows.json"] == 1
    assert ids(alone.records(other)) == ids(both.records(other))


def test_the_stages_of_a_workflow_without_an_id_stay(run, sandbox):
    first = run("workflows", "stages")
    sandbox.control.set(served_fields={"workflows": {"id": None}})
    # One in a page: an answer with several of which none has an id is refused.
    again = run("workflows", "stages", state=first.state, page_size=1)
    assert again.exit_code == 0
    assert not again.records("workflows")
    assert ids(again.records("stages")) == ids(first.records("stages"))
    assert again.streams("ACTIVATE_VERSION") == ["stages"]


def ids(rows):
    return sorted(row["id"] for row in rows)
