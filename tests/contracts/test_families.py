"""What every model family promises, checked on each that the tree holds."""

import json
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from pydantic import ValidationError
from safetensors.numpy import load

import tasks.families
from schemas.project import Matrix, ModelFamily, Task
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.prior import Prior
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost
from tests.contracts.found import find_kinds

Kind = Literal["number", "category"]
FAMILIES: list[ModelFamily] = [
    Linear(),
    Neural(n_epochs=20, batch_rows=32),
    Prior(),
    Tree(),
    XGBoost(n_rounds=20),
]
READING = [family for family in FAMILIES if not isinstance(family, Prior)]
KINDS: tuple[Kind, ...] = ("number", "number", "category", "number", "number")
NAMES = ("amount", "gappy", "shop", "constant", "nothing")
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression", "count")
CHANCES = ("binary", "multiclass")


def _name(family: ModelFamily) -> str:
    return family.kind


@pytest.fixture(params=FAMILIES, ids=_name)
def family(request: pytest.FixtureRequest) -> ModelFamily:
    """One of each kind."""
    made: ModelFamily = request.param
    return made


@pytest.fixture(params=TASKS)
def task(request: pytest.FixtureRequest) -> Task:
    """Every task."""
    made: Task = request.param
    return made


def build_matrix(rows: int = 600, seed: int = 0) -> Matrix:
    """A number, one with gaps, a category with gaps, a constant and a column of nulls."""
    draw = np.random.default_rng(seed)
    values = np.empty((rows, len(NAMES)), dtype=np.float32)
    values[:, 0] = draw.normal(50, 20, rows)
    values[:, 1] = np.where(draw.random(rows) < 0.2, np.nan, draw.normal(0, 1, rows))
    values[:, 2] = np.where(draw.random(rows) < 0.1, np.nan, draw.integers(0, 4, rows))
    values[:, 3] = 7
    values[:, 4] = np.nan
    return Matrix(NAMES, KINDS, values)


def build_target(features: Matrix, task: Task, seed: int = 0) -> np.ndarray:
    """Labels that depend on the number, the gaps and the category."""
    draw = np.random.default_rng(seed)
    value = (features.values[:, 0] - 50) / 20 + np.isnan(features.values[:, 1])
    value = value + (features.values[:, 2] == 2)
    if task == "regression":
        return np.asarray(300 + 40 * value + draw.normal(0, 5, len(features)), dtype=np.float64)
    if task == "count":
        return np.asarray(draw.poisson(np.exp(1 + value / 2)), dtype=np.float64)
    if task == "multiclass":
        odds = np.cumsum(np.exp(np.outer(value, [2.0, 0.0, -2.0])), axis=1)
        places = draw.random(len(features))[:, np.newaxis] < odds / odds[:, -1:]
        return np.asarray(np.argmax(places, axis=1), dtype=np.float64)
    return np.asarray(draw.random(len(features)) < 1 / (1 + np.exp(-2 * value)), dtype=np.float64)


def fit(family: ModelFamily, task: Task, rows: int = 600) -> bytes:
    """A model of the built rows."""
    features = build_matrix(rows)
    return family.fit(features, build_target(features, task), task, 0)


def _changed(column: int, value: float) -> Matrix:
    features = build_matrix()
    features.values[:, column] = value
    return features


def _loss(target: np.ndarray, said: np.ndarray) -> float:
    if said.ndim == 2:
        target = np.eye(said.shape[1])[target.astype(int)]
    return float(np.mean((target - said) ** 2))


def test_every_family_is_checked_here() -> None:
    assert find_kinds(tasks.families, ModelFamily) == [type(family) for family in FAMILIES]


def test_it_is_frozen_strict_and_dumps_its_kind(family: ModelFamily) -> None:
    dump = family.model_dump(mode="json")
    assert dump.pop("kind") == type(family).__name__
    assert type(family).model_validate(dump) == family
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(family).model_validate({**dump, "surplus": 1})
    assert family.rounds >= 1


def test_equal_inputs_give_equal_bytes(family: ModelFamily, task: Task) -> None:
    assert fit(family, task) == fit(family, task)


def test_its_bytes_are_of_the_format_that_it_names(family: ModelFamily, task: Task) -> None:
    model = fit(family, task)
    if family.suffix == "json":
        assert json.loads(model)
    elif family.suffix == "safetensors":
        assert all(np.isfinite(array).all() for array in load(model).values())
    else:
        assert b"learner" in model[:40]


def test_the_bytes_are_all_that_a_prediction_needs(family: ModelFamily, task: Task) -> None:
    features = build_matrix(seed=1)
    model = fit(family, task)
    unset = type(family).model_construct()
    np.testing.assert_array_equal(unset.predict(model, features), family.predict(model, features))


def test_it_learns_more_than_the_constant(task: Task) -> None:
    features = build_matrix(seed=1)
    target = build_target(features, task, seed=1)
    prior = _loss(target, Prior().predict(fit(Prior(), task), features))
    for family in READING:
        assert _loss(target, family.predict(fit(family, task), features)) < 0.85 * prior, family


def test_predictions_are_finite_numbers_one_a_row_or_one_a_row_and_class(
    family: ModelFamily, task: Task
) -> None:
    model = fit(family, task)
    for rows in (0, 1, 200):
        said = family.predict(model, build_matrix(rows, seed=2))
        assert said.shape == ((rows, 3) if task == "multiclass" else (rows,))
        assert said.dtype == np.float64
        assert np.isfinite(said).all()
        assert task not in CHANCES or ((said >= 0) & (said <= 1)).all()
        assert task != "count" or (said >= 0).all()
        assert task != "multiclass" or np.allclose(said.sum(axis=1), 1)


def test_a_row_is_scored_alike_alone_and_among_others(family: ModelFamily, task: Task) -> None:
    model, features = fit(family, task), build_matrix(50, seed=3)
    alone = [
        family.predict(model, Matrix(NAMES, KINDS, features.values[at : at + 1]))[0]
        for at in range(50)
    ]
    np.testing.assert_allclose(alone, family.predict(model, features), rtol=1e-12)


@pytest.mark.parametrize(
    ("column", "value"),
    [(0, np.nan), (1, np.nan), (2, 3.0), (2, 60.0), (2, np.nan), (3, -1e30), (4, 3e38)],
)
def test_gaps_unknown_categories_and_values_never_seen_are_scored(
    family: ModelFamily, task: Task, column: int, value: float
) -> None:
    said = family.predict(fit(family, task), _changed(column, value))
    assert np.isfinite(said).all()


@pytest.mark.parametrize("column", [3, 4])
def test_what_never_varied_in_training_has_no_effect(
    family: ModelFamily, task: Task, column: int
) -> None:
    model = fit(family, task)
    usual = family.predict(model, build_matrix())
    np.testing.assert_allclose(family.predict(model, _changed(column, 123)), usual, rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_labels_of_one_value_are_predicted(family: ModelFamily, task: Task, value: float) -> None:
    if task == "multiclass":
        value = 0.0  # the engine numbers the classes that training has without a gap
    features = build_matrix()
    model = family.fit(features, np.full(600, value), task, 0)
    expected = 1.0 if task == "multiclass" else value
    np.testing.assert_allclose(family.predict(model, features), expected, atol=0.02)


def test_two_classes_of_words_are_as_good_as_a_flag(family: ModelFamily) -> None:
    features = build_matrix()
    target = build_target(features, "binary")
    said = family.predict(family.fit(features, target, "multiclass", 0), features)
    assert said.shape == (600, 2)
    flag = family.predict(family.fit(features, target, "binary", 0), features)
    assert _loss(target, said) == pytest.approx(_loss(target, flag), rel=0.2)


@pytest.mark.parametrize("value", [-1.0, 2.5])
def test_labels_that_are_no_counts_are_refused(family: ModelFamily, value: float) -> None:
    features = build_matrix()
    target = build_target(features, "count")
    target[5] = value
    with pytest.raises(ValueError, match="1 of 600 labels are no counts"):
        family.fit(features, target, "count", 0)


def test_one_row_is_enough(family: ModelFamily, task: Task) -> None:
    assert np.isfinite(family.predict(fit(family, task, rows=1), build_matrix(5))).all()


@pytest.mark.parametrize("family", READING, ids=_name)
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_features_are_refused_by_name(
    family: ModelFamily, task: Task, value: float
) -> None:
    features = build_matrix()
    features.values[17, 0] = value
    with pytest.raises(ValueError, match="infinite values: amount"):
        family.fit(features, build_target(build_matrix(), task), task, 0)
    with pytest.raises(ValueError, match="inf"):
        family.predict(fit(family, task), features)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_labels_that_are_no_numbers_are_refused(
    family: ModelFamily, task: Task, value: float
) -> None:
    features = build_matrix()
    target = build_target(features, task)
    target[3] = value
    with pytest.raises(ValueError, match="1 of 600 labels are no finite numbers"):
        family.fit(features, target, task, 0)


def test_no_rows_are_refused(family: ModelFamily, task: Task) -> None:
    with pytest.raises(ValueError, match="there are no rows"):
        family.fit(build_matrix(0), np.empty(0), task, 0)


def test_inputs_are_left_as_they_were(family: ModelFamily, task: Task) -> None:
    features = build_matrix()
    target = build_target(features, task)
    family.predict(family.fit(features, target, task, 0), features)
    np.testing.assert_array_equal(features.values, build_matrix().values)
    np.testing.assert_array_equal(target, build_target(features, task))


@pytest.mark.parametrize("family", READING, ids=_name)
def test_only_numbers_or_only_categories_will_do(family: ModelFamily, task: Task) -> None:
    whole = build_matrix()
    target = build_target(whole, task)
    for at in ([0, 1], [2], [4]):
        kinds = tuple(KINDS[i] for i in at)
        part = Matrix(tuple(NAMES[i] for i in at), kinds, whole.values[:, at].copy())
        assert np.isfinite(family.predict(family.fit(part, target, task, 0), part)).all()


def test_weights_say_what_a_row_counts_for(family: ModelFamily, task: Task) -> None:
    features = build_matrix()
    target = build_target(features, task)
    favoured = target == target.max()
    weighted = replace(features, weights=np.where(favoured, 50.0, 1.0))
    usual = family.predict(family.fit(features, target, task, 0), features)
    said = family.predict(family.fit(weighted, target, task, 0), features)
    if task == "multiclass":
        usual, said = usual[:, -1], said[:, -1]
    assert said.mean() > usual.mean()


@pytest.mark.parametrize("family", [Linear(), Prior(), Tree(min_rows=1)], ids=_name)
def test_a_weight_of_two_is_the_row_twice(family: ModelFamily, task: Task) -> None:
    features = build_matrix()
    features.values[:, 0] = np.round(features.values[:, 0])
    target = build_target(features, task)
    twice = np.repeat(np.arange(600), np.where(np.arange(600) % 3 == 0, 2, 1))
    weighted = replace(features, weights=np.where(np.arange(600) % 3 == 0, 2.0, 1.0))
    repeated = replace(features, values=features.values[twice])
    said = family.predict(family.fit(weighted, target, task, 0), features)
    expected = family.predict(family.fit(repeated, target[twice], task, 0), features)
    assert np.corrcoef(said.ravel(), expected.ravel())[0, 1] > 0.98 or np.ptp(said) < 1e-9


@pytest.mark.parametrize(
    ("weight", "said"), [(-1.0, "1 of 600 weights"), (np.nan, "1 of 600"), (0.0, "all 600")]
)
def test_weights_that_are_none_are_refused(family: ModelFamily, weight: float, said: str) -> None:
    features = build_matrix()
    weights = np.where(np.arange(600) == 5, weight, 0.0 if weight == 0 else 1.0)
    with pytest.raises(ValueError, match=said):
        family.fit(
            replace(features, weights=weights), build_target(features, "binary"), "binary", 0
        )
