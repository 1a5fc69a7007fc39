"""Run the application as one HTTP server with two addresses: the APIs and the files."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from planwerk_sandbox.app import build_app
from planwerk_sandbox.client import Control
from planwerk_sandbox.craft_client import CraftControl
from planwerk_sandbox.missive_client import MissiveControl
from planwerk_sandbox.office import DEFAULT_SEED
from planwerk_sandbox.office.documents.filing import LINKS

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from starlette.types import ASGIApp

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        url: Its address, for instance `http://127.0.0.1:40123`.
        teamwork_url: The site's root as a tap's `base_url`.
        control: The client of its control interface, for Teamwork.
        missive_url: The root of the Missive API as a tap's `api_url`.
        missive: The client of its control interface, for Missive.
        craft_urls: The base URLs of the Craft links as a tap's `api_url`, by flavour: `space`,
            `documents`, `daily`, and `key`, a space with the key `pdk_sandbox`.
        craft: The client of its control interface, for Craft.
        attachments_url: The second address, where files are served.
    """

    url: str
    teamwork_url: str
    control: Control
    missive_url: str
    missive: MissiveControl
    craft_urls: dict[str, str]
    craft: CraftControl
    attachments_url: str

    @property
    def craft_url(self) -> str:
        """The base URL of the keyless link to the whole space."""
        return self.craft_urls["space"]


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets the application reach its connection, to drop it as a fault."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def build_server(app: ASGIApp, log_level: int = logging.WARNING) -> uvicorn.Server:
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
            # Else a client meets a connection now and then that is just being closed.
            timeout_keep_alive=600,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Bind the server's socket.

    Raises:
        OSError: If the port is in use or the host is none of this machine's.
    """
    # Named protocol: asyncio sends small packets at once only on sockets that say they are TCP.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
    listening, listening_for_files = listen(HOST, port), listen(HOST, 0)
    url, attachments_url = address(listening), address(listening_for_files)
    server = build_server(build_app(attachments_url, seed, scale), logging.CRITICAL)
    sockets = {"sockets": [listening, listening_for_files]}
    thread = threading.Thread(target=server.run, kwargs=sockets, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The sandbox did not start.")
            time.sleep(0.005)
        with Control(url) as control, MissiveControl(url) as missive, CraftControl(url) as craft:
            yield Sandbox(
                url=url,
                teamwork_url=f"{url}/teamwork",
                control=control,
                missive_url=f"{url}/missive/v1",
                missive=missive,
                craft_urls={
                    flavour: f"{url}/craft/links/{link}/api/v1" for flavour, link in LINKS.items()
                },
                craft=craft,
                attachments_url=attachments_url,
            )
    finally:
        # It closes its sockets, in its own time: nobody has to wait for that.
        server.should_exit = True


def address(listening: socket.socket) -> str:
    """Return the address of a bound socket."""
    host, port = listening.getsockname()
    return f"http://{host}:{port}"
