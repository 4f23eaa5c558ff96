"""Worlds that have lived for a while, for the tests of replays."""

from datetime import date

from schemas.period import periods
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.engine.replay.refits import compare_with_refits
from tasks.engine.replay.simulate import Lived, simulate
from tasks.engine.replay.variants import make_variant, make_variants
from tests.building.fixtures import GROWN
from tests.building.rows import build_orders, day
from tests.building.world import World

FIRST = day(GROWN + 1)
"""The first night after the one that made the first champion."""

LAST = day(GROWN + 15)
"""The newest night with labels."""

_DEARER_FROM, _DEARER_BY = 5, 2.5


def live_on(world: World, nights: int = 16) -> World:
    """So many nights; from the fifth on every order is dearer, which is drift."""
    for number in range(GROWN + 1, GROWN + 1 + nights):
        shift = _DEARER_BY if number > GROWN + _DEARER_FROM else 0.0
        world.label(number - 1)
        world.deliver(number, build_orders(number, shift=shift))
        world.night(number)
    return world


def live_again(world: World) -> Lived:
    """All nights after the first champion under the project's own policy, with fits of its own."""
    project = world.project
    fits = Fits(StoredPast(world.store, project), setting_of(project), world.root / "fits")
    return simulate(fits, make_variant("own", project.policy), periods(FIRST, day(GROWN + 16)), {})


def compare_policies(
    world: World, *names: str, last: date = LAST, folder: str = "fits"
) -> Comparison:
    """These policies, never and nightly, from the first night on."""
    variants = make_variants(names, world.project.policy)
    fits = world.root / folder
    return compare_with_refits(world.store, world.project, variants, fits, FIRST, last)
