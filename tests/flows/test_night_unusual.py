"""Deliveries that no night before had: kept out of training, or told and used."""

from flows.accept import accept
from tasks.engine.usable import usable_nights
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1


def deliver_again(world: World, number: int, other: int) -> None:
    """The rows of another night under this night's keys and times."""
    orders = build_orders(number)
    again = build_orders(other).assign(row_key=orders["row_key"], event_time=orders["event_time"])
    world.deliver(number, again)


def usable(world: World, number: int) -> list[int]:
    """Of the last three nights, which could train after night `number`."""
    state = world.recorded(number).trigger
    nights = usable_nights(world.store, world.project, day(number), frozenset(state.faulty))
    return [n for n in range(number - 2, number + 1) if day(n) in {one.as_of for one in nights}]


def test_yesterdays_rows_under_tonights_keys_are_a_fault_until_the_night_is_right(
    young: World,
) -> None:
    young.label(YOUNG)
    deliver_again(young, NEXT, YOUNG - 2)
    night = young.night(NEXT)
    assert night.decision.state == "Data fault"
    [fault] = night.evidence.faults
    assert (fault.column, fault.kind) == ("all columns", "duplicate night")
    assert [alert.kind for alert in night.decision.alerts] == ["fault"]
    assert f"those of night {day(YOUNG - 2)}" in night.evidence.unusual[0].sentence
    young.label(NEXT)
    young.live(NEXT + 1)
    assert usable(young, NEXT + 1) == [YOUNG]
    young.deliver(NEXT)
    young.live(NEXT + 2)
    assert usable(young, NEXT + 2) == [NEXT, NEXT + 1]


def test_a_repeated_night_that_a_person_accepts_trains_again(young: World) -> None:
    young.label(YOUNG)
    deliver_again(young, NEXT, YOUNG)
    young.night(NEXT)
    young.label(NEXT)
    accept.fn(NAME, day(NEXT), "a holiday, nothing changed", "ann")
    night = young.live(NEXT + 1)
    assert night.trigger.faulty == ()
    assert usable(young, NEXT + 1) == [YOUNG, NEXT]


def test_far_more_rows_than_usual_are_told_once_and_used(young: World) -> None:
    young.deliver(NEXT, build_orders(NEXT, rows=120))
    night = young.night(NEXT)
    assert night.evidence.faults == ()
    [alert] = night.decision.alerts
    assert (alert.kind, alert.subject) == ("unusual", "row count")
    assert "120 rows, 3.0 times the median of 21 nights before" in alert.sentence
    young.label(NEXT)
    quiet = young.live(NEXT + 1)
    assert (quiet.decision.alerts, quiet.trigger.alerted) == ((), ())
    assert NEXT in usable(young, NEXT + 1)


def test_a_duplicate_in_loaded_history_trains_nothing_and_alerts_nobody(world: World) -> None:
    world.declare()
    world.deliver_all(range(16))
    deliver_again(world, 15, 12)
    world.history(0, 15)
    record = world.recorded(15)
    assert (record.decision.state, record.decision.alerts) == ("History", ())
    assert record.trigger.faulty == (day(15),)
