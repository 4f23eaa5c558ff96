"""A world with two champions, its store as another process has it, and real flights."""

from pathlib import Path

import pytest

from tasks.store import Store, open_store
from tests.building.world import World
from tests.landing import landing_zone

__all__ = ["landing_zone"]


@pytest.fixture
def store(served: World) -> Store:
    """The store as the machine that pulls has it."""
    return open_store((served.root / "store").as_uri(), served.root / "cache-of-the-service")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The service's folder, which is not there yet."""
    return tmp_path / "srv" / "shop"


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the two seconds of a version's first load in a child."""
    monkeypatch.setattr("tasks.engine.pull.pull.try_in_child", lambda *_: None)
