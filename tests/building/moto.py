"""moto's S3 server: in memory, starts in a second, forgets everything when it stops."""

import sys
from collections.abc import Iterator

import pytest

from tests.building.s3_server import S3Server, free_ports, spawn

PROGRAM = """
import signal
from deployments.demo.bucket import serve_moto
with serve_moto({port}):
    signal.pause()
"""


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The one moto server of a session, the demo's. It takes any secret; Ceph does not."""
    server = S3Server(free_ports())
    log = tmp_path_factory.mktemp("moto") / "log"
    try:
        program = PROGRAM.format(port=server.port)
        server.pids["moto"] = spawn([sys.executable, "-c", program], str(log))
        server.wait(60, "moto", server.listens)
        yield server
    finally:
        server.stop()
