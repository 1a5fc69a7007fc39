"""The command `planwerk-sandbox`: serve in the foreground, up and down in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planwerk_sandbox import background
from planwerk_sandbox.app import build_app
from planwerk_sandbox.office import DEFAULT_SEED
from planwerk_sandbox.server import HOST, address, build_server, listen

DEFAULT_PORT = 8276

app = typer.Typer(
    help="An HTTP server that behaves like Teamwork, Missive and Craft over a German office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="SANDBOX_PORT", help="Port to listen on.")]
Seed = Annotated[int, typer.Option(envvar="SANDBOX_SEED", help="Seed of the office.")]
Scale = Annotated[
    float,
    typer.Option(
        envvar="SANDBOX_SCALE", min=0.001, help="1.0 is 2 000 tasks, 6 000 mails, 400 documents."
    ),
]
Folder = Annotated[
    Path, typer.Option(envvar="SANDBOX_FOLDER", help="Where process id and log are kept.")
]
PerMinute = Annotated[
    int | None, typer.Option(min=1, help="Rate limit of the Teamwork account; default none.")
]

_FOLDER = Path(".planwerk/sandbox")


@app.command()
def serve(
    host: Host = HOST,
    port: Port = DEFAULT_PORT,
    seed: Seed = DEFAULT_SEED,
    scale: Scale = 1.0,
    requests_per_minute: PerMinute = None,
) -> None:
    """Run the sandbox until Ctrl-C."""
    try:
        listening = listen(host, port)
    except OSError as error:
        raise _failure(background.port_taken(host, port, error)) from None
    with listening, listen(host, 0) as listening_for_files:
        app = build_app(address(listening_for_files), seed, scale, requests_per_minute)
        typer.echo(
            f"Sandbox (seed {seed}, scale {scale:g}) answers on {address(listening)}, "
            f"files on {address(listening_for_files)}; Ctrl-C stops it."
        )
        build_server(app).run(sockets=[listening, listening_for_files])


@app.command()
def up(  # noqa: PLR0913, PLR0917  # one argument per option
    host: Host = HOST,
    port: Port = DEFAULT_PORT,
    seed: Seed = DEFAULT_SEED,
    scale: Scale = 1.0,
    requests_per_minute: PerMinute = None,
    folder: Folder = _FOLDER,
) -> None:
    """Start the sandbox in the background and wait until it answers."""
    options = [f"--seed={seed}", f"--scale={scale}"]
    if requests_per_minute is not None:
        options.append(f"--requests-per-minute={requests_per_minute}")
    try:
        typer.echo(background.start(host, port, options, folder))
    except background.BackgroundError as error:
        raise _failure(str(error)) from None


@app.command()
def down(folder: Folder = _FOLDER) -> None:
    """Stop the sandbox that `up` started."""
    try:
        typer.echo(background.stop(folder))
    except background.BackgroundError as error:
        raise _failure(str(error)) from None


def _failure(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app()
