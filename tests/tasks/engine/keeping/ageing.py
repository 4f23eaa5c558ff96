"""Objects dated back, as a store has them after some weeks."""

import os
from datetime import timedelta

from tests.building.world import World

HISTORY, NEWEST = 76, 82
KEPT_NIGHTS = 69
POLICY: dict[str, int] = {
    "min_nights": 4,
    "min_rows": 500,
    "reference_nights": 28,
    "retention_nights": KEPT_NIGHTS,
    "retention_champions": 2,
}
MONTH = timedelta(days=30)


def age(world: World, key: str, by: timedelta = MONTH) -> None:
    """Date one object back."""
    path = world.root / "store" / key
    then = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (then, then))


def age_all(world: World) -> None:
    """Date every object back by a month."""
    for key in world.files():
        age(world, key)
