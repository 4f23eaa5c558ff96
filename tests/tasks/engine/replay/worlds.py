"""Worlds that have lived for a while, for the tests of replays."""

from tests.building.fixtures import GROWN
from tests.building.rows import build_orders, day
from tests.building.world import World

FIRST = day(GROWN + 1)
"""The first night after the one that made the first champion."""

_DEARER_FROM, _DEARER_BY = 5, 2.5


def live_on(world: World, nights: int = 16) -> World:
    """So many nights; from the fifth on every order is dearer, which is drift."""
    for number in range(GROWN + 1, GROWN + 1 + nights):
        shift = _DEARER_BY if number > GROWN + _DEARER_FROM else 0.0
        world.label(number - 1)
        world.deliver(number, build_orders(number, shift=shift))
        world.night(number)
    return world
