"""People are told once that a source fails, once that it does no longer, and nothing by default."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from planwerk_operate.meltano import Loaded, Outcome
from planwerk_operate.notes import Note, read_note
from planwerk_operate.stale import tell_who_is_stale
from planwerk_operate.sync import note_and_tell

FAILED = Loaded(Outcome.FAILED, "Teamwork refused stream 'tags' with 401.")
LOADED = Loaded(Outcome.LOADED)


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What a receiver of messages on this machine gets; its address is the setting."""
    monkeypatch.chdir(tmp_path)
    messages = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"json://office:secret@127.0.0.1:{server.server_port}"
    (tmp_path / ".env").write_text(f"PLANWERK_NOTIFY={address}\n")
    monkeypatch.delenv("PLANWERK_NOTIFY", raising=False)
    yield messages
    server.shutdown()
    server.server_close()


def test_a_failure_is_told_when_it_begins_and_when_it_is_over(told):
    for loaded in (LOADED, FAILED, FAILED, FAILED, LOADED, LOADED):
        note_and_tell("office", "teamwork", loaded)
    began, ended = told
    assert began["title"] == "Planwerk: teamwork could not be loaded"
    assert "refused stream 'tags'" in began["message"]
    assert ended["title"] == "Planwerk: teamwork is loaded again"
    note = read_note("office", "teamwork")
    assert note.failure is None
    assert note.succeeded_at == note.ended_at


def test_a_failure_does_not_hide_when_the_last_success_was(told):
    note_and_tell("office", "craft", LOADED)
    succeeded_at = read_note("office", "craft").succeeded_at
    note_and_tell("office", "craft", FAILED)
    assert read_note("office", "craft")._replace(ended_at=None) == Note(
        succeeded_at=succeeded_at, failure=FAILED.failure
    )


class Status:
    """Meltano, asked for the status."""

    environment = "office"

    def __init__(self, *, is_stale):
        source = {"source": "missive", "is_stale": is_stale, "last_success": None, "failure": "x"}
        self.stdout = json.dumps({"sources": [source]})

    def ask(self, *_):
        return self


def test_a_stale_source_is_told_once_until_it_is_loaded(told):
    for is_stale in (True, True, False, True):
        tell_who_is_stale(Status(is_stale=is_stale))
    assert [message["title"] for message in told] == ["Planwerk: missive is stale"] * 2
    note_and_tell("office", "missive", LOADED)
    assert not read_note("office", "missive").is_stale


def test_nobody_is_told_anything_by_default(told, monkeypatch, capsys):
    monkeypatch.setenv("PLANWERK_NOTIFY", "")
    note_and_tell("office", "teamwork", FAILED)
    assert not told
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "fault"),
    [("json://u:secret@127.0.0.1:1", "could not be sent"), ("nonsense:secret", "refuses")],
)
def test_a_message_that_cannot_be_sent_is_named_without_its_address(
    told, monkeypatch, capsys, address, fault
):
    monkeypatch.setenv("PLANWERK_NOTIFY", address)
    note_and_tell("office", "teamwork", FAILED)
    said = capsys.readouterr().err
    assert fault in said
    assert "PLANWERK_NOTIFY" in said
    assert "secret" not in said
    assert read_note("office", "teamwork").failure
