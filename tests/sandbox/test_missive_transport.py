"""Transport: `api/missive.md`, section 12, lines 1 to 7, faults, hooks and the control."""

from __future__ import annotations

import threading

import pytest
import requests
from planwerk_sandbox import ControlError

REVOKED = {"error": {"message": "Authentication token is invalid or has been revoked"}}
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest.mark.parametrize(
    "authorization", [None, "Bearer wrong", "missive_pat-sandbox", "Basic missive_pat-sandbox"]
)
def test_without_the_token_the_answer_is_the_401_that_missive_gives(untouched, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    response = requests.get(f"{untouched.missive_url}/users", headers=headers, timeout=9)
    assert response.status_code == 401
    assert response.json() == REVOKED


@pytest.mark.parametrize(
    "path", ["organizations", "users", "teams", "shared_labels", "contact_books", "responses"]
)
def test_every_list_is_wrapped_in_its_plural_and_nothing_else(mail, path):
    body = mail.get(path).json()
    assert set(body) == {path}
    assert body[path]


def test_unknown_paths_and_ids_are_not_found_as_json(mail):
    for path in (
        *("nothing", "conversations/x", "conversations/x/messages", "messages/x", "tasks/x"),
        *("contacts/x", "responses/x", "comments", "users/x", "conversations/x/y/z"),
    ):
        assert mail.refusal(path) == (404, "Not found"), path
    root = mail.sandbox.missive_url.removesuffix("/v1")
    assert mail.session.get(f"{root}/users", timeout=9).status_code == 404


def test_a_404_can_have_an_empty_body(missive, hand):
    hand.set(empty_404=True)
    response = missive.get("conversations/x")
    assert (response.status_code, response.content) == (404, b"")


def test_writing_is_refused(mail):
    url = f"{mail.sandbox.missive_url}/posts"
    assert mail.session.post(url, json={}, timeout=9).status_code == 405


def test_a_fault_speaks_as_missive_does_and_leaves_teamwork_alone(missive, teamwork, hand):
    hand.fault("^conversations", "status", status=429, headers={"Retry-After": "900"})
    assert teamwork.get("tasks.json").status_code == 200
    refused = missive.get("conversations", all="true")
    assert refused.headers["Retry-After"] == "900"
    assert refused.json() == {"error": {"message": "Error 429"}}
    hand.fault("^conversations", "status", status=502, html=True)
    assert missive.get("conversations", all="true").headers["Content-Type"].startswith("text/html")


def test_faults_break_the_body_the_envelope_and_the_list(missive, hand):
    hand.fault("^users", "malformed")
    with pytest.raises(ValueError, match="line 1"):
        missive.get("users").json()
    hand.fault("^users", "truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        missive.get("users")
    hand.fault("^users", "missing_envelope")
    assert "users" not in missive.get("users").json()
    hand.fault("^users", "empty_list")
    assert missive.rows("users") == []
    hand.fault("^users", "reset")
    with pytest.raises(requests.ConnectionError):
        missive.get("users")
    hand.fault("^users", "timeout", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        missive.session.get(f"{missive.sandbox.missive_url}/users", timeout=0.1)
    assert missive.rows("users")


@pytest.mark.parametrize(
    ("window", "seconds"), [("requests_per_minute", 60), ("requests_per_quarter_hour", 900)]
)
def test_beyond_a_limit_the_answer_is_429_until_the_window_frees(missive, hand, window, seconds):
    hand.set(limits="office", **{window: 2})
    assert missive.get("users").status_code == 200
    hand.advance(10)
    assert missive.get("users").status_code == 200
    refused = missive.get("users")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(seconds - 10)
    assert refused.headers["X-RateLimit-Limit"] == "2"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["X-RateLimit-Reset"]) == 1773129610 + seconds - 10
    hand.set(client_errors_count=False)
    for _ in range(2):
        assert missive.get("users").status_code == 200
    hand.advance(seconds - 1)
    assert missive.get("users").status_code == 429
    hand.advance(1)
    assert missive.get("users").status_code == 200


@pytest.mark.parametrize("free", [True, False])
def test_client_errors_count_towards_the_limits_unless_they_are_free(missive, hand, free):
    hand.set(limits="office", requests_per_minute=2, client_errors_count=not free)
    for _ in range(3):
        missive.get("nothing")
    assert missive.get("users").status_code == (200 if free else 429)


def test_limits_can_run_in_real_time(missive, hand):
    hand.set(limits="real", requests_per_minute=1)
    assert missive.get("users").status_code == 200
    hand.advance(61)
    assert 58 <= int(missive.get("users").headers["Retry-After"]) <= 60


def test_the_sixth_request_at_the_same_time_is_refused(missive, hand):
    hand.set(limits="office")
    hand.fault("^users", "timeout", seconds=0.4, times=5)
    answers = []

    def ask():
        headers = dict(missive.session.headers)
        url = f"{missive.sandbox.missive_url}/users"
        answers.append(requests.get(url, headers=headers, timeout=9).status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 5 + [429]


def test_rate_headers_come_only_with_a_429_unless_switched_on(missive, hand):
    assert not [name for name in missive.get("users").headers if name in HEADERS]
    hand.set(limits="office", requests_per_minute=3, rate_headers_always=True)
    assert [missive.get("users").headers["X-RateLimit-Remaining"] for _ in range(2)] == ["2", "1"]


def test_the_date_header_tells_the_time_of_the_office(missive, hand):
    hand.advance(60)
    assert missive.get("users").headers["Date"] == "Tue, 10 Mar 2026 08:01:00 GMT"


def test_the_request_log_counts_by_path_and_keeps_no_token(missive, hand, control):
    conversation = missive.first()["id"]
    messages = missive.rows(f"conversations/{conversation}/messages")
    ids = [row["id"] for row in messages]
    missive.get(f"messages/{ids[0]}")
    missive.get(f"messages/{ids[0]},{ids[0]}", colour="red")
    log = hand.requests()
    assert log["by_path"] == {
        "conversations": 1,
        "conversations/{id}/messages": 1,
        "messages/{id}": 1,
        "messages/{ids}": 1,
    }
    assert log["unknown_parameters"] == [{"path": "messages/{ids}", "name": "colour"}]
    assert log["log"][0]["query"] == {"all": "true"}
    assert log["log"][1]["path"] == f"conversations/{conversation}/messages"
    assert log["log"][1]["status"] == 200
    assert "missive_pat" not in str(log)
    assert control.requests()["total"] == 0
    hand.clear_requests()
    assert hand.requests()["total"] == 0


def test_settings_are_checked_and_can_be_restored(hand):
    before = hand.settings()
    hand.set(largest_batch=3, merge_survivor="source")
    assert hand.settings()["largest_batch"] == 3
    hand.reset_settings()
    assert hand.settings() == before
    for wrong in ({"largest_batch": 0}, {"limits": "sometimes"}, {"until_inclusive": 1}):
        with pytest.raises(ControlError, match="cannot be"):
            hand.set(**wrong)


@pytest.mark.parametrize(
    ("mutation", "sentence"),
    [
        ({"action": "burn", "kind": "messages"}, "Unknown action 'burn'"),
        ({"action": "edit", "kind": "tasks"}, "Unknown kind 'tasks'"),
        ({"action": "edit", "kind": "messages", "id": "x"}, "no row 'x' among messages"),
        ({"action": "create", "kind": "comments", "values": {"body": "x"}}, "send conversation"),
        ({"action": "create", "kind": "messages", "values": {"body_": 1}}, "no value 'body_'"),
        ({"action": "create", "kind": "shared_labels"}, "send name too"),
        (
            {"action": "create", "kind": "messages", "values": {"conversation": "x"}},
            "conversation: there is no row 'x' among conversations",
        ),
        (
            {"action": "create", "kind": "conversations", "values": {"created_at": "now"}},
            "is a time in Unix seconds",
        ),
        ({"action": "create", "kind": "conversations", "values": {"users": "all"}}, "is a list"),
        ({"action": "create", "kind": "conversations", "values": {"access": "some"}}, "one of"),
    ],
)
def test_a_mutation_that_cannot_be_done_is_refused_with_a_sentence(untouched, mutation, sentence):
    with pytest.raises(ControlError, match=sentence):
        untouched.missive.mutate(mutation)
    assert untouched.missive.now() == "2026-03-10T08:00:00Z"


def test_actions_that_do_not_fit_the_row_are_refused(untouched):
    hand = untouched.missive
    conversation = hand.truth("conversations", reachable=True)[0]["id"]
    comment = hand.truth("comments")[0]["id"]
    stranger = next(row["id"] for row in hand.truth("users") if row["_left"])
    for mutation, sentence in (
        ({"action": "trash", "kind": "comments", "id": comment}, "know no trash"),
        ({"action": "label", "kind": "conversations", "id": conversation}, "To label, send"),
        ({"action": "assign", "kind": "conversations", "id": conversation}, "To assign, send"),
        ({"action": "merge", "kind": "conversations", "id": conversation}, "another living"),
        (
            {
                "action": "trash",
                "kind": "conversations",
                "id": conversation,
                "values": {"users": [stranger]},
            },
            "has no part in",
        ),
    ):
        with pytest.raises(ControlError, match=sentence):
            hand.mutate(mutation)


def test_every_change_has_its_own_second_and_a_bulk_edit_one(hand):
    row = hand.truth("conversations", reachable=True)[0]["id"]
    moments = [hand.add_comment(row, "ja")["created_at"] for _ in range(2)]
    assert moments == [1773129601, 1773129602]
    create = {"action": "create", "kind": "messages", "values": {"conversation": row}}
    rows = hand.mutate(create, create, same_second=True)
    assert {message["delivered_at"] for message in rows} == {1773129603}


def test_an_api_that_is_not_served_has_no_control(untouched):
    response = requests.get(f"{untouched.url}/control/outlook/requests", timeout=9)
    assert response.status_code == 404
    assert "known are teamwork, missive" in response.json()["error"]
