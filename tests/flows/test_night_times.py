"""Rows whose time lies outside of their night: set aside by name, or the whole night refused."""

import pandas as pd
import pytest

from schemas.batch import Batch
from tasks.core.checking import REASON
from tasks.engine.frames import load_frame
from tasks.store.verify import verify
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1
TOKYO = "timezone='Asia/Tokyo'"


def batch_of(world: World, number: int) -> Batch:
    """The batch that the newest record of a night names."""
    return world.store.record(str(world.recorded(number).batch), Batch)


def outside(number: int, zone: str = "UTC") -> str:
    return f"outside of night {day(number)} in {zone}"


@pytest.mark.parametrize("days", [-365, -1, 1])
def test_a_row_of_another_night_is_quarantined_with_its_time(young: World, days: int) -> None:
    orders = build_orders(NEXT)
    times = pd.to_datetime(orders["event_time"]) + pd.Timedelta(days=days)
    orders.loc[3, "event_time"] = str(times[3])
    young.deliver(NEXT, orders)
    assert young.night(NEXT).evidence.data == "accepted"
    batch = batch_of(young, NEXT)
    assert (batch.counts.kept, batch.counts.quarantined) == (ROWS - 1, 1)
    [failure] = batch.failures
    assert (failure.column, failure.check) == ("event_time", outside(NEXT))
    assert failure.examples == (str(times[3]),)
    assert batch.quarantine is not None
    [reason] = load_frame(young.store, batch.quarantine)[REASON]
    assert reason == f"event_time: {outside(NEXT)}"
    assert verify(young.store, NAME) == []


def test_a_file_of_yesterday_under_tonights_name_is_refused(young: World) -> None:
    young.deliver(NEXT, build_orders(NEXT - 1))
    assert young.night(NEXT).decision.state == "Batch refused"
    assert batch_of(young, NEXT).sentence == (
        f"Refused: {ROWS} of {ROWS} rows broken (100.0%, limit 5.0%), "
        f"most by event_time: {outside(NEXT)}."
    )


def test_a_night_ends_at_midnight_in_the_projects_own_zone(world: World) -> None:
    world.declare(TOKYO)
    orders = build_orders(0)
    orders.loc[0, "event_time"] = f"{day(0)} 14:59:59+00:00"
    orders.loc[1, "event_time"] = f"{day(0)} 15:00:00+00:00"
    world.deliver(0, orders)
    world.night(0)
    assert [failure.rows for failure in batch_of(world, 0).failures] == [1]
    assert batch_of(world, 0).failures[0].check == outside(0, "Asia/Tokyo")


def test_nights_refused_under_a_wrong_zone_are_taken_in_once_it_is_mended(world: World) -> None:
    world.declare("timezone='Pacific/Auckland'")
    for number in (0, 1):
        late = pd.to_datetime(build_orders(number)["event_time"]) + pd.Timedelta(hours=12)
        world.deliver(number, build_orders(number).assign(event_time=late.astype("str")))
        assert world.night(number).evidence.data == "refused"
    world.declare("timezone='UTC'")
    assert world.night(1).evidence.data == "accepted"
    assert world.recorded(0).evidence.data == "accepted"
    before = world.files()
    world.night(1)
    assert world.files() == before
