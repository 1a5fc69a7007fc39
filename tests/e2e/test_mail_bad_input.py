"""Odd mail and broken circumstances: a clear message or a correct row, never a lost one."""

from mail_truth import compare, full_conversations
from tap_kit.unfit import Cleaner

SCALE = 0.03

ODD_BODIES = (
    "<p>vor\0nach</p>",
    "<p>" + "Kälteanlage " * 450_000 + "</p>",
    "<p>KG 410 \ud83d</p>",
    "<blockquote>" * 400 + "ganz unten" + "</blockquote>" * 400,
    "<p>'\"\\ $$ \\N \\x00 \t \r\n</p>",
    "nur Text & mehr < 5",
    "",
)
"""NUL, 5 MB, a lone surrogate, deep quotes, quotes and backslashes, no HTML at all, nothing."""


def test_odd_bodies_are_loaded_and_the_others_with_them(mail):
    conversation = full_conversations(mail)[0]["id"]
    created = {mail.control.add_message(conversation, body=body)["id"]: body for body in ODD_BODIES}
    assert mail.sync(), mail.log
    for message, body in created.items():
        (stored,) = mail.rows("select body from raw_missive.messages where id = %s", message)
        assert stored == Cleaner().clean(body), body[:40]
    assert mail.value("select count(*) from raw_missive.messages") == len(
        mail.control.truth("messages", reachable=True)
    )
    assert mail.value("select count(*) from planwerk.trigger_error") == 0


def test_a_label_with_comma_slash_and_emoji_is_one_label(mail):
    control = mail.control
    label = control.create("shared_labels", name="KG 410, Abwasser/Bad 🚿 'neu'")["id"]
    conversation = full_conversations(mail)[0]["id"]
    control.label(conversation, label_ids=[label])
    assert mail.sync(), mail.log
    assert mail.rows(
        "select code from planwerk.item_cost_group where item_id = %s and label_id = %s",
        conversation,
        label,
    ) == [410]
    compare(mail)


def test_a_run_that_is_refused_leaves_rows_and_bookmark_and_the_next_one_goes_on(mail):
    assert mail.sync(), mail.log
    rows = mail.value("select count(*) from raw_missive.messages")
    bookmark = mail.state["bookmarks"]["conversations"]["replication_key_value"]
    mail.control.add_message(full_conversations(mail)[0]["id"], body="<p>neu</p>")
    mail.control.advance(60)
    assert not mail.sync(api_token="missive_pat-wrong")
    assert "TAP_MISSIVE_API_TOKEN" in mail.log
    mail.control.fault("^messages/", "status", status=403)
    assert not mail.sync()
    assert mail.state["bookmarks"]["conversations"]["replication_key_value"] == bookmark
    assert mail.value("select count(*) from raw_missive.messages") == rows
    mail.control.clear_faults()
    assert mail.sync(), mail.log
    compare(mail)


def test_signatures_of_attachments_are_neither_stored_nor_asked_for(mail):
    assert mail.sync(), mail.log
    addresses = mail.rows(
        "select file ->> 'url' from raw_missive.messages, jsonb_array_elements(attachments) as file"
    )
    assert addresses
    assert not [address for address in addresses if "?" in address]
    assert mail.control.attachment_requests() == []
