"""Worlds for the tests of replays; the one that lived is built once a session and copied."""

from pathlib import Path

import pytest

from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.simulate import Lived
from tests.building.fixtures import cut_short, grown, grown_root, settle, world
from tests.building.once import built_once
from tests.building.world import World
from tests.tasks.engine.replay.worlds import compare_policies, live_again, live_on

__all__ = ["again", "compared", "grown", "grown_root", "lived", "lived_root", "world"]


@pytest.fixture(scope="session")
def lived_root(grown_root: Path, request: pytest.FixtureRequest) -> Path:
    """Read only."""

    def live(root: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            cut_short(patch)
            World(grown_root).copy_to(root)
            live_on(settle(root, patch))

    return built_once(request, "lived-for-replays", live)


@pytest.fixture(scope="session")
def again(lived_root: Path) -> Lived:
    """The own policy, lived through again."""
    with pytest.MonkeyPatch.context() as patch:
        return live_again(settle(lived_root, patch))


@pytest.fixture(scope="session")
def compared(lived_root: Path) -> Comparison:
    """Four policies over the labelled nights."""
    with pytest.MonkeyPatch.context() as patch:
        world = settle(lived_root, patch)
        return compare_policies(world, "own", "drift-only")


@pytest.fixture
def lived(lived_root: Path, world: World) -> World:
    """16 nights after the first champion, with a lasting change on the sixth."""
    return World(lived_root).copy_to(world.root)
