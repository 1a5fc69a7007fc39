"""Each failure is named in one sentence; the link and the key show up nowhere."""

import json
import logging

import pytest
from singer_sdk.exceptions import FatalAPIError
from tap_craft.link import link

from .conftest import SECRET_KEY, SECRET_LINK


@pytest.fixture
def sandbox(shared_sandbox):
    return shared_sandbox


@pytest.mark.parametrize("settings", [{}, {"api_key": "pdk_wrong"}])
def test_a_missing_or_wrong_key_says_which_setting_to_look_at(run, sentence, settings):
    words = sentence(run(link="key", **settings))
    assert "401" in words
    assert "TAP_CRAFT_API_KEY" in words


def test_the_right_key_opens_the_link_and_a_needless_one_does_no_harm(run):
    assert run("folders", link="key", api_key="pdk_sandbox").exit_code == 0
    assert run("folders", api_key="pdk_needless").exit_code == 0


def test_a_key_is_taken_as_people_paste_it_and_refused_without_showing_it(run, sentence):
    assert run("folders", link="key", api_key=" pdk_sandbox\n").exit_code == 0
    words = sentence(run("folders", link="key", api_key="pdk_\nsandbox"))
    assert "TAP_CRAFT_API_KEY" in words
    assert "sandbox" not in words


def test_a_link_that_may_not_read_says_so(run, craft, sentence):
    craft.fault("^connection$", "status", status=403, html=True)
    words = sentence(run("folders"))
    assert "permission" in words
    assert "user_agent" in words


def test_a_wrong_flavour_is_named_as_what_to_look_at(run, sentence):
    assert "flavour" in sentence(run("folders", link="documents", flavour="space"))


TEMPORARY = ["html", "truncate", "malformed", "reset", "status"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("folders", kind) for kind in TEMPORARY]
    + [(path, "html") for path in ("connection", "documents", "tasks", "collections")],
)
def test_what_is_temporary_is_tried_again_and_changes_nothing(run, craft, path, kind):
    stream = path.replace("connection", "folders")
    before = run(stream)
    craft.fault(f"^{path}$", kind, times=3)
    after = run(stream)
    assert after.exit_code == 0
    assert after.records(stream) == before.records(stream)


def test_html_with_status_200_that_does_not_end_is_named(run, craft, sentence):
    craft.fault("^documents$", "html", times=None)
    assert "not a JSON object" in sentence(run("documents"))


@pytest.mark.parametrize("paging_key", ["nextCursor", "pagination"])
def test_a_paging_key_that_should_not_exist_ends_the_run_loudly(run, craft, sentence, paging_key):
    craft.set(paging_key=paging_key)
    words = sentence(run("folders"))
    assert f"has '{paging_key}'" in words
    assert "newer version" in words


def test_members_that_nobody_documented_do_no_harm(run, craft):
    before = run()
    craft.set(extra_fields=True)
    after = run()
    assert after.exit_code == 0
    for stream in ("documents", "document_contents", "tasks", "collection_items"):
        assert after.records(stream) == before.records(stream)


@pytest.mark.parametrize(
    "odd",
    [
        {"documents": {"title": None, "createdAt": "neulich", "clickableLink": None}},
        {"documents": {"dailyNoteDate": 7, "title": {"value": "x"}}},
        {"tasks": {"taskInfo": None, "location": None}},
        {"tasks": {"location": {"type": "page"}, "repeat": "weekly", "completedAt": ""}},
        {"collections": {"documentId": None, "itemCount": None, "name": None}},
        {"collection_items": {"properties": None, "title": None}},
        {"folders": {"documentCount": None, "name": None}},
    ],
)
def test_odd_values_never_cost_a_row(run, craft, odd):
    (kind,) = odd
    streams = {"documents": ("documents", "document_contents")}.get(kind, (kind,))
    before = run(*streams)
    craft.set(served_fields=odd)
    after = run(*streams)
    assert after.exit_code == 0
    for stream in streams:
        assert len(after.records(stream)) == len(before.records(stream)) > 0


def test_a_collection_that_cannot_be_read_keeps_its_rows_until_the_next_run(run, craft):
    streams = ("collections", "collection_items")
    craft.fault("/items$", "status", status=500, times=3)
    first = run(*streams)
    assert first.exit_code == 0
    assert first.streams("ACTIVATE_VERSION") == ["collections"]
    second = run(*streams, state=first.state)
    assert second.streams("ACTIVATE_VERSION") == ["collection_items"]
    rows = craft.truth("collection_items", reachable=True)
    assert len(second.records("collection_items")) == len(rows)


@pytest.mark.parametrize("stream", ["collections", "collection_items"])
def test_a_list_that_is_suddenly_empty_marks_nothing_until_it_is_so_twice(run, craft, stream):
    first = run(stream)
    assert first.records(stream)
    craft.fault("^collections$", "empty_list", times=2)
    second = run(stream, state=first.state)
    assert second.exit_code == 0
    assert not second.streams("ACTIVATE_VERSION")
    assert f"no {stream} any more" in second.log
    third = run(stream, state=second.state)
    assert third.streams("ACTIVATE_VERSION") == [stream]
    assert run(stream, state=third.state).records(stream) == first.records(stream)


def test_a_collection_whose_rows_are_suddenly_missing_keeps_them(run, craft):
    first = run("collection_items")
    changed = craft.truth("collections", reachable=True)[0]
    craft.fault("/items$", "empty_list", times=50)
    second = run("collection_items")
    assert second.exit_code == 0
    assert not second.streams("ACTIVATE_VERSION")
    assert changed["id"] in second.log
    craft.clear_faults()
    third = run("collection_items", state=second.state)
    assert third.records("collection_items") == first.records("collection_items")
    assert third.streams("ACTIVATE_VERSION") == ["collection_items"]


def test_a_space_that_lists_no_tasks_of_all_kinds_marks_none_as_deleted(run, craft):
    craft.fault("^tasks$", "status", status=400)
    done = run("tasks")
    assert done.exit_code == 0
    assert done.records("tasks")
    assert "tasks" not in done.streams("ACTIVATE_VERSION")


@pytest.mark.parametrize("other", ["documents", "daily"])
def test_another_link_in_the_place_of_the_first_is_refused_unless_it_is_allowed(
    run, sentence, other
):
    first = run("documents")
    second = run("documents", state=first.state, link=other)
    assert "leads elsewhere" in sentence(second)
    assert not second.records("documents")
    third = run("documents", state=first.state, link=other, allow_mass_delete=True)
    assert third.streams("ACTIVATE_VERSION") == ["documents"]
    assert run("documents", state=third.state, link=other).exit_code == 0


def test_another_selection_of_the_same_space_is_refused(run, sandbox, sentence):
    first = run("documents", link="documents")
    sandbox.craft.create_link("other-selection", "documents", documents=[])
    url = sandbox.craft_urls["documents"].replace("sandbox-documents", "other-selection")
    assert "leads elsewhere" in sentence(run("documents", state=first.state, api_url=url))


@pytest.mark.parametrize(
    "address",
    [
        "connect.craft.do/links/abc/api/v1",
        "https://connect.craft.do/link/geheim/docs/v1",
        "https://connect.craft.do/links/geheim",
        "http://connect.craft.do/links/geheim/api/v1",
        "",
    ],
)
def test_an_address_that_is_no_link_is_refused_without_showing_it(address):
    with pytest.raises(FatalAPIError, match="TAP_CRAFT_API_URL") as refusal:
        link(address)
    assert "geheim" not in str(refusal.value)


def test_an_address_is_taken_as_people_paste_it():
    pasted = link("  https://connect.craft.do/links/AbC-12/api/v1/ \n")
    assert pasted.url == "https://connect.craft.do/links/AbC-12/api/v1"
    assert (pasted.host, pasted.id) == ("connect.craft.do", "AbC-12")


@pytest.fixture
def whispered(run, sandbox, caplog):
    """Run the tap with a link and a key that are secret; return the run and all it printed."""

    def whispered():
        url = sandbox.craft_url.replace("sandbox-space", SECRET_LINK)
        with caplog.at_level(logging.DEBUG):
            done = run(api_url=url, api_key=SECRET_KEY)
        return done, json.dumps(done.messages) + done.log + str(done.exception)

    return whispered


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("^connection$", {"kind": "status", "status": 404}),
        ("^folders$", {"kind": "status", "status": 400}),
        ("^documents$", {"kind": "status", "status": 500, "times": None}),
        ("^documents$", {"kind": "reset", "times": None}),
        ("^blocks$", {"kind": "truncate", "times": None}),
        ("^blocks$", {"kind": "status", "status": 403, "html": True}),
        ("^tasks$", {"kind": "missing_envelope"}),
        ("^collections$", {"kind": "html", "times": None}),
    ],
)
def test_neither_link_nor_key_shows_up_in_what_a_failing_run_prints(whispered, craft, path, fault):
    craft.fault(path, **fault)
    done, printed = whispered()
    assert done.exit_code == 1
    assert "Craft" in printed
    assert SECRET_LINK not in printed
    assert SECRET_KEY not in printed


def test_neither_link_nor_key_shows_up_in_what_a_good_run_prints(whispered):
    done, printed = whispered()
    assert done.exit_code == 0
    assert "document_contents" in printed
    assert SECRET_LINK not in printed
    assert SECRET_KEY not in printed


def test_the_library_that_sends_requests_does_not_log_their_address(run, caplog):
    with caplog.at_level(logging.DEBUG):
        run("folders")
        # Its warning about an odd header, for instance, names the address.
        assert not logging.getLogger("urllib3.connection").isEnabledFor(logging.WARNING)


def test_a_server_that_repeats_the_address_in_its_refusal_is_not_repeated(
    run, sandbox, requests_mock
):
    requests_mock.get(
        f"{sandbox.craft_url}/connection",
        status_code=400,
        json={"error": "no route /links/sandbox-space/api/v1/connection for pdk_sandbox"},
    )
    done = run("folders", api_key="pdk_sandbox")
    assert "no route /links/***" in done.log
    assert "sandbox-space" not in done.log
    assert "pdk_sandbox" not in done.log


def test_no_connection_is_named_without_the_address(run, sandbox, sentence):
    url = "http://127.0.0.1:9/links/very-secret-link/api/v1"
    words = sentence(run("folders", api_url=url))
    assert "no connection" in words
    assert "very-secret-link" not in words
