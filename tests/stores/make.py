"""Writes the kept store of this record format: `python -m tests.stores.make FOLDER`.

A kept store is never written again once a release has carried it; a new format gets a new folder.
"""

import os
import sys
from pathlib import Path

from tests.building.fixtures import YOUNG, cut_short, settle
from tests.building.rows import build_orders

import pytest


def make(folder: Path) -> None:
    """A month of history, two champions, a refused batch and its reissue, a roll-back, a freeze."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(folder, patch)
        world.declare("policy={'min_nights': 10, 'min_rows': 100}")
        world.deliver_all(range(14))
        world.history(0, 13)
        for number in range(14, 22):
            if number == 18:
                world.deliver(18, build_orders(18).rename(columns={"hour": "o_clock"}))
                world.night(18)
            world.live(number)
        from flows.rollback import rollback
        from tests.building.rows import day

        rollback.fn("shop", day(21), "kept for the tests", "ann")
        world.live(22)


if __name__ == "__main__":
    make(Path(sys.argv[1]).absolute())
