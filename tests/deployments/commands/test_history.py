"""What `driftloop night --history` says of the nights that it loaded."""

import json

import pytest

from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in
from tests.flows.test_night_unusual import deliver_again

STRETCH = ("night", NAME, "--history", "--from", str(day(0)), "--to", str(day(9)))


@pytest.fixture
def delivered(world: World) -> World:
    """Ten nights: the second is refused, the fifth is the fourth once more, one did not come."""
    world.deliver_all(range(10))
    world.deliver(2, build_orders(2).drop(columns="hour"))
    deliver_again(world, 5, 4)
    world.withdraw(f"{day(7)}.orders.csv")
    return world


@pytest.mark.usefixtures("delivered")
def test_nights_that_need_a_look_are_counted_with_the_first_and_the_next_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, said = type_in(capsys, *STRETCH)
    lines = said.splitlines()
    assert lines[0] == f"{NAME}: 10 nights of history, {day(0)} to {day(9)}"
    assert lines[1].startswith(f"  refused    1 night, the first {day(2)}: Refused: columns miss")
    assert lines[2].startswith(f"  faulty     1 night, the first {day(5)}: ")
    assert lines[3] == f"  no data    1 night, the first {day(7)}"
    assert lines[4] == f"next: driftloop why {NAME} {day(2)}, then driftloop retrain {NAME}"


@pytest.mark.usefixtures("delivered")
def test_nights_that_were_loaded_before_are_told_as_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    type_in(capsys, *STRETCH[:-1], str(day(6)))
    _, said = type_in(capsys, *STRETCH)
    assert said.startswith(f"{NAME}: 10 nights of history, 7 of them loaded before, ")
    _, said = type_in(capsys, *STRETCH)
    assert said.startswith(f"{NAME}: 10 nights of history, all of them loaded before, ")
    told = json.loads(type_in(capsys, *STRETCH, "--json")[1])
    assert (told["nights"], told["total"], told["before"]) == ([], 10, 10)
    assert told["refused"]["nights"] == [str(day(2))]


def test_sound_history_says_no_more_than_what_comes_next(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.deliver_all(range(10))
    _, said = type_in(capsys, *STRETCH)
    assert said.splitlines()[1:] == [f"next: driftloop retrain {NAME}"]
