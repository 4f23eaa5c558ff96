"""What every test gets: nothing of this machine's settings. Builders live beside their tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.building.ceph import ceph
from tests.building.moto import moto_server
from tests.building.postgres import postgres
from tests.building.prefect import prefect_server

__all__ = ["ceph", "moto_server", "postgres", "prefect_server"]

settings.register_profile("untimed", deadline=None)  # machines are busy at times
settings.load_profile("untimed")

_SETTINGS = ("AWS_", "DRIFTLOOP_", "PREFECT_")


def pytest_configure(config: pytest.Config) -> None:
    """Forget this machine's settings, before any test module imports a library that reads them."""
    home = tempfile.mkdtemp(prefix="driftloop-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        del os.environ[name]
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "DO_NOT_TRACK": "1",
        "OMP_NUM_THREADS": "1",  # a fit takes milliseconds; threads that wait for a core take more
        "PREFECT_HOME": home,
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",  # tasks are called alone in tests
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


@pytest.fixture(autouse=True)
def folders_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an empty store, cache and landing folder."""
    monkeypatch.setenv("DRIFTLOOP_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setenv("DRIFTLOOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DRIFTLOOP_LANDING", str(tmp_path / "landing"))


@pytest.fixture(autouse=True)
def flows_without_heartbeat(request: pytest.FixtureRequest) -> Iterator[None]:
    """A sync flow run waits a second at its end for a thread that only a setting in code stops."""
    if "prefect_server" not in request.fixturenames:  # elsewhere flows are called as functions
        yield
        return
    request.getfixturevalue("prefect_server")  # its address is a setting, too
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
