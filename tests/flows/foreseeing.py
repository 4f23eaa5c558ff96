"""Rows predicted ahead as tests have them, and what became of them."""

from pathlib import Path

from schemas.upcoming import Upcoming
from tasks.store import keys
from tasks.telling.nights import tell_night
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

NEXT = SERVED + 1


def declare(world: World) -> None:
    """The project predicts ahead, into a file a night."""
    template = world.root / "out" / "{as_of}.parquet"
    world.declare(f"upcoming=Ahead(), deliver=ToFile(file={str(template)!r})")


def record(world: World, number: int = NEXT) -> Upcoming:
    """The newest revision as of a night."""
    return world.store.record(world.store.revisions("upcoming", NAME, day(number))[-1], Upcoming)


def delivered(world: World, number: int = NEXT) -> Path:
    """Where predictions go."""
    return world.root / "out" / f"{day(number)}.parquet"


def told(world: World, number: int = NEXT, step: str = "upcoming") -> str:
    """What the night's page says of them."""
    key = keys.night(NAME, day(number), world.recorded(number).revision)
    return "\n".join(line.text for line in tell_night(world.store, key) if line.step == step)
