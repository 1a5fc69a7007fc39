"""Access, limits and faults: `api/craft.md`, section 9, lines 1 to 5, 27, 28 and 30."""

from __future__ import annotations

import pytest
import requests
from planwerk_sandbox import ControlError

KEY = {"Authorization": "Bearer pdk_sandbox"}
FLAVOURS = ("space", "documents", "daily")


def get(url, headers=None):
    return requests.get(url, headers=headers, timeout=9)


@pytest.mark.parametrize("path", ["connection", "folders", "blocks?id=x", "nothing", ""])
def test_an_unknown_link_is_not_found_on_every_path_without_the_code_of_missing_blocks(
    library, path
):
    response = get(f"{library.url.replace('sandbox-space', 'kTn4vR8sYb1')}/{path}")
    assert response.status_code == 404
    assert "code" not in response.json()


def test_a_revoked_link_is_as_dead_as_an_unknown_one_until_it_is_restored(craft, pen):
    pen.revoke_link("sandbox-documents")
    dead = craft.through("documents").get("connection")
    assert (dead.status_code, "code" in dead.json()) == (404, False)
    assert craft.get("connection").status_code == 200
    pen.restore_link("sandbox-documents")
    assert craft.through("documents").get("connection").status_code == 200


def test_the_connection_names_the_space_its_zone_and_both_clocks_but_no_flavour(craft, pen):
    pen.advance(3_723)
    bodies = [craft.through(flavour).body("connection") for flavour in FLAVOURS]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["utc"] == {"time": "2026-03-10T09:02:03.000Z"}
    assert bodies[0]["space"]["time"] == "2026-03-10T10:02:03"
    assert bodies[0]["space"]["friendlyDate"] == "Dienstag, 10. März 2026"
    assert bodies[0]["space"]["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer pdk_wrong"}, {"x-craft-api-key": "pdk_sandbox"}],
)
def test_a_link_with_a_key_wants_it_as_bearer(library, headers):
    response = get(f"{library.sandbox.craft_urls['key']}/connection", headers)
    assert response.status_code == 401
    assert response.json() == {
        "error": "Invalid Authorization header",
        "code": "INVALID_AUTH_HEADER",
    }
    assert get(f"{library.sandbox.craft_urls['key']}/connection", KEY).status_code == 200


def test_a_link_without_a_key_ignores_the_header(library):
    assert get(f"{library.url}/connection", KEY).status_code == 200


def test_a_link_can_be_made_with_its_own_key_permission_and_documents(craft, pen):
    document = pen.create_document("Nur für Prüfer", "Text")["id"]
    pen.create_link("q7Zk2", "documents", key="pdk_1", documents=[document])
    url = craft.url.replace("sandbox-space", "q7Zk2")
    headers = {"Authorization": "Bearer pdk_1"}
    (row,) = get(f"{url}/documents", headers).json()["items"]
    assert row["id"] == document
    pen.edit("links", "q7Zk2", permission="write-only")
    refused = get(f"{url}/documents", headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN")


def test_the_edge_refuses_the_default_agent_of_urllib_with_a_page(library):
    response = get(f"{library.url}/connection", {"User-Agent": "Python-urllib/3.12"})
    assert response.status_code == 403
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("flavour", "path"),
    [
        *(("documents", path) for path in ("folders", "tasks?scope=active")),
        *(("daily", path) for path in ("folders", "documents")),
        *(("space", path) for path in ("search", "documents/x", "collections/x", "x/y")),
        ("space", ""),
    ],
)
def test_paths_outside_the_flavour_and_unknown_ones_are_not_found_as_a_page(library, flavour, path):
    response = get(f"{library.through(flavour).url}/{path}")
    assert response.status_code == 404
    assert response.text.startswith("<!DOCTYPE html>")


def test_other_roots_are_not_found_as_a_page(library):
    for wrong in ("/api/v2/connection", "/connection", ""):
        response = get(library.url.replace("/api/v1", wrong))
        assert (response.status_code, response.text[:9]) == (404, "<!DOCTYPE"), wrong
    assert get(f"{library.sandbox.url}/craft/").status_code == 404


def test_writing_is_refused(library):
    assert requests.post(f"{library.url}/blocks", json={}, timeout=9).status_code == 403


def test_beyond_the_limit_of_an_address_the_edge_answers_without_headers(craft, pen):
    pen.set(limits="office", requests_per_ten_seconds=2)
    assert craft.get("connection").status_code == 200
    assert craft.through("daily").get("connection").status_code == 200
    refused = craft.get("connection")
    assert refused.status_code == 429
    assert not {"Retry-After", "X-RateLimit-Limit"} & set(refused.headers)
    pen.advance(10)
    assert craft.get("connection").status_code == 200


def test_beyond_the_limit_of_the_space_the_answer_says_how_long_to_wait(craft, pen):
    pen.set(limits="office", requests_per_minute=2)
    first = craft.get("connection")
    assert first.headers["X-RateLimit-Remaining"] == "1"
    pen.advance(10)
    assert craft.through("documents").get("connection").status_code == 200
    refused = craft.get("connection")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "50"
    assert refused.headers["X-RateLimit-Limit"] == "2"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Reset"] == str(1_773_129_600 + 60)
    pen.advance(49)
    assert craft.get("connection").status_code == 429
    pen.advance(1)
    assert craft.get("connection").status_code == 200


def test_blocks_have_a_budget_that_listings_do_not_touch(craft, pen):
    pen.set(limits="office", blocks_per_minute=10)
    document = craft.named("Musterdokument")
    first = craft.get("blocks", id=document)
    assert (first.status_code, "X-BlockBudget-Limit" in first.headers) == (200, False)
    refused = craft.get("blocks", id=document)
    assert refused.status_code == 429
    assert "Block budget exceeded" in refused.text
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["X-BlockBudget-Remaining"] == "0"
    assert craft.get("documents").status_code == 200
    pen.advance(60)
    assert craft.get("blocks", id=document, maxDepth=0).status_code == 200
    second = craft.get("blocks", id=document, maxDepth=0)
    assert second.headers["X-BlockBudget-Remaining"] == "8"


def test_limits_can_run_in_real_time(craft, pen):
    pen.set(limits="real", requests_per_minute=1)
    assert craft.get("connection").status_code == 200
    pen.advance(61)
    assert 58 <= int(craft.get("connection").headers["Retry-After"]) <= 60


def test_a_fault_answers_with_a_status_for_some_requests(craft, pen):
    for status in (500, 502, 503, 504):
        pen.fault("^folders", "status", skip=1, status=status, html=True)
        assert [craft.get("folders").status_code for _ in "123"] == [200, status, 200]
        pen.clear_faults()


def test_faults_break_the_body_the_envelope_the_list_and_the_connection(craft, pen):
    document = craft.named("Musterdokument")
    pen.fault("^documents", "malformed")
    with pytest.raises(ValueError, match="line 1"):
        craft.get("documents").json()
    pen.fault("^blocks", "truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        craft.markdown(document)
    pen.fault("^documents", "missing_envelope")
    assert "items" not in craft.body("documents")
    pen.fault("^documents", "empty_list")
    assert craft.items("documents") == []
    pen.fault("^blocks", "empty_list")
    assert craft.markdown(document) == ""
    pen.fault("^documents", "html")
    assert craft.get("documents").headers["Content-Type"].startswith("text/html")
    pen.fault("^documents", "timeout", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{craft.url}/documents", timeout=0.1)
    assert craft.items("documents")


def test_a_paging_key_that_should_not_exist_can_be_switched_on(craft, pen):
    pen.set(paging_key="nextCursor")
    assert set(craft.body("documents")) == {"items", "nextCursor"}
    pen.set(paging_key="pagination")
    assert craft.body("folders")["pagination"] == {"cursor": "c2Vjb25k"}


def test_members_can_be_added_to_rows_and_put_over_them(craft, pen):
    truth = pen.truth("documents")
    pen.set(extra_fields=True, served_fields={"documents": {"lastModifiedAt": None}})
    rows = craft.items("documents", fetchMetadata="true")
    assert all(row["lastModifiedAt"] is None and row["betaFeature"] for row in rows)
    assert pen.truth("documents") == truth
    assert craft.body("blocks", id=rows[0]["id"])["rank"] == [1, 2]


def test_requests_are_counted_in_all_and_by_link(craft, pen):
    document = craft.named("Musterdokument")
    craft.markdown(document)
    craft.through("documents").get("collections/a/items", maxDepth=0, colour="red")
    craft.through("documents").get("connection", colour="red")
    log = pen.requests()
    assert log["total"] == 4
    assert log["by_path"] == {
        "documents": 1,
        "blocks": 1,
        "collections/{id}/items": 1,
        "connection": 1,
    }
    assert log["by_link"] == {
        "sandbox-space": {"documents": 1, "blocks": 1},
        "sandbox-documents": {"collections/{id}/items": 1, "connection": 1},
    }
    assert log["log"][1]["path"] == "blocks"
    assert log["log"][1]["query"] == {"id": document}
    assert log["log"][1]["link"] == "sandbox-space"
    assert log["unknown_parameters"] == [{"path": "connection", "name": "colour"}]
    pen.clear_requests()
    assert pen.requests()["total"] == 0


def test_wrong_settings_and_flavours_are_refused_in_a_sentence(pen):
    for values in ({"colour": 1}, {"broken_status": 403}, {"limits": "often"}):
        with pytest.raises(ControlError, match="etting"):
            pen.set(**values)
    with pytest.raises(ControlError, match="Unknown flavour 'moon'; known are space, documents"):
        pen.truth("documents", flavour="moon")
    pen.set(recursive_folders=True)
    pen.reset_settings()
    assert pen.settings()["recursive_folders"] is False
