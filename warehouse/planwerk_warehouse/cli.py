"""The command line: up, down, url, psql, dump, restore, inspect."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planwerk_warehouse import inspection, server
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
LoaderUrl = Annotated[
    str,
    typer.Option(
        envvar="WAREHOUSE_LOADER_URL",
        help="The same database, by the user that the loader is to be; without it the same one.",
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
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Start the embedded server if it does not run; check a server named in a URL."""
    with _one_sentence():
        _connect(database_url, loader_url, folder, database)


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
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Print the connection URL, alone on stdout."""
    with _one_sentence():
        typer.echo(server.url(_connect(database_url, loader_url, folder, database)))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(
    context: typer.Context,
    database_url: DatabaseUrl = "",
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Open psql; further arguments are psql's own."""
    with _one_sentence():
        _connect(database_url, loader_url, folder, database)
        _become("psql", *context.args)


File = Annotated[Path, typer.Argument(help="The backup.")]


@app.command()
def dump(
    file: File,
    database_url: DatabaseUrl = "",
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Write the database into a file that nobody else may read."""
    with _one_sentence():
        _connect(database_url, loader_url, folder, database)
        os.umask(0o077)
        _become("pg_dump", "--format=custom", f"--file={file}")


@app.command()
def restore(
    file: File,
    database_url: DatabaseUrl = "",
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Put what a backup holds in the place of what is in the database, as a whole or not at all."""
    with _one_sentence():
        _connect(database_url, loader_url, folder, database)
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _become("pg_restore", *options, f"--dbname=service={server.SERVICE}", str(file))


@app.command()
def inspect(
    database_url: DatabaseUrl = "",
    loader_url: LoaderUrl = "",
    folder: Folder = DEFAULT_FOLDER,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Print version, size, rights, clock and space as JSON, and what is wrong with each."""
    with _one_sentence():
        _connect(database_url, loader_url, folder, database)
        found = inspection.inspect(None if database_url else folder)
        typer.echo(json.dumps([finding._asdict() for finding in found]))


def _become(name: str, *arguments: str) -> None:
    """Go on as a program of PostgreSQL, which finds the database in the service file."""
    program = str(BINARIES / name)
    environment = {**os.environ, "PGSERVICE": server.SERVICE}
    os.execve(program, [program, *arguments], environment)  # noqa: S606


def _connect(database_url: str, loader_url: str, folder: Path, database: str) -> server.Connection:
    os.environ.pop("PGSERVICE", None)  # it may name the service that is only written here
    connection = (
        server.external(database_url) if database_url else server.embedded(folder, database)
    )
    of_loader = (
        server.external(loader_url, "PLANWERK_LOADER_URL")
        if database_url and loader_url
        else connection
    )
    server.write_service(connection)
    server.write_service(of_loader, server.LOADER_SERVICE)
    return connection


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except WarehouseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
