"""Commands for this machine's own servers: up, down, pages."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

_FOLDER = Path(".driftloop")
_LOOPBACK = "127.0.0.1"

Host = Annotated[
    str, Parameter(help="The address to listen on; others then reach it, without a login.")
]


def up(*, host: Host = _LOOPBACK) -> None:
    """Start a Prefect server, a worker and the page server here, or what is missing of them."""
    import os

    from deployments.stack import start
    from deployments.stack.after import after_start

    stack = start(_FOLDER, os.environ, _tell, host)
    after_start(stack, _tell)
    print(f"Prefect: {stack.ui_url}")
    print(f"nights and reports: {stack.pages_url}")
    if not _is_loopback(host):
        print(f"Whoever reaches {host} can use both: the Prefect server has no login.")
    print("next: open the first address, or driftloop status; driftloop down stops it all")


def down() -> None:
    """Stop what `driftloop up` started here, and nothing else; ports and data stay."""
    from deployments.stack import stop

    ended = stop(_FOLDER, _tell)
    for text in ended:
        print(f"stopped: {text}")
    if not ended:
        print(f"nothing to stop: no stack of {_FOLDER.absolute()} is running")


def pages(
    *,
    port: Annotated[int, Parameter(validator=Number(gte=1, lte=65535))] = 8787,
    host: Host = _LOOPBACK,
) -> None:
    """Serve the store's nights and reports to a browser, where no `driftloop up` does it.

    DRIFTLOOP_REPORTS_URL, set to its address for the flows, makes their links.
    """
    from deployments.pages.serve import serve
    from deployments.stack.ports import check_host, is_free
    from schemas.errors import Declined

    check_host(host)
    if not is_free(host, port):
        raise Declined(f"port {port} is taken by another program; choose one with --port")
    print(f"nights and reports: http://{host}:{port}; Ctrl-C ends it")
    if not _is_loopback(host):
        print(f"Whoever reaches {host} can read them: there is no login.")
    serve(host, port)


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def _tell(text: str) -> None:
    print(text, flush=True)


COMMANDS = {"up": up, "down": down, "pages": pages}
