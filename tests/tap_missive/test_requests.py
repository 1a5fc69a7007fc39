"""What a run costs."""

from tap_missive.tap import TapMissive


def test_nothing_changed_costs_a_request_per_list(run, sandbox):
    streams = TapMissive(config={"api_token": "x"}).streams
    first = run(*streams)
    assert first.exit_code == 0
    sandbox.missive.clear_requests()
    second = run(*streams, state=first.state)
    assert second.exit_code == 0
    counts = sandbox.missive.requests()["by_path"]
    books = len(sandbox.missive.truth("contact_books"))
    # All, trash and spam.
    assert counts.pop("conversations") == 3
    assert counts.pop("contacts") == books
    # Groups and organizations of each book.
    assert counts.pop("contact_groups") == 2 * books
    assert counts == dict.fromkeys(
        (
            *("organizations", "users", "teams", "shared_labels"),
            *("contact_books", "responses", "tasks"),
        ),
        1,
    )
    for stream in ("organizations", "users", "teams"):
        assert len(second.records(stream)) == len(sandbox.missive.truth(stream, reachable=True))
