"""Put the parts together and run them as one HTTP server."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from uvicorn.protocols.http.h11_impl import H11Protocol

from planwerk_sandbox.client import Control
from planwerk_sandbox.control.gate import Gate, open_desk
from planwerk_sandbox.control.routes import ControlRoutes, refuse
from planwerk_sandbox.office import DEFAULT_SEED, build_office
from planwerk_sandbox.teamwork.api import TeamworkApi
from planwerk_sandbox.teamwork.settings import TeamworkSettings

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        url: Its address, for instance `http://127.0.0.1:40123`.
        teamwork_url: The site's root as a tap's `base_url`.
        control: The client of its control interface.
    """

    url: str
    teamwork_url: str
    control: Control


def build_app(
    seed: int = DEFAULT_SEED, scale: float = 1.0, requests_per_minute: int | None = None
) -> Starlette:
    """Build the whole application over a freshly generated office."""
    settings = TeamworkSettings(requests_per_minute=requests_per_minute)
    desk = open_desk(TeamworkApi(build_office(seed, scale), settings))
    about = {"name": "planwerk-sandbox", "seed": seed, "scale": scale, "pid": os.getpid()}
    return Starlette(
        routes=[
            Mount("/teamwork", app=Gate(desk)),
            Mount("/control", routes=ControlRoutes(desk, about).routes()),
        ],
        exception_handlers={HTTPException: refuse},
    )


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets the application reach its connection, to drop it as a fault."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def build_server(app: Starlette, log_level: int = logging.WARNING) -> uvicorn.Server:
    """Build the server; its `Date` header is left to the office's clock."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            date_header=False,
            server_header=False,
            access_log=False,
            log_level=log_level,
            timeout_graceful_shutdown=1,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Bind the server's socket.

    Raises:
        OSError: If the port is in use or the host is none of this machine's.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


@contextmanager
def running(seed: int = DEFAULT_SEED, scale: float = 1.0, port: int = 0) -> Iterator[Sandbox]:
    """Run a sandbox in a thread for the length of a `with` block.

    Args:
        seed: Seed of the office.
        scale: Size of the office, 1.0 is about 2 000 tasks.
        port: Port on 127.0.0.1; 0 takes a free one.
    """
    listening = listen(HOST, port)
    server = build_server(build_app(seed, scale), logging.CRITICAL)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The sandbox did not start.")
            time.sleep(0.005)
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        with Control(url) as control:
            yield Sandbox(url, f"{url}/teamwork", control)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
