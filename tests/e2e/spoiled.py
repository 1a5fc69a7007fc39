"""A sandbox whose answers are spoiled on the way, with what it would never write itself."""

import contextlib
import json
import re
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_RAW = re.compile(r'"<raw:((?:[^"\\]|\\.)*?)>"')


def raw(text):
    """Return a value that is written into the answer as it is."""
    return f"<raw:{text}>"


@contextlib.contextmanager
def spoiled(url, spoil):
    """Serve the sandbox at another address, which is yielded.

    `spoil` is called with the path and the decoded JSON of an answer, and changes it in place.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            request = urllib.request.Request(url + self.path, headers=dict(self.headers))
            try:
                with urllib.request.urlopen(request) as answer:
                    status, headers, body = answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as refusal:
                status, headers, body = refusal.code, refusal.headers, refusal.read()
            if headers.get("Content-Type", "").startswith("application/json"):
                content = json.loads(body)
                spoil(self.path, content)
                text = _RAW.sub(lambda found: json.loads(f'"{found[1]}"'), json.dumps(content))
                body = text.encode("utf-8", "surrogatepass")
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
