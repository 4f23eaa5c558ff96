"""The page server's routes."""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def make_app(_host: str) -> Starlette:
    """The application, as bound to this host."""
    return Starlette(routes=[Route("/_up", _up)])


def _up(_request: Request) -> JSONResponse:
    return JSONResponse({"stack": os.environ.get("DRIFTLOOP_STACK")})
