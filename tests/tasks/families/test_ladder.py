"""Which family is simpler follows from the ladder, and of families off it nobody can say."""

import pytest

from schemas.project import ModelFamily
from tasks.families.ladder import default_ladder, is_simpler, simplest_below
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.seasonal import Seasonal
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost

OWN = (Tree(max_depth=2), XGBoost(n_rounds=10), XGBoost(n_rounds=60))


@pytest.mark.parametrize(
    ("one", "other", "simpler"),
    [
        (Linear(), XGBoost(), True),
        (XGBoost(), Linear(), False),
        (XGBoost(n_rounds=5), XGBoost(), False),
        (Prior(), Neural(), True),
        (Platt(family=Linear()), XGBoost(), True),
        (Platt(family=XGBoost()), XGBoost(), False),
    ],
    ids=["linear", "boosted", "fewer rounds", "prior", "calibrated line", "calibrated trees"],
)
def test_a_family_is_simpler_by_its_kind(
    one: ModelFamily, other: ModelFamily, simpler: bool
) -> None:
    assert is_simpler(one, other, default_ladder(XGBoost(), "binary")) is simpler


def test_a_ladder_of_ones_own_tells_families_of_one_kind_apart() -> None:
    assert is_simpler(OWN[1], OWN[2], OWN)
    assert not is_simpler(OWN[2], OWN[1], OWN)
    assert not is_simpler(Linear(), OWN[2], OWN), "it is not on the ladder"


def test_a_calibrated_family_stands_in_the_place_of_the_one_inside() -> None:
    own = Platt(family=Linear())
    assert default_ladder(own, "binary")[1] == own
    assert len(default_ladder(own, "binary")) == len(default_ladder(XGBoost(), "binary"))


def test_a_seasonal_constant_stands_above_the_constant_where_a_project_names_it() -> None:
    seasonal = Seasonal(by=("hour",))
    assert [rung.kind for rung in default_ladder(seasonal, "binary")][:3] == [
        "Prior",
        "Seasonal",
        "Linear",
    ]
    assert len(default_ladder(seasonal, "binary")) == 1 + len(default_ladder(XGBoost(), "binary"))
    assert simplest_below(XGBoost(), (Prior(), seasonal, XGBoost()), "binary") == seasonal
    assert simplest_below(seasonal, (), "binary") is None
    assert is_simpler(seasonal, XGBoost(), default_ladder(seasonal, "binary"))


def test_the_simplest_is_the_first_that_learns_anything() -> None:
    assert simplest_below(XGBoost(), (), "binary") == Linear()
    assert simplest_below(XGBoost(n_rounds=60), OWN, "binary") == OWN[0]
    assert simplest_below(Linear(penalty=3), (), "binary") is None
    assert simplest_below(Prior(), (), "binary") is None


def test_of_families_that_cannot_do_the_task_none_is_on_the_ladder() -> None:
    assert [rung.kind for rung in default_ladder(XGBoost(), "p90")] == ["Prior", "Tree", "XGBoost"]
    assert simplest_below(XGBoost(), (), "p90") == Tree()
