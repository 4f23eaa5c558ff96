"""An attempt's examination: recorded for a first champion and a change, with leaks by name."""

import numpy as np
import pandas as pd
import pytest

from schemas.errors import ModelUnusable
from schemas.examination import Examination
from schemas.judgement import Cause, Judgement
from tasks.engine import examine
from tasks.engine.attempt import make_attempt
from tasks.engine.ingest import ingest_batch
from tests.building.fixtures import SERVED, YOUNG
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

NIGHTS = 20


def _judge(world: World, number: int = NIGHTS - 1) -> Judgement:
    key = make_attempt(world.store, world.project, day(number), Cause(kind="person"))
    assert key is not None
    return world.store.record(key, Judgement)


def _examined(world: World) -> Examination:
    examination = _judge(world).examination
    assert examination is not None
    return examination


def _alarms(world: World) -> dict[str, str]:
    return {alarm.column: alarm.rule for alarm in _examined(world).alarms}


def _returned(number: int, orders: pd.DataFrame) -> np.ndarray:
    return build_labels(number, orders)["returned"].to_numpy(dtype=np.float64)


def test_a_first_champion_is_examined_and_honest_orders_raise_no_alarm(young: World) -> None:
    [first] = young.judgements(YOUNG)
    examination = first.examination
    assert examination is not None
    assert (examination.alarms, examination.features) == ((), 5)
    assert (examination.rows, examination.gate_rows) == (14 * 40, 6 * 40)
    assert examination.gains[0].feature == "amount"
    assert examination.gains[0].is_shown


def test_a_refresh_is_not_examined_again_and_a_change_is(served: World) -> None:
    [refresh] = served.judgements(SERVED)
    assert (refresh.retrain, refresh.examination) == ("refresh", None)
    served.declare("rounds=6")
    change = _judge(served, SERVED)
    assert change.retrain == "change"
    assert change.examination is not None
    assert change.examination.alarms == ()


def test_the_target_with_noise_is_named(world: World) -> None:
    draw = np.random.default_rng(0)
    for number in range(NIGHTS):
        orders = build_orders(number)
        noise = draw.normal(scale=0.2, size=len(orders))
        orders["income"] = (_returned(number, orders) + noise).round(6)
        world.deliver(number, orders)
        world.label(number)
    world.history(0, NIGHTS - 1)
    assert _alarms(world) == {"income": "single_feature"}


def test_gaps_and_words_that_tell_the_label_are_named(world: World) -> None:
    draw = np.random.default_rng(0)
    for number in range(NIGHTS):
        orders = build_orders(number)
        is_back = (_returned(number, orders) == 1) & (draw.random(len(orders)) < 0.2)
        world.deliver(number, orders.assign(wait=orders["wait"].where(~is_back)))
        world.label(number, build_labels(number, orders))
    world.history(0, NIGHTS - 1)
    assert _alarms(world) == {"wait": "missingness"}


def test_null_words_that_tell_the_label_are_named(world: World) -> None:
    draw = np.random.default_rng(0)
    for number in range(NIGHTS):
        orders = build_orders(number)
        is_back = (_returned(number, orders) == 1) & (draw.random(len(orders)) < 0.2)
        world.deliver(number, orders.assign(shop=orders["shop"].where(~is_back)))
        world.label(number, build_labels(number, orders))
    world.history(0, NIGHTS - 1)
    assert _alarms(world) == {"shop": "missingness"}


def test_a_column_without_values_until_labels_come_is_named(world: World) -> None:
    world.deliver_all(range(NIGHTS - 1))
    world.deliver(NIGHTS - 1, build_orders(NIGHTS - 1).assign(wait=None))
    world.history(0, NIGHTS - 1)
    assert _alarms(world) == {"wait": "known_later"}


def test_a_column_that_is_filled_by_a_later_revision_is_named(world: World) -> None:
    world.deliver_all(range(NIGHTS))
    for number in range(14, NIGHTS - 2):
        world.deliver(number, build_orders(number).assign(wait=None))
    world.history(0, NIGHTS - 1)
    for number in range(14, NIGHTS - 2):
        world.deliver(number)
        ingest_batch(world.store, world.project, day(number))
    assert _alarms(world) == {"wait": "known_later"}


def test_orders_that_are_there_on_both_sides_are_named(world: World) -> None:
    for number in range(NIGHTS):
        orders = build_orders(number)
        labels = build_labels(number, orders)
        if number >= 15:
            old = build_orders(number - 10)
            features = ["amount", "hour", "wait", "income", "shop"]
            orders.loc[:9, features] = old.loc[:9, features]
            labels.loc[:9, "returned"] = build_labels(number - 10, old).loc[:9, "returned"]
        world.deliver(number, orders)
        world.label(number, labels)
    world.history(0, NIGHTS - 1)
    assert _alarms(world) == {"all features": "duplicates"}


def test_rows_are_thinned_out_above_the_limits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "TRAINING_ROWS", 200)
    monkeypatch.setattr(examine, "GATE_ROWS", 60)
    monkeypatch.setattr(examine, "GAINS", 2)
    world.deliver_all(range(NIGHTS))
    world.history(0, NIGHTS - 1)
    seen = _examined(world)
    assert (seen.rows, seen.nights) == (200, 5)
    assert (seen.gate_rows, seen.gate_nights) == (60, 6)
    assert len(seen.gains) == 2


def test_an_examination_that_fails_stops_no_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelUnusable("shuffled rows predict nonsense")

    monkeypatch.setattr(examine, "predict_features", fail)
    world.deliver_all(range(NIGHTS))
    world.history(0, NIGHTS - 1)
    judgement = _judge(world)
    assert (judgement.outcome, judgement.examination) == ("passed", None)


def test_the_same_attempt_is_examined_alike(world: World) -> None:
    world.deliver_all(range(NIGHTS))
    world.history(0, NIGHTS - 1)
    first, second = _judge(world), _judge(world)
    assert first.examination == second.examination
