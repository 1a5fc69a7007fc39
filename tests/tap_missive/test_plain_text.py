"""A body as a person reads it."""

import pytest
from tap_missive.plain_text import plain_text


def test_a_mail_reads_as_it_looks():
    body = (
        "<div>Sehr geehrte Frau Brandt,</div><div><br></div><div>anbei <b>Nachtrag&nbsp;03</b>"
        ' <img data-missive-attachment-id="1"></div><ul><li>Pumpe</li></ul>'
        "<style>p {color: red}</style><blockquote>alt<br>älter</blockquote>"
    )
    text = plain_text(body, "email")
    assert text.startswith("Sehr geehrte Frau Brandt,\n\nanbei Nachtrag 03")
    assert "* Pumpe" in text
    assert text.endswith("alt\nälter")
    assert "color" not in text


@pytest.mark.parametrize("channel", ["sms", "custom_text", None])
def test_plain_text_of_other_channels_stays_as_it_is(channel):
    assert plain_text("Bin 10 min < spät & komme\n  gleich", channel) == (
        "Bin 10 min < spät & komme\n  gleich"
    )


def test_html_of_other_channels_is_read_as_html():
    assert plain_text("<p>Hallo</p>", "custom_email") == "Hallo"


@pytest.mark.parametrize("body", ["", "   ", "<!-- nothing -->", "<style>p{}</style>"])
def test_a_body_without_text_is_empty(body):
    assert plain_text(body, "email") == ""


@pytest.mark.parametrize("depth", [300, 1_500])
def test_text_deep_within_quotes_is_not_lost(depth):
    body = "<blockquote>" * depth + "ganz unten" + "</blockquote>" * depth
    assert "ganz unten" in plain_text(body, "email")


def test_an_xml_declaration_and_nul_do_no_harm():
    body = '<?xml version="1.0" encoding="utf-8"?><p>Grüße\0</p>'
    assert plain_text(body, "email") == "Grüße"
