"""An S3 server for the demo alone, on loopback: moto, in memory, gone when the demo ends."""

import logging
import os
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

from deployments.demo import story
from schemas.errors import DriftloopError

_BUCKET = "driftloop-demo"


@contextmanager
def throwaway_bucket() -> Iterator[str]:
    """The environment names a new, empty bucket for as long as the block lasts; its address.

    Raises:
        DriftloopError: the server's package is not installed.
    """
    with serve_moto(0) as port:
        endpoint = f"http://127.0.0.1:{port}"
        bucket = urllib.request.Request(f"{endpoint}/{_BUCKET}", method="PUT")
        with urllib.request.urlopen(bucket, timeout=10):
            address = f"s3://{_BUCKET}/{story.PROJECT}"
        os.environ |= {
            "DRIFTLOOP_STORE": address,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "demo",
            "AWS_SECRET_ACCESS_KEY": "demo",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        print(f"S3 server: moto, in memory, at {endpoint}; the store is {address}")
        yield address


@contextmanager
def serve_moto(port: int) -> Iterator[int]:
    """The server on a port of loopback, any free one for 0; its port.

    Raises:
        DriftloopError: its package is not installed.
    """
    try:
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from werkzeug.serving import make_server
    except ImportError as error:
        raise DriftloopError(
            "the demo's S3 server is not installed: `make demo S3=1` installs it"
        ) from error
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line a request
    application = _one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


def _one_at_a_time(application: Callable[..., Iterable[bytes]]) -> Callable[..., Any]:
    """One request at a time: moto looks whether an object exists, then writes it."""
    turn = Lock()

    def respond(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with turn:
            return list(application(environ, start_response))

    return respond
