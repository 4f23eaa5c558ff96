"""XGBoost's own fields: directions, objectives, a fit that diverges, recipes of before."""

import json
from collections.abc import Iterator

import numpy as np
import pytest
from xgboost import Booster

from schemas.project import Matrix
from tasks.families.boosting import some
from tasks.families.xgboost import XGBoost

DRAW = np.random.default_rng(0)
VALUES = DRAW.uniform(0, 10, (400, 2)).astype(np.float32)
FEATURES = Matrix(("price", "shop"), ("number", "category"), np.floor(VALUES))
NOISY = np.sin(VALUES[:, 0]) * 5 + VALUES[:, 0] + 20
LADDER = Matrix(
    FEATURES.names,
    FEATURES.kinds,
    np.column_stack([np.arange(10), np.full(10, 3)]).astype(np.float32),
)


def _said(**fields: object) -> np.ndarray:
    family = XGBoost.model_validate(fields)
    return family.predict(family.fit(FEATURES, NOISY, "regression", 0), LADDER)


def test_a_direction_is_kept_whatever_the_labels_do() -> None:
    assert (np.diff(_said()) < 0).any()
    assert (np.diff(_said()) > 0).any()
    assert (np.diff(_said(increasing=("price",))) >= 0).all()
    assert (np.diff(_said(decreasing=("price",))) <= 0).all()


@pytest.mark.parametrize("name", ["weight", "shop"])
def test_a_direction_of_what_is_no_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"name {name}, which are no features of numbers"):
        _said(increasing=(name,))


def test_a_feature_has_one_direction() -> None:
    with pytest.raises(ValueError, match="price cannot be both"):
        _said(increasing=("price",), decreasing=("price",))


def test_the_objective_is_what_the_trees_minimise() -> None:
    skewed = np.where(np.arange(400) % 5 == 0, 100.0, 0.0)
    mean, median = (
        family.predict(family.fit(FEATURES, skewed, "regression", 0), FEATURES).mean()
        for family in (XGBoost(), XGBoost(objective="reg:absoluteerror"))
    )
    assert mean == pytest.approx(20, abs=1)
    assert median < 10
    assert (_said(objective="count:poisson") > 0).all()


def test_in_parts_a_quantile_is_that_of_all_rows_and_as_many_labels_as_it_says_lie_below() -> None:
    def parts() -> Iterator[tuple[Matrix, np.ndarray]]:
        for start in (0, 150):
            yield some(FEATURES, NOISY, start, start + 150 if start == 0 else None)

    family = XGBoost(n_rounds=40, max_depth=2)
    model = family.fit(FEATURES, NOISY, "p75", 0)
    assert family.fit_in_parts(parts, "p75", 0) == model
    assert np.mean(family.predict(model, FEATURES) >= NOISY) == pytest.approx(0.75, abs=0.05)


def test_an_objective_of_a_regression_is_refused_for_a_chance() -> None:
    family = XGBoost(objective="count:poisson")
    with pytest.raises(ValueError, match="count:poisson is one of a regression"):
        family.fit(FEATURES, np.ones(400), "binary", 0)


def test_labels_that_an_objective_cannot_have_are_refused() -> None:
    with pytest.raises(ValueError, match="label"):
        XGBoost(objective="count:poisson").fit(FEATURES, -NOISY, "regression", 0)


def test_a_fit_that_diverges_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tasks.families.boosting.predict_trees", lambda *_: np.array([1.0, np.nan, np.inf])
    )
    with pytest.raises(ValueError, match=r"diverged: 2 of 400 .* try a lower learning_rate"):
        XGBoost().fit(FEATURES, NOISY, "regression", 0)


def test_recipes_of_before_the_new_fields_are_the_same_recipes() -> None:
    before = {
        "kind": "XGBoost",
        "n_rounds": 60,
        "max_depth": 6,
        "learning_rate": 0.2,
        "min_child_weight": 1.0,
        "subsample": 1.0,
    }
    assert XGBoost().model_dump(mode="json") == before
    changed = XGBoost(increasing=("price",)).model_dump(mode="json")
    assert changed == {**before, "increasing": ["price"]}


def test_with_patience_as_many_rounds_as_were_best_are_made_over_all_rows() -> None:
    stopping = XGBoost(n_rounds=300, learning_rate=0.5, patience=5)
    model = stopping.fit(FEATURES, NOISY, "regression", 0)
    made = json.loads(Booster(model_file=bytearray(model)).save_config())
    rounds = int(made["learner"]["gradient_booster"]["gbtree_model_param"]["num_trees"])
    assert 1 <= rounds < 300
    alone = XGBoost(n_rounds=rounds, learning_rate=0.5)
    assert alone.fit(FEATURES, NOISY, "regression", 0) == model
    assert stopping.fit(FEATURES, NOISY, "regression", 0) == model
    assert (stopping.rounds, alone.rounds) == (600, rounds)


def test_a_recipe_without_patience_is_the_recipe_of_before() -> None:
    assert "patience" not in XGBoost().model_dump()
    assert XGBoost(patience=5).model_dump()["patience"] == 5


def test_with_patience_few_rows_are_fitted_as_they_are() -> None:
    few = Matrix(FEATURES.names, FEATURES.kinds, FEATURES.values[:5])
    assert XGBoost(patience=2).fit(few, NOISY[:5], "regression", 0)
