"""A real Prefect server for tests, started once a session, with a database of its own.

It evaluates triggers and runs their actions; it has no scheduler and no worker.
"""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """The server, for as long as the session lasts."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=100):
        yield
