"""An S3 server for the demo alone, on loopback: in memory, gone when the demo ends."""

import logging
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from deployments.demo import story
from schemas.errors import DriftloopError

_BUCKET = "driftloop-demo"


@contextmanager
def throwaway_bucket() -> Iterator[str]:
    """The environment names a new, empty bucket for as long as the block lasts; its address.

    Raises:
        DriftloopError: the server's package is not installed.
    """
    try:
        from moto.server import ThreadedMotoServer
    except ImportError as error:
        raise DriftloopError(
            "the demo's S3 server is not installed: `make demo S3=1` installs it"
        ) from error
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line a request
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        with urllib.request.urlopen(
            urllib.request.Request(f"{endpoint}/{_BUCKET}", method="PUT"), timeout=10
        ):
            pass
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
    finally:
        server.stop()
