"""What every model family promises, checked on each that the tree holds.

What it promises of one task alone is `test_families_tasks`.
"""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from safetensors.numpy import load

import tasks.families
from schemas.project import Matrix, ModelFamily, Task
from tasks.core.metrics import row_losses
from tasks.families.neural import Neural
from tasks.families.prior import Prior
from tasks.families.xgboost import XGBoost
from tests.contracts.families import (
    CHANCES,
    FAMILIES,
    KINDS,
    LEARNING,
    NAMES,
    READING,
    build_matrix,
    build_target,
    fit,
    fitted,
    mean_square,
    name_of,
)
from tests.contracts.found import find_kinds


def _changed(column: int, value: float) -> Matrix:
    features = build_matrix()
    features.values[:, column] = value
    return features


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
    model = fitted(family, task)
    if family.suffix == "json":
        assert json.loads(model)
    elif family.suffix == "safetensors":
        assert all(np.isfinite(array).all() for array in load(model).values())
    else:
        assert b"learner" in model[:40]


def test_the_bytes_are_all_that_a_prediction_needs(family: ModelFamily, task: Task) -> None:
    features = build_matrix(seed=1)
    model = fitted(family, task)
    unset = type(family).model_construct()
    np.testing.assert_array_equal(unset.predict(model, features), family.predict(model, features))


def test_it_learns_more_than_the_constant(task: Task) -> None:
    features = build_matrix(seed=1)
    target = build_target(features, task, seed=1)
    prior = mean_square(target, Prior().predict(fitted(Prior(), task), features))
    for family in [one for one in LEARNING if not one.objection(task)]:
        assert mean_square(target, family.predict(fitted(family, task), features)) < 0.85 * prior, (
            family
        )


def test_predictions_are_finite_numbers_one_a_row_or_one_a_row_and_class(
    family: ModelFamily, task: Task
) -> None:
    model = fitted(family, task)
    for rows in (0, 1, 200):
        said = family.predict(model, build_matrix(rows, seed=2))
        assert said.shape == ((rows, 3) if task == "multiclass" else (rows,))
        assert said.dtype == np.float64
        assert np.isfinite(said).all()
        assert task not in CHANCES or ((said >= 0) & (said <= 1)).all()
        assert task != "count" or (said >= 0).all()
        assert task != "multiclass" or np.allclose(said.sum(axis=1), 1)


def test_a_row_is_scored_alike_alone_and_among_others(family: ModelFamily, task: Task) -> None:
    model, features = fitted(family, task), build_matrix(50, seed=3)
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
    said = family.predict(fitted(family, task), _changed(column, value))
    assert np.isfinite(said).all()


@pytest.mark.parametrize("column", [3, 4])
def test_what_never_varied_in_training_has_no_effect(
    family: ModelFamily, task: Task, column: int
) -> None:
    model = fitted(family, task)
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


def test_one_row_is_enough(family: ModelFamily, task: Task) -> None:
    assert np.isfinite(family.predict(fitted(family, task, rows=1), build_matrix(5))).all()


@pytest.mark.parametrize("family", READING, ids=name_of)
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_features_are_refused_by_name(
    family: ModelFamily, task: Task, value: float
) -> None:
    features = build_matrix()
    features.values[17, 0] = value
    with pytest.raises(ValueError, match="infinite values: amount"):
        family.fit(features, build_target(build_matrix(), task), task, 0)
    with pytest.raises(ValueError, match="inf"):
        family.predict(fitted(family, task), features)


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


def test_its_curve_has_two_losses_a_pass_or_it_has_none(family: ModelFamily, task: Task) -> None:
    known, judged = build_matrix(), build_matrix(300, seed=1)
    rows = (known, build_target(known, task)), (judged, build_target(judged, task, seed=1))
    losses = family.trace(*rows, task, 0)
    if losses is None:
        assert not isinstance(family, XGBoost | Neural)
        return
    assert len(losses.training) == len(losses.validation) == 20
    assert losses.training[-1] < losses.training[0]
    assert losses == family.trace(*rows, task, 0)
    alone = row_losses(task, rows[1][1], family.predict(fitted(family, task), judged)).mean()
    if type(family) is XGBoost:
        assert losses.validation[-1] == pytest.approx(alone, rel=1e-4)


def test_what_may_be_varied_are_its_fields_and_the_ends_are_taken(family: ModelFamily) -> None:
    fields = family.model_dump(exclude={"kind"})
    for name, span in family.space.items():
        for end in (span.low, span.high):
            value = type(fields[name])(end)
            assert getattr(type(family).model_validate({**fields, name: value}), name) == value


@pytest.mark.parametrize("family", LEARNING, ids=name_of)
def test_only_numbers_or_only_categories_will_do(family: ModelFamily, task: Task) -> None:
    whole = build_matrix()
    target = build_target(whole, task)
    for at in ([0, 1], [2], [4]):
        kinds = tuple(KINDS[i] for i in at)
        part = Matrix(tuple(NAMES[i] for i in at), kinds, whole.values[:, at].copy())
        assert np.isfinite(family.predict(family.fit(part, target, task, 0), part)).all()
