"""What decisions cost, and how good a limited number of them is."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from schemas.costs import Costs
from tasks.core.evaluation import Judged, evaluate
from tasks.core.left_out_costs import highest
from tasks.gates.metric_floor import MetricFloor
from tests.building.contract import OrdersByVehicle
from tests.building.project import build_project

DRAW = np.random.default_rng(0)
NIGHTS = np.repeat(np.arange(8), 100)
SCORES = DRAW.random(800)
TARGET = (DRAW.random(800) < SCORES).astype(float)
COSTS = Costs(false_alarm=1, missed=19)


def judged(**fields: object) -> Judged:
    return Judged(TARGET, SCORES, NIGHTS, rival=SCORES**3, **fields)  # type: ignore[arg-type]  # of one test


def test_the_threshold_of_the_costs_is_the_cheapest_of_calibrated_scores() -> None:
    def cost(threshold: float) -> float:
        found = evaluate("binary", judged(costs=COSTS), threshold).find("cost")
        assert found is not None
        return found.challenger.value

    assert COSTS.threshold == pytest.approx(0.05)
    assert cost(COSTS.threshold) < min(cost(0.3), cost(0.5))
    wrong = (SCORES >= 0.5) & (TARGET == 0), (SCORES < 0.5) & (TARGET == 1)
    assert cost(0.5) == pytest.approx((wrong[0].sum() + 19 * wrong[1].sum()) / 800)


def test_the_cost_has_an_interval_and_less_of_it_is_a_gain() -> None:
    found = evaluate("binary", judged(costs=COSTS), 0.05).find("cost")
    assert found is not None
    assert found.rival is not None
    assert found.gain is not None
    assert found.gain.value == pytest.approx(found.rival.value - found.challenger.value)
    assert found.gain.spreads


def test_a_capacity_gives_the_highest_rows_of_each_night_the_yes() -> None:
    chosen = highest(SCORES, NIGHTS, 10)
    assert np.bincount(NIGHTS[chosen]).tolist() == [10] * 8
    found = evaluate("binary", judged(capacity=10), 0.5).find("precision_at_capacity")
    assert found is not None
    assert found.challenger.value == pytest.approx(TARGET[chosen].mean())
    assert found.challenger.spreads
    assert highest(SCORES, NIGHTS, 1000).all()


def test_costs_set_the_threshold_of_a_project() -> None:
    assert build_project(costs=COSTS).threshold == pytest.approx(0.05)
    assert build_project().threshold == 0.5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"costs": COSTS, "threshold": 0.3}, "threshold= follows from costs="),
        ({"costs": COSTS, "task": "regression"}, "costs= is for a binary task"),
        ({"capacity": 5, "groups": "shop"}, "capacity= is of whole nights"),
        ({"gates": (MetricFloor(metric="cost", minimum=0),)}, "needs costs= as well"),
        ({"weight": "amount"}, "may be missing or negative"),
        ({"weight": "shop"}, "is no number"),
        ({"weight": "nothing"}, "is no column"),
        ({"task": "multiclass"}, "needs the 2 to 100 classes of returned"),
        (
            {
                "task": "multiclass",
                "contract": OrdersByVehicle,
                "gates": (MetricFloor(metric="recall:train", minimum=0.5),),
            },
            "'recall:train' names no class of vehicle; there are bike, boat, car, van",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_project_that_contradicts_itself_is_refused_by_name(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        build_project(**fields)
