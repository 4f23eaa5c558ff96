"""Nights of a project of counts, whose rows have weights: what it learns, what it refuses."""

import numpy as np

from schemas.labels import Labels
from schemas.predictions import Predictions
from tasks.engine.cards import card_of
from tasks.engine.explain import explain
from tasks.engine.frames import load_frame
from tasks.engine.rebuild import rebuild
from tests.building.project import NAME
from tests.building.rows import build_items, day
from tests.building.world import World

FIRST = 22


def test_a_champion_of_counts_is_judged_by_its_deviance_and_its_weights_are_remembered(
    world: World,
) -> None:
    world.declare("contract=OrdersOfItems, task='count', weight='wait'")
    for number in range(FIRST + 1):
        orders = world.deliver(number)
        labels = build_items(number, orders)
        labels["items"] = labels["items"].astype(float)
        labels.loc[:1, "items"] = [-3, 2.5]
        world.label(number, labels)
    world.history(0, FIRST - 1)
    night = world.night(FIRST)
    store, project, version = world.store, world.project, world.champion
    assert version is not None
    assert card_of(store, NAME, version).recipe["weight"] == "wait"
    [judgement] = world.judgements()
    assert judgement.contest is not None
    evaluation = judgement.contest.evaluation
    assert evaluation is not None
    assert [one.metric for one in evaluation.metrics] == ["deviance", "rmse", "mae", "bias"]

    stored = store.record(store.revisions("labels", NAME, day(5))[-1], Labels)
    assert [(one.check, one.rows) for one in stored.failures] == [("not a count", 2)]
    assert stored.target_min is not None
    assert stored.target_min >= 0

    assert night.predictions is None
    world.deliver(FIRST + 1)
    key = world.night(FIRST + 1).predictions
    assert key is not None
    rows = load_frame(store, store.record(key, Predictions).rows)
    assert (rows["prediction"] >= 0).all()
    told = explain(store, project, f"{day(FIRST + 1)}-0003", None)
    assert told.unit == "log"
    assert told.margin is not None
    assert np.isclose(np.exp(told.margin), told.prediction, rtol=1e-3)
    assert rebuild(store, project, version).is_equal
