"""The command line: apply, report, check, rebuild, status."""

from __future__ import annotations

import datetime as dt
import enum
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from planwerk_transform.apply import DEFAULT_TIMEZONE
from planwerk_transform.apply import apply as apply_all
from planwerk_transform.errors import SourceBusyError, TransformError
from planwerk_transform.readiness import check_checkpoints, check_nobody_loads
from planwerk_transform.roles import missing_roles_notice
from planwerk_transform.status import DEFAULT_STALE_AFTER, read_status

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


class Format(str, enum.Enum):
    """What is printed: lines for people, or one JSON object."""

    TEXT = "text"
    JSON = "json"


class StatusFormat(str, enum.Enum):
    """The same, or OpenMetrics text for monitoring."""

    TEXT = "text"
    JSON = "json"
    OPENMETRICS = "openmetrics"


OutputFormat = Annotated[
    Format, typer.Option("--format", help="Lines for people, or one JSON object.")
]
StateFolder = Annotated[
    Path,
    typer.Option(
        envvar="TRANSFORM_STATE_FOLDER",
        show_envvar=True,
        help="Folder in which Meltano keeps the checkpoints.",
    ),
]
RunsFolder = Annotated[
    Path,
    typer.Option(
        envvar="TRANSFORM_RUNS_FOLDER",
        show_envvar=True,
        help="Folder in which the command `planwerk` notes how runs ended.",
    ),
]
StaleAfter = Annotated[
    str,
    typer.Option(
        envvar="TRANSFORM_STALE_AFTER",
        show_envvar=True,
        help="Time without a success after which a source is stale, like 90 minutes; without it"
        f" {DEFAULT_STALE_AFTER}.",
    ),
]
Environment = Annotated[
    str,
    typer.Option(
        envvar="MELTANO_ENVIRONMENT",
        show_envvar=True,
        help="Meltano's environment whose checkpoints are meant.",
    ),
]

Source = Annotated[
    str, typer.Option(help="Source that is about to be loaded, whose turn is checked too.")
]

EXIT_FAILED = 1
EXIT_DIFFERENCES = 1
EXIT_STALE = 1
EXIT_NOT_CHECKED = 2
EXIT_BUSY = os.EX_TEMPFAIL


@app.command()
def apply(
    database_url: DatabaseUrl = "service=planwerk",
    timezone: Timezone = "",
    source: Source = "",
    state_folder: StateFolder = Path("state"),
    environment: Environment = "office",
) -> None:
    """Create or update everything in the database, in one transaction.

    Exit code 75: the source that was named is being loaded by somebody else.
    """
    if source:
        check_nobody_loads(database_url, source)
    changed = apply_all(
        database_url,
        timezone=timezone or DEFAULT_TIMEZONE,
        tell=lambda sentence: typer.echo(sentence, err=True),
    )
    if changed:
        typer.echo("Applied.")
        if notice := missing_roles_notice(database_url):
            typer.echo(notice, err=True)
    elif not source:  # before a load nobody wants to hear of it, least of all by cron's mail
        typer.echo("Nothing to do: the database is up to date.")
    if source:
        check_checkpoints(state_folder, environment, source)


@app.command()
def report(database_url: DatabaseUrl = "service=planwerk", since: Since = None) -> None:
    """Print what was loaded and how it was sorted."""
    from planwerk_transform.report import print_report  # noqa: PLC0415

    print_report(database_url, since)


@app.command()
def check(
    database_url: DatabaseUrl = "service=planwerk", output_format: OutputFormat = Format.TEXT
) -> None:
    """Compare all derived tables with a fresh computation, and change nothing.

    Exit code 0: they are equal, and no trigger failed. 1: there are differences or trigger errors.
    2: it could not be found out.
    """
    from planwerk_transform.check import compare  # noqa: PLC0415

    try:
        comparison = compare(database_url, keep=False)
    except TransformError as error:
        _tell_failure(error)
        raise typer.Exit(EXIT_NOT_CHECKED) from None
    if output_format is Format.JSON:
        _print_json(comparison.as_json())
    elif comparison.is_clean:
        typer.echo("Clean: all is as a fresh computation gives it, and no trigger failed.")
    else:
        for line in comparison.as_lines():
            typer.echo(line)
        typer.echo("planwerk-transform rebuild repairs this.")
    if not comparison.is_clean:
        raise typer.Exit(EXIT_DIFFERENCES)


@app.command()
def rebuild(
    database_url: DatabaseUrl = "service=planwerk", output_format: OutputFormat = Format.TEXT
) -> None:
    """Compute all derived tables afresh, clear the errors of triggers, and say what changed."""
    from planwerk_transform.check import compare  # noqa: PLC0415

    comparison = compare(database_url, keep=True)
    if output_format is Format.JSON:
        _print_json(comparison.as_json())
    elif comparison.is_clean:
        typer.echo("Nothing to do: all was as a fresh computation gives it.")
    else:
        for line in comparison.as_lines():
            typer.echo(line)
        typer.echo("Rebuilt: all this is repaired.")


@app.command()
def status(  # noqa: PLR0913, PLR0917
    database_url: DatabaseUrl = "service=planwerk",
    state_folder: StateFolder = Path("state"),
    runs_folder: RunsFolder = Path(".planwerk/runs"),
    environment: Environment = "office",
    stale_after: StaleAfter = "",
    output_format: Annotated[
        StatusFormat, typer.Option("--format", help="For people, programs or monitoring.")
    ] = StatusFormat.TEXT,
) -> None:
    """Print last success, rows, errors and checkpoints of every source and stream.

    Exit code 1: a source is stale.
    """
    found = read_status(
        database_url,
        state_folder,
        environment,
        runs_folder=runs_folder,
        stale_after=stale_after or DEFAULT_STALE_AFTER,
    )
    match output_format:
        case StatusFormat.JSON:
            _print_json(found.as_json())
        case StatusFormat.OPENMETRICS:
            from planwerk_transform.status_metrics import as_openmetrics  # noqa: PLC0415

            typer.echo(as_openmetrics(found), nl=False)
        case StatusFormat.TEXT:
            from planwerk_transform.status_text import print_status  # noqa: PLC0415

            print_status(found)
    if found.is_stale:
        raise typer.Exit(EXIT_STALE)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _tell_failure(error: TransformError) -> None:
    typer.echo(f"planwerk-transform: {error}", err=True)


def main() -> None:
    """Run the command line; a failure is one sentence on stderr and exit code 1."""
    try:
        app()
    except TransformError as error:
        _tell_failure(error)
        sys.exit(EXIT_BUSY if isinstance(error, SourceBusyError) else EXIT_FAILED)
