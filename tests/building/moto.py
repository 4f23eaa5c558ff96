"""moto's S3 server: in memory, starts in a second, forgets everything when it stops."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building.s3_server import S3Server, free_ports, spawn


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The one moto server of a session. It takes any secret; Ceph does not."""
    server = S3Server(free_ports())
    program = str(Path(sys.executable).with_name("moto_server"))
    log = tmp_path_factory.mktemp("moto") / "log"
    try:
        server.pids["moto"] = spawn([program, "-H", "127.0.0.1", "-p", str(server.port)], str(log))
        server.wait(60, "moto", server.listens)
        yield server
    finally:
        server.stop()
