"""The command line: up, down, url, psql."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planwerk_warehouse import server
from planwerk_warehouse.embedded import BINARIES, EmbeddedServer
from planwerk_warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="The PostgreSQL that Planwerk uses."
)

DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="WAREHOUSE_DATABASE_URL",
        help="A server that somebody else runs; without it the embedded one is used.",
    ),
]
Folder = Annotated[
    Path, typer.Option(envvar="WAREHOUSE_FOLDER", help="Where the embedded server keeps its data.")
]
Database = Annotated[
    str, typer.Option(envvar="WAREHOUSE_DATABASE", help="Name of the embedded database.")
]

DEFAULT_FOLDER = Path(".planwerk/postgres")
DEFAULT_DATABASE = "planwerk"


@app.command()
def up(
    database_url: DatabaseUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Start the embedded server if it does not run; check a server named in a URL."""
    with _one_sentence():
        _connect(database_url, folder, database)


@app.command()
def down(database_url: DatabaseUrl = "", folder: Folder = DEFAULT_FOLDER) -> None:
    """Stop the embedded server; a server named in a URL is left alone."""
    with _one_sentence():
        if database_url:
            typer.echo("The server in PLANWERK_DATABASE_URL is not ours to stop.", err=True)
        elif EmbeddedServer(folder).down():
            typer.echo("The embedded database is stopped.", err=True)
        else:
            typer.echo("The embedded database does not run.", err=True)


@app.command("url")
def show_url(
    database_url: DatabaseUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Print the connection URL, alone on stdout."""
    with _one_sentence():
        typer.echo(server.url(_connect(database_url, folder, database)))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(
    context: typer.Context,
    database_url: DatabaseUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Open psql; further arguments are psql's own."""
    with _one_sentence():
        _connect(database_url, folder, database)
        program = str(BINARIES / "psql")
        environment = {**os.environ, "PGSERVICE": server.SERVICE}
        os.execve(program, [program, *context.args], environment)  # noqa: S606


def _connect(database_url: str, folder: Path, database: str) -> server.Connection:
    os.environ.pop("PGSERVICE", None)  # it may name the service that is only written here
    connection = (
        server.external(database_url) if database_url else server.embedded(folder, database)
    )
    server.write_service(connection)
    return connection


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except WarehouseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
