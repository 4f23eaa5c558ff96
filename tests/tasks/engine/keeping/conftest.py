"""A world that has outlived its retention: its oldest nights are needed by nobody any more."""

from pathlib import Path

import pytest

from tests.building.fixtures import _with_champion, cut_short, settle
from tests.building.once import built_once
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import HISTORY, NEWEST, POLICY, age_all


@pytest.fixture(scope="session")
def lived_root(request: pytest.FixtureRequest) -> Path:
    """Read only: history, then two refreshes under a retention, all of it a month ago."""
    return built_once(request, "lived-past-retention", _live)


def _live(root: Path) -> None:
    _with_champion(root, HISTORY)
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(root, patch)
        world.forget()
        world.declare(f"policy={POLICY}")
        for number in range(HISTORY + 1, NEWEST + 1):
            world.live(number)
        told = [judgement.sentence for judgement in world.judgements()]
        assert [move for move, _ in world.moves()] == ["promote"] * 3, told
        age_all(world)


@pytest.fixture
def lived(lived_root: Path, world: World) -> World:
    """Three champions, of which two are kept."""
    copied = World(lived_root).copy_to(world.root)
    copied.declare(f"policy={POLICY}")
    copied.forget()
    return copied
