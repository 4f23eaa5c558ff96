"""Nothing that is fitted knows the rows that judge it."""

from pathlib import Path

import pytest

from schemas.judgement import Judgement
from tests.building.fixtures import YOUNG, settle
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

RECIPE = (
    "past=(PastNights(name='shop_rate', by=('shop',), of='returned', statistic='mean', nights=5),),"
    " features=(Numbers(columns=('hour', 'wait', 'shop_rate')), Impute(columns=('amount',)),"
    " Categories(columns=('shop',)), Bins(columns=('income',)),"
    " TargetMeans(columns=('shop',), target='returned', zone='UTC'))"
)


def attempt(world: World, spoiled: range) -> Judgement:
    """The first champion's attempt, where these nights have other rows and flipped labels."""
    world.declare(RECIPE)
    for number in range(YOUNG):
        orders = build_orders(number)
        labels = build_labels(number, orders)
        if number in spoiled:
            other = build_orders(500 + number, shift=3.0).assign(shop="nowhere")
            same = {name: orders[name] for name in ("row_key", "event_time")}
            orders = other.assign(**same)
            labels = labels.assign(returned=1 - labels["returned"])
        world.deliver(number, orders)
        world.label(number, labels)
    world.history(0, YOUNG - 1)
    world.live(YOUNG)
    [judgement] = world.judgements()
    return judgement


def test_other_gate_nights_leave_the_challenger_as_it_was_to_the_byte(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = attempt(world, range(0))
    assert first.contest is not None
    gate = [night.as_of for night in first.contest.nights]
    spoiled = range(YOUNG - len(gate), YOUNG)
    assert gate == [day(number) for number in spoiled]
    assert first.challenger is not None
    second = attempt(settle(tmp_path / "other", monkeypatch), spoiled)
    assert second.challenger is not None
    assert second.contest != first.contest, "what judges did change"
    for what in ("training_set", "prior", "rows", "features", "model"):
        assert getattr(second.challenger, what) == getattr(first.challenger, what)


def test_another_training_night_does_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = attempt(world, range(0))
    second = attempt(settle(tmp_path / "other", monkeypatch), range(1))
    assert first.challenger is not None
    assert second.challenger is not None
    assert second.challenger.model != first.challenger.model
