"""What is refused before anything is read or written: names and nights that cannot be."""

from datetime import timedelta

import pytest

from flows.clock import tonight
from flows.ingest import history, ingest
from flows.monitor import monitor
from flows.nightly import nightly
from flows.nights import due_nights
from flows.retrain import retrain
from schemas.errors import InvalidName
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


@pytest.mark.parametrize(("days", "why"), [(1, "is not over"), (2, "has not begun")])
def test_a_night_that_is_not_over_is_refused_or_every_real_night_would_come_late(
    days: int, why: str, world: World
) -> None:
    newest = tonight(world.project)
    for run in (nightly, monitor, ingest):
        with pytest.raises(InvalidName, match=why):
            run.fn(NAME, newest + timedelta(days=days))
    with pytest.raises(InvalidName, match=why):
        history.fn(NAME, day(0), newest + timedelta(days=days))
    assert not (world.root / "store").exists()
    assert nightly.fn(NAME, newest).startswith("nights/")


def test_without_a_date_tonight_is_run_after_the_nights_that_were_missed(world: World) -> None:
    newest = tonight(world.project)
    assert due_nights(world.project) == (newest,)
    nightly.fn(NAME, newest - timedelta(days=3))
    assert due_nights(world.project) == (
        newest - timedelta(days=2),
        newest - timedelta(days=1),
        newest,
    )
    assert nightly.fn(NAME).startswith(f"nights/{NAME}/{newest}/")
    assert due_nights(world.project) == (newest,)


@pytest.mark.parametrize("name", ["../shop", "shop\n", "Shop", "a" * 4096, "", "sh\0op", "-x"])
def test_names_that_break_the_rule_are_refused_at_the_edge(world: World, name: str) -> None:
    for run in (nightly, retrain):
        with pytest.raises(InvalidName, match="lower-case letters") as refused:
            run.fn(name, day(0))
        assert len(str(refused.value)) < 400
    assert not (world.root / "store").exists()
