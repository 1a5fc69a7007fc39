"""Put the parts together: the APIs over one office, their control, the host of the files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router

from planwerk_sandbox.control.craft.editor import CraftEditor
from planwerk_sandbox.control.craft.truth import CraftTruth, flavoured
from planwerk_sandbox.control.desk import open_desk
from planwerk_sandbox.control.gate import Gate
from planwerk_sandbox.control.missive.editor import MissiveEditor
from planwerk_sandbox.control.missive.truth import MissiveTruth
from planwerk_sandbox.control.routes import ControlRoutes, refuse
from planwerk_sandbox.control.teamwork.editor import TeamworkEditor
from planwerk_sandbox.control.teamwork.truth import TeamworkTruth
from planwerk_sandbox.craft.api import CraftApi
from planwerk_sandbox.craft.listing import ListingCache
from planwerk_sandbox.craft.media import Media
from planwerk_sandbox.craft.settings import CraftSettings
from planwerk_sandbox.missive.api import MissiveApi
from planwerk_sandbox.missive.files import AttachmentsHost
from planwerk_sandbox.missive.links import Links
from planwerk_sandbox.missive.settings import MissiveSettings
from planwerk_sandbox.office import DEFAULT_SEED, build_office
from planwerk_sandbox.office.documents import LazySpace
from planwerk_sandbox.office.mail import LazyMail
from planwerk_sandbox.teamwork.api import TeamworkApi
from planwerk_sandbox.teamwork.settings import TeamworkSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from planwerk_sandbox.control.desk import Desk
    from planwerk_sandbox.office import Office


def build_app(
    attachments_url: str,
    seed: int = DEFAULT_SEED,
    scale: float = 1.0,
    requests_per_minute: int | None = None,
) -> ASGIApp:
    """Build the whole application over a freshly generated office.

    Args:
        attachments_url: Address of the second origin; its port tells requests for files.
        seed: Seed of the office.
        scale: Size of the office, 1.0 is about 2 000 tasks.
        requests_per_minute: Rate limit of the Teamwork account.
    """
    office = build_office(seed, scale)
    lazy, settings = LazyMail(office, seed, scale), MissiveSettings()
    links = Links(attachments_url, office.clock, settings)
    truth = MissiveTruth(lazy, settings, links)
    attachments = AttachmentsHost(lazy, links)
    craft_settings = CraftSettings()
    media = Media(office.clock, craft_settings)
    desks = {
        "teamwork": _teamwork(office, TeamworkSettings(requests_per_minute=requests_per_minute)),
        "missive": open_desk(
            MissiveApi(lazy, settings, links), MissiveEditor(lazy, settings, truth), truth
        ),
        "craft": _craft(LazySpace(office, seed, scale), craft_settings, media),
    }
    about = {
        "name": "planwerk-sandbox",
        "seed": seed,
        "scale": scale,
        "pid": os.getpid(),
        "attachments_url": attachments_url,
    }
    control = [
        Route("/missive/attachment-requests", attachments.requests, methods=["GET", "DELETE"]),
        Route("/craft/media-requests", media.requests, methods=["GET", "DELETE"]),
        *ControlRoutes(desks, office.clock, about).routes(),
    ]
    app = Starlette(
        routes=[
            *(Mount(f"/{name}", app=Gate(desk)) for name, desk in desks.items()),
            Mount("/control", routes=control),
        ],
        exception_handlers={HTTPException: refuse},
    )
    # Addresses of Craft's files have one part, those of Missive's two.
    files = Router(
        [Route("/{token}", media.serve), Mount("/", app=attachments)], redirect_slashes=False
    )
    return _Origins(app, files, urlsplit(attachments_url).port)


def _teamwork(office: Office, settings: TeamworkSettings) -> Desk:
    return open_desk(
        TeamworkApi(office, settings),
        TeamworkEditor(office, settings),
        TeamworkTruth(office, settings),
    )


def _craft(lazy: LazySpace, settings: CraftSettings, media: Media) -> Desk:
    cache, truth = ListingCache(lazy, settings), CraftTruth(lazy, settings)
    return open_desk(
        CraftApi(lazy, settings, media, cache),
        CraftEditor(lazy, settings, truth, cache),
        truth,
        flavoured(lazy, settings),
    )


class _Origins:
    """Two origins in one server, told apart by the port that a request came in on."""

    def __init__(self, app: ASGIApp, files: ASGIApp, files_port: int | None) -> None:
        self._app = app
        self._files = files
        self._files_port = files_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the origin it was sent to."""
        of_files = scope["server"][1] == self._files_port
        await (self._files if of_files else self._app)(scope, receive, send)
