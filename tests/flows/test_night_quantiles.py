"""Nights of a project that predicts a quantile: judged by pinball loss, told with its coverage."""

import pytest

from flows.find import find_project
from schemas.errors import InvalidProject
from tasks.core.jackknife import interval
from tasks.engine.cards import card_of
from tasks.engine.explain import explain
from tasks.engine.rebuild import rebuild
from tasks.telling.evaluated import tell_evaluation
from tests.building.project import NAME
from tests.building.rows import build_items, day
from tests.building.world import World

FIRST = 22
RECIPE = "contract=OrdersOfItems, task='p90', slices=('shop',), family=XGBoost(n_rounds=20)"
GATES = "(NotWorse(), Better(), BeatsPrior(), MetricFloor(metric='coverage', minimum=0.8))"


def test_a_champion_of_quantiles_is_judged_by_pinball_loss_and_its_coverage_has_an_interval(
    world: World,
) -> None:
    world.declare(f"{RECIPE}, gates={GATES}")
    for number in range(FIRST + 1):
        world.label(number, build_items(number, world.deliver(number)))
    world.history(0, FIRST - 1)
    night = world.night(FIRST)
    store, project, version = world.store, world.project, world.champion
    assert version is not None, night.decision
    [judgement] = world.judgements()
    assert {one.gate for one in judgement.verdicts} == {"beats_prior", "floor_coverage"}
    assert judgement.contest is not None
    evaluation = judgement.contest.evaluation
    assert evaluation is not None
    assert [one.metric for one in evaluation.metrics] == ["pinball", "coverage"]
    coverage = evaluation.metrics[1].challenger
    lower, upper = interval(coverage) or (0, 0)
    assert lower < coverage.value < upper
    assert coverage.value == pytest.approx(0.9, abs=0.06)
    assert evaluation.slices[0].metrics[0].metric == "pinball"
    assert any("coverage 0." in line.text for line in tell_evaluation(evaluation))

    prior = card_of(store, NAME, version).members[0].prior
    world.label(FIRST + 1, build_items(FIRST + 1, world.deliver(FIRST + 1)))
    assert world.night(FIRST + 1).predictions is not None
    told = explain(store, project, f"{day(FIRST + 1)}-0003", None)
    assert (told.how, told.unit) == ("tree paths", "the target's unit")
    assert prior == int(prior) > 3, "nine tenths of the labels, not their mean"
    assert rebuild(store, project, version).is_equal


@pytest.mark.parametrize(
    ("family", "told"),
    [
        ("Linear()", "Linear: Linear learns means, and p90 is a quantile; declare XGBoost"),
        ("XGBoost(increasing=('amount',))", "increasing and decreasing do not hold for p90"),
    ],
)
def test_what_cannot_learn_a_quantile_is_refused_with_the_project_file(
    world: World, family: str, told: str
) -> None:
    world.declare(f"contract=OrdersOfItems, task='p90', family={family}")
    with pytest.raises(InvalidProject, match=told):
        find_project(NAME)
