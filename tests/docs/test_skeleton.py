"""The tap that the page on new sources prints is a whole one."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"


class Diary(BaseHTTPRequestHandler):
    """Two pages, one odd row, and a token."""

    def do_GET(self):
        page = int((re.search(r"page=(\d)", self.path) or [0, 1])[1])
        entries = [{"id": page, "title": f"Tag {page}", "updatedAt": "2026-03-09T09:00:00+01:00"}]
        known = self.headers["Authorization"] == "Bearer geheim"
        self.send_response(200 if known else 401)
        self.end_headers()
        rows = [*entries, {"title": "no id"}] if page == 2 else entries
        self.wfile.write(json.dumps({"entries": rows, "pages": 2}).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Diary)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_printed_tap_reads_all_pages_and_keeps_the_promises_of_the_kit(address, run_tap):
    names = {"__name__": "tap_diary"}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, PAGE.name, "exec"), names)
    config = {"base_url": address, "token": "geheim"}
    streams = ["entries", "rejected_rows"]

    run = run_tap(names["TapDiary"], config, streams, None)
    assert run.exit_code == 0, run.log
    assert [row["id"] for row in run.records("entries")] == [1, 2]
    assert run.records("entries")[0]["updated_at"] == "2026-03-09T08:00:00Z"
    assert [row["reason"] for row in run.records("rejected_rows")] == ["has no usable id"]

    refused = run_tap(names["TapDiary"], {**config, "token": "falsch"}, streams, None)
    assert refused.exit_code == 1
    assert "Check token (TAP_DIARY_TOKEN)." in refused.log
    assert "falsch" not in refused.log
