"""A real PostgreSQL server on loopback, of Debian's package postgresql; no root when it runs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building.s3_server import S3Server, free_ports, spawn

PASSWORD = "hunter2-do-not-print"
_AS_ROOT = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database that may be filled; one server a session."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not installed:
        if os.environ.get("CI"):
            pytest.fail("CI needs postgresql: apt-get install postgresql")
        pytest.skip("needs postgresql: apt-get install postgresql")
    programs = installed[-1]
    folder = Path(tempfile.mkdtemp(prefix="driftloop-pg-"))
    (folder / "password").write_text(PASSWORD)
    as_other = _AS_ROOT if os.geteuid() == 0 else ()
    if as_other:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    server = S3Server(free_ports())
    try:
        subprocess.run(
            [
                *as_other,
                *(programs / "initdb", "-D", folder / "data", "-U", "reader", "--no-sync"),
                *("--auth=scram-sha-256", "--pwfile", folder / "password"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        told = {"port": server.port, "unix_socket_directories": folder, "fsync": "off"}
        settings = [word for k, v in told.items() for word in ("-c", f"{k}={v}")]
        command = [*as_other, programs / "postgres", "-D", folder / "data", *settings]
        server.pids["postgres"] = spawn([str(word) for word in command], os.devnull)
        server.wait(30, "postgres", server.listens)
        yield f"postgresql+psycopg://reader:{PASSWORD}@127.0.0.1:{server.port}/postgres"
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
