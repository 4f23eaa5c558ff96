"""A bucket behind the fault proxy, for the tests beside this module.

Pauses and timeouts are cut short here, and nowhere else: a test may not wait as a night may.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from boto3.session import Session
from botocore.config import Config

from tasks.store.s3 import S3Store
from tests.building.fault_proxy import FaultProxy
from tests.building.s3_server import ACCESS_KEY, SECRET_KEY, S3Server

SERVERS = ["moto_server", pytest.param("ceph", marks=pytest.mark.slow)]
TIMEOUT_SECONDS = 0.5

Opener = Callable[..., S3Store]


@pytest.fixture(scope="session")
def session() -> Session:
    """One for all: to read the descriptions of all services takes longer than most tests."""
    return Session(ACCESS_KEY, SECRET_KEY)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once, wait half a second for an answer, and try a part of a transfer twice."""
    monkeypatch.setattr("tasks.store.s3.asking._FIRST_PAUSE_SECONDS", 0.002)
    monkeypatch.setattr("tasks.store.s3.asking._LONGEST_PAUSE_SECONDS", 0.02)

    def hasty(**settings: Any) -> Config:
        attempts = min(settings["retries"]["total_max_attempts"], 2)
        settings["retries"] = {"total_max_attempts": attempts, "mode": "standard"}
        return Config(**{**settings, "read_timeout": TIMEOUT_SECONDS})

    monkeypatch.setattr("tasks.store.s3.client.Config", hasty)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> S3Server:
    """Each kind of server in turn."""
    found: S3Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def proxy(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """In front of the server; this process's store goes through it."""
    with FaultProxy(server.port).running() as running:
        for name, value in {**server.environment, "AWS_ENDPOINT_URL": running.endpoint}.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def bucket(server: S3Server) -> str:
    return server.make_bucket()


@pytest.fixture
def opened(
    monkeypatch: pytest.MonkeyPatch,
    proxy: FaultProxy,  # noqa: ARG001  # it names the endpoint
    bucket: str,
    session: Session,
) -> Opener:
    """Opens the store in the bucket, by default with patience for a burst of faults."""
    monkeypatch.setattr("tasks.store.s3.store.make_session", lambda: session)

    def open_it(deadline_seconds: float = 30, prefix: str = "some/prefix") -> S3Store:
        return S3Store(bucket, prefix, deadline_seconds=deadline_seconds)

    return open_it
