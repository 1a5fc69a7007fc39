"""What a run costs, and what it does about Craft's limits."""

import pytest

PLACES = ("unsorted", "templates", "daily_notes", "trash")


@pytest.fixture
def known(run, craft, asked):
    """The state of a run that read everything; nothing was broken."""
    broken = [row["id"] for row in craft.truth("documents") if row["_broken"]]
    if broken:
        craft.repair_documents(*broken)
    state = run().state
    asked()
    return state


def test_nothing_changed_costs_a_request_per_place_and_five_more(run, craft, asked, known):
    done = run(state=known)
    folders = [row for row in craft.truth("folders") if not (row["_built_in"] or row["_deleted"])]
    assert asked() == {
        "connection": 1,
        "folders": 1,
        "documents": len(folders) + len(PLACES) + 1,
        "collections": 1,
        "tasks": 1,
    }
    assert not done.records("document_contents")


def test_nothing_changed_sends_no_collection_and_marks_none_as_deleted(run, known):
    done = run(state=known)
    for stream in ("collections", "collection_items"):
        assert not done.records(stream)
        assert stream not in done.streams("ACTIVATE_VERSION")
    assert done.state["bookmarks"]["collections"] == known["bookmarks"]["collections"]


def test_one_changed_document_costs_one_request_more(run, craft, asked, known, a_document):
    run(state=run(state=known).state)
    asked()
    again = run(state=known).state
    before = asked()
    craft.append(a_document["id"], "mehr")
    craft.advance(60)
    run(state=again)
    after = asked()
    assert before["blocks"] == after["blocks"] == 1
    assert sum(after.values()) == sum(before.values())


@pytest.mark.parametrize("lost", ["nothing", "the file", "its content"])
def test_a_change_in_a_document_sends_all_collections_and_asks_for_its_own(
    run, craft, known, lost, tmp_path
):
    collections = craft.truth("collections", reachable=True)
    changed = collections[0]["_document_id"]
    row = craft.create("collection_items", collection=collections[0]["id"], title="Riss, neu")
    (kept,) = tmp_path.rglob("*.collections.sqlite")
    if lost != "nothing":
        kept.unlink()
    if lost == "its content":
        kept.write_text("no database " * 1_000)
    done = run(state=known)
    paths = craft.requests()["by_path"]
    due = [each for each in collections if each["_document_id"] == changed or lost != "nothing"]
    assert paths["collections/{id}/items"] == paths["collections/{id}/schema"] == len(due)
    assert (str(kept) in done.log) == (lost == "its content")
    assert {"collections", "collection_items"} <= set(done.streams("ACTIVATE_VERSION"))
    assert len(done.records("collections")) == len(collections)
    sent = {record["id"]: record for record in done.records("collection_items")}
    truth = {row["id"]: row for row in craft.truth("collection_items", reachable=True)}
    assert sent.keys() == truth.keys()
    assert sent[row["id"]]["title"] == "Riss, neu"
    assert all(sent[name]["properties"] == truth[name]["properties"] for name in truth)


def test_only_this_user_may_read_what_is_kept_of_collections(known, tmp_path):
    (kept,) = tmp_path.rglob("*.collections.sqlite")
    assert kept.stat().st_mode & 0o077 == 0


def test_the_state_does_not_grow_with_the_number_of_documents(run, craft, known):
    for number in range(30):
        craft.create_document(f"Notiz {number}", "kurz")
    after = run(state=known).state["bookmarks"]
    assert len(str(after)) == pytest.approx(len(str(known["bookmarks"])), abs=20)


def test_a_flavour_that_is_set_is_not_looked_for(run, asked):
    assert run("documents", link="documents").exit_code == 0
    assert asked() == {"connection": 1, "folders": 1, "documents": 1}
    assert run("documents", link="documents", flavour="documents").exit_code == 0
    assert asked() == {"connection": 1, "documents": 1}


class Clock:
    """A clock that moves when the tap sleeps, and the office's clock with it."""

    def __init__(self, craft, monkeypatch):
        self._craft, self.slept = craft, 0.0
        monkeypatch.setattr("time.sleep", self.sleep)
        for name, start in (
            ("buckets.sqlite_bucket.time_ns", 1_800_000_000),
            ("clocks.monotonic_ns", 1_000),
        ):
            monkeypatch.setattr(
                f"pyrate_limiter.{name}", lambda start=start: int((start + self.slept) * 1e9)
            )

    def sleep(self, seconds):
        before, self.slept = self.slept, self.slept + seconds
        self._craft.advance(int(self.slept) - int(before))


ALLOWED = {"requests_per_ten_seconds": 50, "requests_per_minute": 60, "blocks_per_minute": 340}
KEPT = {"requests_per_ten_seconds": 45, "requests_per_minute": 55, "blocks_per_minute": 300}


@pytest.mark.parametrize("limit", KEPT)
def test_each_limit_of_crafts_is_kept_and_would_be_reached_otherwise(
    run, craft, monkeypatch, limit
):
    Clock(craft, monkeypatch)
    craft.set(**dict.fromkeys(ALLOWED, 1_000_000), limits="office")
    craft.set(**{limit: ALLOWED[limit]})
    statuses = []
    for settings in ({limit: KEPT[limit]}, {}):
        craft.clear_requests()
        assert run("document_contents", **settings).exit_code == 0
        statuses.append({entry["status"] for entry in craft.requests()["log"]})
        craft.advance(60)
    assert 429 not in statuses[0]
    assert 429 in statuses[1]


def test_what_craft_asks_to_wait_is_waited(run, craft, waits):
    craft.fault("^blocks$", "status", status=429, headers={"Retry-After": "75"})
    craft.fault("^folders$", "status", status=429)
    done = run("document_contents")
    assert done.exit_code == 0
    assert [wait for wait in waits if wait > 30] == pytest.approx([60, 75], abs=1)
