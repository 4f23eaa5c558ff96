"""What is refused before anything is read or written: names and nights that cannot be."""

from datetime import timedelta

import pytest

from flows.clock import tonight
from flows.ingest import history, ingest
from flows.monitor import monitor
from flows.nightly import nightly
from flows.retrain import retrain
from schemas.errors import InvalidName
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


def test_a_night_of_the_future_is_refused_or_every_real_night_would_come_late(
    world: World,
) -> None:
    tomorrow = tonight(world.project) + timedelta(days=2)
    for run in (nightly, monitor, ingest):
        with pytest.raises(InvalidName, match="has not begun"):
            run.fn(NAME, tomorrow)
    with pytest.raises(InvalidName, match="has not begun"):
        history.fn(NAME, day(0), tomorrow)
    assert not (world.root / "store").exists()
    assert nightly.fn(NAME, tomorrow - timedelta(days=1)).startswith("nights/")


@pytest.mark.parametrize("name", ["../shop", "shop\n", "Shop", "a" * 4096, "", "sh\0op", "-x"])
def test_names_that_break_the_rule_are_refused_at_the_edge(world: World, name: str) -> None:
    for run in (nightly, retrain):
        with pytest.raises(InvalidName, match="lower-case letters") as refused:
            run.fn(name, day(0))
        assert len(str(refused.value)) < 400
    assert not (world.root / "store").exists()
