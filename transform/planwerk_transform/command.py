"""The command line: `planwerk-transform apply` and `planwerk-transform report`."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from planwerk_transform.apply import DEFAULT_TIMEZONE
from planwerk_transform.apply import apply as apply_all
from planwerk_transform.errors import TransformError

app = typer.Typer(
    help="The SQL of the Planwerk warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="TRANSFORM_DATABASE_URL",
        show_envvar=True,
        help="Connection string or URL of the database.",
    ),
]


Timezone = Annotated[
    str,
    typer.Option(
        envvar="TRANSFORM_TIMEZONE",
        show_envvar=True,
        help=f"Time zone of the days shown to people; without it {DEFAULT_TIMEZONE}.",
    ),
]
Since = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"],
        help="Also tell how many rows were new or changed since this moment.",
    ),
]


@app.command()
def apply(database_url: DatabaseUrl = "service=planwerk", timezone: Timezone = "") -> None:
    """Create or update everything in the database, in one transaction."""
    changed = apply_all(database_url, timezone=timezone or DEFAULT_TIMEZONE)
    typer.echo("Applied." if changed else "Nothing to do: the database is up to date.")


@app.command()
def report(database_url: DatabaseUrl = "service=planwerk", since: Since = None) -> None:
    """Print what was loaded and how it was sorted."""
    from planwerk_transform.report import print_report  # noqa: PLC0415

    print_report(database_url, since)


def main() -> None:
    """Run the command line; a failure is one sentence on stderr and exit code 1."""
    try:
        app()
    except TransformError as error:
        typer.echo(f"planwerk-transform: {error}", err=True)
        sys.exit(1)
