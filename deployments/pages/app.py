"""The page server's routes, its headers, and what it says when something is not there.

What pages tell is `deployments.pages.collect`.
"""

import gzip
import os
from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deployments.pages import collect
from deployments.pages.render import render, style_sheet
from schemas.errors import (
    DriftloopError,
    InvalidName,
    Missing,
    NotYet,
    StoreUnavailable,
)
from schemas.names import check_name, check_night

_EVERYWHERE = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_OWN = {
    **_EVERYWHERE,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
# A report runs scripts: it may draw, and neither read our pages nor talk to anybody.
_REPORT = {
    **_EVERYWHERE,
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}
_STATUS: dict[type[DriftloopError], HTTPStatus] = {
    InvalidName: HTTPStatus.NOT_FOUND,
    NotYet: HTTPStatus.NOT_FOUND,
    Missing: HTTPStatus.GONE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
_LOOPBACK = ("127.0.0.1", "localhost")


def make_app(host: str) -> Starlette:
    """The application, bound to this host: on loopback it answers to no other site's name."""
    names = [*_LOOPBACK, host] if host in _LOOPBACK or host.startswith("127.") else ["*"]
    return Starlette(
        routes=[
            _route("/_up", _up),
            _route("/_style.css", _style),
            _route("/", _projects),
            _route("/{project}", _nights),
            _route("/{project}/{night}", _night),
            _route("/{project}/card/{version}", _card),
            _route("/{project}/{night}/report", _report),
            _route("/{project}/{night}/profile", _profile),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)],
        exception_handlers={
            DriftloopError: _refuse,
            HTTPException: _refuse_http,
            Exception: _fail,
        },
    )


def _route(path: str, answer: Callable[[Request], Response]) -> Route:
    return Route(path, answer, methods=["GET"])


def _up(_request: Request) -> Response:
    return JSONResponse({"stack": os.environ.get("DRIFTLOOP_STACK")})


def _style(_request: Request) -> Response:
    return PlainTextResponse(style_sheet(), media_type="text/css", headers=_EVERYWHERE)


def _projects(request: Request) -> Response:
    return _page(request, "projects.html", projects=collect.projects())


def _nights(request: Request) -> Response:
    project = check_name(request.path_params["project"], "project")
    before = request.query_params.get("before")
    shown = collect.nights(project, check_night(before) if before else None)
    return _page(request, "nights.html", shown=shown)


def _night(request: Request) -> Response:
    told = collect.night(*_project_and_night(request))
    return _page(request, "night.html", told=told, explained=told.explained)


def _card(request: Request) -> Response:
    project = check_name(request.path_params["project"], "project")
    told = collect.card(project, request.path_params["version"])
    return _page(request, "card.html", project=project, told=told)


def _report(request: Request) -> Response:
    return _evidently(collect.report(*_project_and_night(request)))


def _profile(request: Request) -> Response:
    return _evidently(collect.profile(*_project_and_night(request)))


def _evidently(page: bytes) -> Response:
    return HTMLResponse(gzip.decompress(page), headers=_REPORT)


def _project_and_night(request: Request) -> tuple[str, date]:
    project = check_name(request.path_params["project"], "project")
    return project, check_night(request.path_params["night"])


def _page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    ui = os.environ.get("PREFECT_UI_URL")
    html = render(template, request.url.path, prefect=ui, **values)
    return HTMLResponse(html, status, headers=_OWN)


def _refuse(request: Request, error: Exception) -> Response:
    kind = next((kind for kind in _STATUS if isinstance(error, kind)), None)
    return _sorry(request, _STATUS[kind] if kind else HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


def _refuse_http(request: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return _sorry(request, status, f"{status.description or status.phrase}.")


def _fail(request: Request, error: Exception) -> Response:
    """A mistake of ours: its kind is told, its details are in the server's log."""
    said = f"The page could not be made ({type(error).__name__}); the page server's log says more."
    return _sorry(request, HTTPStatus.INTERNAL_SERVER_ERROR, said)


def _sorry(request: Request, status: HTTPStatus, sentence: str) -> Response:
    return _page(request, "sorry.html", status, title=status.phrase, sentence=sentence)
