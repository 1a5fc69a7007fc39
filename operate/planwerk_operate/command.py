"""The command line: sync, demo, status, doctor, report, backup, restore."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from planwerk_operate.errors import OperateError
from planwerk_operate.meltano import Meltano
from planwerk_operate.sources import SOURCES

app = typer.Typer(
    help="Load the sources of Planwerk and look after them; type it in your checkout.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Environment = Annotated[
    str,
    typer.Option(
        envvar="MELTANO_ENVIRONMENT", show_envvar=True, help="Meltano's environment that is meant."
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Argument(help=f"Out of {', '.join(SOURCES)}; without any all that have credentials."),
]
OFFICE = "office"


@app.command()
def sync(sources: Sources = None, environment: Environment = OFFICE) -> None:
    """Load the sources, one after the other.

    Exit code 0: all were loaded. 1: one failed, or none could run. 75: none failed, but another run
    is at work on one, which is left to that one.
    """
    from planwerk_operate.sync import sync as sync_all  # noqa: PLC0415

    if unknown := set(sources or ()).difference(SOURCES):
        raise OperateError(
            f"There is no source {', '.join(sorted(unknown))}; there are {', '.join(SOURCES)}."
        )
    raise typer.Exit(sync_all(Meltano(environment), sources or ()))


@app.command()
def demo() -> None:
    """Load a generated office into a database of its own, and show what came of it."""
    from planwerk_operate.demo import demo as run_demo  # noqa: PLC0415

    raise typer.Exit(run_demo(Meltano("demo")))


@app.command()
def status(
    environment: Environment = OFFICE,
    output_format: Annotated[
        str, typer.Option("--format", help="text, json or openmetrics.")
    ] = "text",
) -> None:
    """Print how every source does, and tell people once about one that is stale.

    Exit code 1: a source was not loaded for longer than PLANWERK_STALE_AFTER.
    """
    from planwerk_operate.stale import tell_who_is_stale  # noqa: PLC0415

    meltano = Meltano(environment)
    exit_code = meltano.run("invoke", "transform:status", f"--format={output_format}")
    tell_who_is_stale(meltano)
    raise typer.Exit(exit_code)


@app.command()
def doctor(
    environment: Environment = OFFICE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """Look at settings, programs, database, credentials, clocks and disk; say what to do.

    Exit code 1: something is wrong.
    """
    from planwerk_operate.doctor import examine  # noqa: PLC0415

    found = []
    for finding in examine(Meltano(environment)):
        found.append(finding)
        if not as_json:
            mark = "WRONG" if finding.wrong else "ok"
            typer.echo(f"{mark:6}{finding.where:15}{finding.what}")
            if finding.wrong:
                typer.echo(f"{'':21}{finding.wrong}")
    if as_json:
        typer.echo(json.dumps([finding._asdict() for finding in found], indent=2))
    if any(finding.wrong for finding in found):
        raise typer.Exit(1)


@app.command()
def report(
    file: Annotated[
        Path | None, typer.Argument(help="The HTML file; default: planwerk-report.html.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(
            envvar="MELTANO_ENVIRONMENT",
            show_envvar=True,
            help="Meltano's environment; without it office, or demo before its first run.",
        ),
    ] = None,
) -> None:
    """Write one HTML page of what the database says, and print its path last."""
    from planwerk_operate.report import write_report  # noqa: PLC0415

    write_report(file, environment)


File = Annotated[Path, typer.Argument(help="The backup, a zip file.")]


@app.command()
def backup(file: File, environment: Environment = OFFICE) -> None:
    """Write database and checkpoints, as they belong together, into a file of yours alone."""
    from planwerk_operate.backup import back_up  # noqa: PLC0415

    back_up(Meltano(environment), file)
    typer.echo(file)


@app.command()
def restore(file: File, environment: Environment = OFFICE) -> None:
    """Put a backup in the place of database and checkpoints; the next run goes on from there."""
    from planwerk_operate.backup import restore as put_back  # noqa: PLC0415

    put_back(Meltano(environment), file)
    typer.echo("Restored; the next run goes on from there.")


def main() -> None:
    """Run the command line; a failure is one sentence on stderr and exit code 1."""
    try:
        app()
    except OperateError as error:
        typer.echo(f"planwerk: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped; the next run goes on from there.", err=True)
        sys.exit(128 + signal.SIGINT)
