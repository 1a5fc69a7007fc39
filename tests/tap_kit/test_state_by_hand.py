"""A state that somebody has edited is refused in one sentence, or works; nothing is skipped."""

import pytest
from singer_sdk.exceptions import FatalAPIError
from tap_craft.tap import TapCraft
from tap_missive.tap import TapMissive
from tap_teamwork.tap import TapTeamwork

TAPS = {
    TapTeamwork: {"base_url": "https://x.example", "api_key": "-"},
    TapMissive: {"api_token": "-"},
    TapCraft: {"api_url": "https://connect.craft.do/links/x/api/v1"},
}
NO_TEXT, NO_COUNT, NO_FLAG = [5, [], {}, True], ["5", -1, 1.5, 2**63, True, [], {}], ["yes", 1, []]
NO_MOMENT = ["gestern", 5, True, [], {}, "2026-13-01", "10000-01-01T00:00:00Z"]
NO_TEXTS = ["a", [1], {}, 5]
WRONG = [
    (TapTeamwork, "tasks", "replication_key_value", NO_MOMENT),
    (TapTeamwork, "tasks", "deletions_read_until", NO_MOMENT),
    (TapTeamwork, "tasks", "replication_key", NO_TEXT),
    (TapTeamwork, "tasks", "progress_markers", [5, "a", []]),
    (TapTeamwork, "tasks", "source", NO_TEXT),
    (TapTeamwork, "tasks", "read_from", NO_MOMENT),
    (TapTeamwork, "comments", "swept_at", NO_MOMENT),
    (TapTeamwork, "tags", "row_count", NO_COUNT),
    (TapTeamwork, "tags", "table_version", NO_COUNT),
    (TapMissive, "conversations", "replication_key_value", NO_MOMENT),
    (TapMissive, "conversations", "swept_at", NO_MOMENT),
    (TapMissive, "conversations", "confirmed", NO_COUNT),
    (TapMissive, "conversations", "delivered_before", ["5", [], True]),
    (TapMissive, "conversations", "lineage", NO_TEXT),
    (TapMissive, "conversations", "owner", NO_TEXT),
    (TapMissive, "contacts", "contact_books", ["a", [1], 5, {"book": "gestern"}]),
    (TapMissive, "teams", "filled", NO_TEXTS),
    (TapCraft, "document_contents", "read", NO_TEXT),
    (TapCraft, "document_contents", "last_document", NO_TEXT),
    (TapCraft, "documents", "first_day", NO_MOMENT),
    (TapCraft, "documents", "further_days", [*NO_TEXTS, ["morgen"]]),
    (TapCraft, "documents", "was_empty", NO_FLAG),
    (TapCraft, "collections", "fingerprint", NO_TEXT),
    (TapCraft, "tasks", "filled_scopes", NO_TEXTS),
]


def loaded(tap, state):
    return tap(config=TAPS[tap], state=state, validate_config=False).state.get("bookmarks", {})


@pytest.mark.parametrize(("tap", "stream", "member", "values"), WRONG)
def test_a_member_that_cannot_be_is_named_with_its_stream(tap, stream, member, values):
    for value in values:
        with pytest.raises(FatalAPIError) as refusal:
            loaded(tap, {"bookmarks": {stream: {member: value}}})
        assert f"stream '{stream}', {member} is " in str(refusal.value)
        assert "Put back a state" in str(refusal.value)


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize(
    "state",
    [
        [1],
        {"bookmarks": []},
        {"bookmarks": {"tasks": 5}},
        {"bookmarks": {"tasks": None}},
        {"bookmarks": {"tasks": {"partitions": []}}},
        {"bookmarks": {"invoices": {"replication_key_value": "2026-03-09T08:00:00Z"}}},
    ],
)
def test_what_is_no_state_of_this_tap_is_refused(tap, state):
    with pytest.raises(FatalAPIError, match="Put back a state"):
        tap(config=TAPS[tap], validate_config=False).load_state(state)


@pytest.mark.parametrize("tap", TAPS)
def test_a_stream_that_there_is_no_more_and_what_is_null_do_no_harm(tap, caplog):
    bookmarks = {"tasks": {"source": None}, "documents": {}, "users": {}, "invoices": {"a": 1}}
    found = loaded(tap, {"bookmarks": bookmarks})
    assert "invoices" not in found
    assert "invoices" in caplog.text
    assert all(state == {} for state in found.values())


def test_a_bookmark_in_another_time_zone_is_the_same_moment():
    bookmark = {"replication_key_value": "2026-03-09T10:00:00+02:00"}
    found = loaded(TapTeamwork, {"bookmarks": {"tasks": bookmark}})
    assert found["tasks"]["replication_key_value"] == "2026-03-09T08:00:00Z"
