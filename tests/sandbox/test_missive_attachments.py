"""Attachments: `api/missive.md`, section 12, line 34."""

from __future__ import annotations

import pytest
import requests


@pytest.fixture
def file(hand):
    """A file of a readable message, as the truth shows it."""
    rows = hand.truth("messages", reachable=True)
    return next((m["id"], m["attachments"][0]) for m in rows if m["attachments"])


def fresh_url(missive, file):
    return missive.rows(f"messages/{file[0]}")["attachments"][0]["url"]


def test_files_come_from_another_origin_with_a_signature_that_is_new_at_each_read(
    missive, hand, file
):
    _, attachment = file
    url = fresh_url(missive, file)
    assert url.startswith(f"{missive.sandbox.attachments_url}/{attachment['id']}/")
    assert missive.sandbox.attachments_url != missive.sandbox.url
    assert url.partition("?")[0] == attachment["url"]
    assert {part.partition("=")[0] for part in url.partition("?")[2].split("&")} == {
        "Expires",
        "Signature",
        "Key-Pair-Id",
    }
    assert fresh_url(missive, file) != url
    response = requests.get(url, timeout=9)
    assert len(response.content) == attachment["size"]
    assert response.headers["Content-Type"].split(";")[0] == (
        f"{attachment['media_type']}/{attachment['sub_type']}"
    )
    assert requests.get(url, timeout=9).content == response.content


def test_a_file_is_refused_after_its_time_or_with_a_wrong_signature(missive, hand, file):
    hand.set(attachment_lifetime_seconds=100)
    url = fresh_url(missive, file)
    bare, _, query = url.partition("?")
    for wrong in (
        bare,
        f"{bare}.exe?{query}",
        f"{bare}?{query.replace('Expires=1', 'Expires=2')}",
        f"{bare}?{query.replace('Signature=', 'Signature=0')}",
        f"{bare}?Expires=x&Signature=y",
    ):
        assert requests.get(wrong, timeout=9).status_code == 403, wrong
    hand.advance(99)
    assert requests.get(url, timeout=9).status_code == 200
    hand.advance(1)
    assert requests.get(url, timeout=9).status_code == 403
    assert requests.get(fresh_url(missive, file), timeout=9).status_code == 200


def test_a_token_that_reaches_the_attachments_host_is_noted(missive, hand, file):
    requests.get(fresh_url(missive, file), timeout=9)
    missive.session.get(fresh_url(missive, file), timeout=9)
    assert [r["authorization"] for r in hand.attachment_requests()] == [False, True]
    assert hand.requests()["by_path"].keys() == {"messages/{id}"}
    hand.clear_attachment_requests()
    assert hand.attachment_requests() == []


def test_the_attachments_host_serves_nothing_else(missive):
    assert requests.get(f"{missive.sandbox.attachments_url}/control/", timeout=9).status_code == 403
    url = f"{missive.sandbox.attachments_url}/missive/v1/users"
    assert missive.session.get(url, timeout=9).status_code == 403
