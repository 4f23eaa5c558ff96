"""The Prefect server to talk to: the one PREFECT_API_URL names, or the local stack's.

What is done on it is `deployments.deploy`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from deployments.stack.addresses import Stack
from schemas.errors import PrefectUnavailable

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


@contextmanager
def connect(stack: Stack | None = None) -> Iterator["SyncPrefectClient"]:
    """A client of a server that answers, lets us in and runs a version that fits.

    `stack` is used where the environment names no server.

    Raises:
        PrefectUnavailable: there is no such server; the message says what it said.
    """
    import prefect
    from prefect.client.orchestration import get_client
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_UI_URL,
        get_current_settings,
        temporary_settings,
    )

    named = get_current_settings().api.url
    if not named and stack is None:
        raise PrefectUnavailable(
            "PREFECT_API_URL names no Prefect server; set it, or start one with driftloop up"
        )
    own = (
        {}
        if named or stack is None
        else {PREFECT_API_URL: stack.api_url, PREFECT_UI_URL: stack.ui_url}
    )
    with temporary_settings(own), get_client(sync_client=True) as client:
        _check(client, prefect.__version__)
        yield client


def local_stack(folder: Path = Path(".driftloop")) -> Stack | None:
    """The stack that `driftloop up` started here, running or not."""
    from deployments.stack.state import load

    state = load(folder)
    return state.stack(folder) if state else None


def _check(client: "SyncPrefectClient", ours: str) -> None:
    from httpx import HTTPError

    address = _without_secrets(str(client.api_url))
    try:
        answer = _version(client) or ours
    except Exception as error:
        text = str(error)
        if "401" in text or "403" in text:
            why = "it refuses us; PREFECT_API_AUTH_STRING or PREFECT_API_KEY is missing or wrong"
        else:
            kind = type(error).__name__ if isinstance(error, HTTPError) else "no Prefect API"
            why = f"{kind}; is it running? driftloop up starts one here"
        raise PrefectUnavailable(
            f"the Prefect server {address} does not serve us: {why}"
        ) from error
    if answer.split(".")[:2] != ours.split(".")[:2]:
        raise PrefectUnavailable(
            f"the Prefect server {address} runs {answer}, this installation {ours}: "
            "bring both to the same minor version"
        )


def _version(client: "SyncPrefectClient") -> str | None:
    """The server's version; None on Prefect Cloud, which tells none and fits every client."""
    from prefect.client.base import ServerType

    if client.server_type is ServerType.CLOUD:
        client.read_flows(limit=1)  # whether it lets us in
        return None
    return client.api_version()


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
