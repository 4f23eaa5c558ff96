"""Evenings before something happens, built once a session."""

from collections.abc import Callable
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
from tests.building.once import built_once
from tests.building.world import World

__all__ = ["grown_root", "served_root", "world", "young_root"]


@pytest.fixture(scope="session")
def evening_root(young_root: Path, request: pytest.FixtureRequest) -> Path:
    """Before night SERVED, which promotes; its orders and all labels are delivered. Read only."""

    def live(evening: World) -> None:
        for number in range(YOUNG + 1, SERVED):
            evening.live(number)
        evening.label(SERVED - 1)
        evening.deliver(SERVED)

    return built_once(request, "evening", lambda root: _go_on(young_root, root, live))


@pytest.fixture(scope="session")
def third_root(served_root: Path, request: pytest.FixtureRequest) -> Path:
    """The third champion serves, so that two earlier ones can be gone back to. Read only."""

    def live(evening: World) -> None:
        for number in range(SERVED + 1, SERVED + 4):
            evening.live(number)
        assert [move for move, _ in evening.moves()] == ["promote"] * 3

    return built_once(request, "third", lambda root: _go_on(served_root, root, live))


def _go_on(before: Path, root: Path, live: Callable[[World], None]) -> None:
    """A copy of that world which has lived on."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        World(before).copy_to(root)
        live(settle(root, patch))
