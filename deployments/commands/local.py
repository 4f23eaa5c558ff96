"""Commands for the local stack: up, down."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

_FOLDER = Path(".driftloop")


def up(
    *,
    host: Annotated[
        str, Parameter(help="The address to listen on; others then reach it, without a login.")
    ] = "127.0.0.1",
) -> None:
    """Start a Prefect server, a worker and the page server here, or what is missing of them."""
    import os

    from deployments.stack import start
    from deployments.stack.after import after_start

    stack = start(_FOLDER, os.environ, _tell, host)
    after_start(stack, _tell)
    print(f"Prefect: {stack.ui_url}")
    print(f"nights and reports: {stack.pages_url}")
    if host not in ("127.0.0.1", "localhost"):
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


def _tell(text: str) -> None:
    print(text, flush=True)


COMMANDS = {"up": up, "down": down}
