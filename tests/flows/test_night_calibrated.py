"""Nights of a project whose chances are calibrated: promoted, explained, made again, told."""

import pytest

from tasks.engine.cards import card_of
from tasks.engine.explain import explain
from tasks.engine.rebuild import rebuild
from tasks.families.boxed import unpack
from tasks.telling.model_card import tell_declared
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

FIRST = 22


def test_a_calibrated_champion_serves_is_explained_and_made_again(world: World) -> None:
    world.declare("family=Platt(family=XGBoost(n_rounds=5, max_depth=3))")
    world.deliver_all(range(FIRST + 1))
    world.history(0, FIRST - 1)
    world.night(FIRST)
    store, project, version = world.store, world.project, world.champion
    assert version is not None
    [member] = card_of(store, NAME, version).members
    box = unpack(store.read_bytes(member.model))
    assert member.rounds == 10
    assert box.line[0] > 1, "five rounds at a fifth of the way are too cautious"
    [judgement] = world.judgements()
    assert judgement.contest is not None
    assert judgement.contest.evaluation is not None
    assert judgement.contest.evaluation.calibration is not None

    world.deliver(FIRST + 1)
    assert world.night(FIRST + 1).predictions is not None
    told = explain(store, project, f"{day(FIRST + 1)}-0003", None)
    assert (told.how, told.unit) == ("switched", "probability")
    assert told.recorded is not None
    assert told.recorded.prediction == pytest.approx(told.prediction)
    world.declare("family=XGBoost(n_rounds=9)")
    assert rebuild(store, world.project, version).is_equal, "though the project moved on"
    said = tell_declared(card_of(store, NAME, version).recipe["family"])
    assert said.startswith("Platt: family (XGBoost: learning_rate 0.2, max_depth 3, ")
