"""Evenings before something happens, built once a session."""

from pathlib import Path

import pytest

from tests.building.fixtures import (
    SERVED,
    YOUNG,
    cut_short,
    grown_root,
    served_root,
    settle,
    world,
    young_root,
)
from tests.building.world import World

__all__ = ["grown_root", "served_root", "world", "young_root"]


@pytest.fixture(scope="session")
def evening_root(young_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Before night SERVED, which promotes; its orders and all labels are delivered. Read only."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        evening = settle(tmp_path_factory.mktemp("evening"), patch)
        World(young_root).copy_to(evening.root)
        for number in range(YOUNG + 1, SERVED):
            evening.live(number)
        evening.label(SERVED - 1)
        evening.deliver(SERVED)
    return evening.root


@pytest.fixture(scope="session")
def third_root(served_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The third champion serves, so that two earlier ones can be gone back to. Read only."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        evening = settle(tmp_path_factory.mktemp("third"), patch)
        World(served_root).copy_to(evening.root)
        for number in range(SERVED + 1, SERVED + 4):
            evening.live(number)
        assert [move for move, _ in evening.moves()] == ["promote"] * 3
    return evening.root
