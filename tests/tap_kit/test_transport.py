"""A key goes to the server that it is for, and only if that proves who it is."""

import base64
import contextlib
import datetime as dt
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tap_teamwork.tap import TapTeamwork

KEY = "twp_our_own_key"


@contextlib.contextmanager
def serving(answer, certificate=None):
    """Serve; yield the port and the Authorization headers that came."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers.get("Authorization"))
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, seen
        server.shutdown()


def tags(_):
    return 200, {}, json.dumps({"tags": [{"id": 1}], "meta": {"page": {"hasMore": False}}}).encode()


@pytest.fixture
def run(run_tap, waits):
    def run(base_url):
        return run_tap(TapTeamwork, {"base_url": base_url, "api_key": KEY}, ["tags"], None)

    return run


@pytest.fixture
def self_signed(tmp_path):
    """A certificate for localhost that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CURL_CA_BUNDLE": "", "REQUESTS_CA_BUNDLE": "", "SSL_CERT_FILE": ""},
        {"PYTHONHTTPSVERIFY": "0", "GIT_SSL_NO_VERIFY": "1", "SSL_CERT_DIR": "/"},
    ],
    ids=["as it is", "emptied bundles", "switches of other programs"],
)
def test_a_server_that_cannot_prove_who_it_is_gets_no_key(
    run, self_signed, monkeypatch, waits, environment
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with serving(tags, self_signed) as (port, seen):
        done = run(f"https://localhost:{port}")
    assert done.exit_code == 1
    assert "The certificate of the server that answers for Teamwork is not accepted" in done.log
    assert "Traceback" not in done.log
    assert not seen
    assert not waits


def test_a_redirect_to_another_origin_is_refused_and_named(run):
    with serving(tags) as (elsewhere, seen):
        target = f"http://localhost:{elsewhere}"
        with serving(lambda _: (302, {"Location": f"{target}/secret-path"}, b"")) as (port, _):
            done = run(f"http://127.0.0.1:{port}")
    assert done.exit_code == 1
    assert f"redirects to {target}, where the key is not sent to" in done.log
    assert "secret-path" not in done.log
    assert not seen


def test_a_netrc_neither_adds_nor_replaces_a_key(run, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\ndefault login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))

    def moved(path):
        return tags(path) if "moved" in path else (302, {"Location": "/moved"}, b"")

    with serving(moved) as (port, seen):
        done = run(f"http://127.0.0.1:{port}")
    assert done.exit_code == 0, done.log
    assert len(seen) >= 2
    assert set(seen) == {"Basic " + base64.b64encode(f"{KEY}:x".encode()).decode()}
