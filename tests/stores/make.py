"""Writes a store of the present record format: `python -m tests.stores.make tests/stores/format1`.

A kept store is never written again once a release has carried it; a new format gets a new folder.
"""

import json
import shutil
import sys
from pathlib import Path

import pytest

from flows.rollback import rollback
from tasks.store.ledger import read_standing
from tests.building.fixtures import cut_short, settle
from tests.building.project import NAME
from tests.building.rows import build_orders
from tests.building.world import World

HISTORY, LAST = 14, 22
BROKEN = 18


def make(folder: Path) -> None:
    """Two weeks of history, two champions, a refused batch and its reissue, a roll-back."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(folder, patch)
        world.declare("policy={'min_nights': 10, 'min_rows': 100}")
        world.deliver_all(range(HISTORY))
        world.history(0, HISTORY - 1)
        for number in range(HISTORY, LAST):
            _live(world, number)
        rollback.fn(NAME, "kept for the tests", "ann")
        _live(world, LAST)
        standing = read_standing(world.store, NAME)
        (folder / "expected.json").write_text(
            json.dumps(standing.model_dump(mode="json"), indent=1)
        )
    shutil.rmtree(folder / "landing")
    shutil.rmtree(folder / "cache")
    shutil.rmtree(folder / "projects")
    shutil.rmtree(folder / "store" / ".tmp")


def _live(world: World, number: int) -> None:
    if number == BROKEN:
        world.deliver(number, build_orders(number).rename(columns={"hour": "o_clock"}))
        world.night(number)
    world.live(number)


if __name__ == "__main__":
    make(Path(sys.argv[1]).absolute())
