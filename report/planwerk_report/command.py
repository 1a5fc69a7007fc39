"""The command line: html."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from planwerk_report.errors import ReportError

app = typer.Typer(
    help="The Planwerk warehouse as a page to read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="REPORT_DATABASE_URL",
        show_envvar=True,
        help="Connection string or URL of the database.",
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        envvar="REPORT_OUTPUT",
        show_envvar=True,
        help="File to write; only you may read it.",
    ),
]


@app.callback()
def commands() -> None:
    """Have a single command called by its name."""


@app.command()
def html(
    database_url: DatabaseUrl = "service=planwerk", output: Output = Path("planwerk-report.html")
) -> None:
    """Write the report as one HTML file and print its path."""
    from planwerk_report.figures import read_figures  # noqa: PLC0415
    from planwerk_report.file import write_whole  # noqa: PLC0415
    from planwerk_report.html import render  # noqa: PLC0415

    write_whole(output, render(read_figures(database_url)))
    typer.echo(output.absolute())


def main() -> None:
    """Run the command line; a failure is one sentence on stderr and exit code 1."""
    try:
        app()
    except ReportError as error:
        typer.echo(f"planwerk-report: {error}", err=True)
        sys.exit(1)
