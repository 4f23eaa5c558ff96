"""Calibrated chances: what the line does to them, where there is none, and what is refused."""

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from schemas.project import Matrix, ModelFamily, Task
from tasks.core.metrics import row_losses
from tasks.families.boxed import Box, pack, unpack
from tasks.families.linear import Linear
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.rescaled import rescale
from tasks.families.xgboost import XGBoost
from tests.building.project import build_project

OVERCONFIDENT = XGBoost(n_rounds=60, max_depth=8, learning_rate=0.5)
ROWS = 2000


def _rows(seed: int, task: Task, rows: int = ROWS) -> tuple[Matrix, np.ndarray]:
    """Four numbers, of which one says a little of the label."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(rows, 4)).astype(np.float32)
    odds = np.cumsum(np.exp(np.outer(values[:, 0], [0.0, 1.0, -1.0][: _classes(task)])), axis=1)
    labels = (draw.random(rows)[:, np.newaxis] * odds[:, -1:] < odds).argmax(axis=1)
    return Matrix(tuple("abcd"), ("number",) * 4, values), labels.astype(np.float64)


def _classes(task: Task) -> int:
    return 3 if task == "multiclass" else 2


def _loss(family: ModelFamily, task: Task) -> float:
    model = family.fit(*_rows(0, task), task, 0)
    features, target = _rows(1, task)
    return float(row_losses(task, target, family.predict(model, features)).mean())


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_chances_of_an_overconfident_model_mean_what_they_say_again(task: Task) -> None:
    constant, before = _loss(Prior(), task), _loss(OVERCONFIDENT, task)
    after = _loss(Platt(family=OVERCONFIDENT), task)
    assert before > constant, "it is overconfident"
    assert after < constant


def test_what_is_calibrated_is_the_family_fitted_on_all_rows_in_its_order() -> None:
    features, target = _rows(0, "binary")
    box = unpack(Platt(family=OVERCONFIDENT).fit(features, target, "binary", 0))
    assert (box.family, box.suffix) == ("XGBoost", "ubj")
    assert box.model == OVERCONFIDENT.fit(features, target, "binary", 0)
    assert 0 < box.line[0] < 0.6
    later = _rows(1, "binary")[0]
    plain = OVERCONFIDENT.predict(box.model, later)
    said = Platt(family=OVERCONFIDENT).predict(pack(box), later)
    assert (np.diff(said[np.argsort(plain, kind="stable")]) >= 0).all()
    assert np.abs(said - 0.5).mean() < np.abs(plain - 0.5).mean()


def test_the_newest_tenth_alone_finds_the_line() -> None:
    features, target = _rows(0, "binary")
    flipped = target.copy()
    flipped[-ROWS // 10 :] = np.random.default_rng(2).integers(0, 2, ROWS // 10)
    lines = [
        unpack(Platt(family=Linear()).fit(features, labels, "binary", 0)).line
        for labels in (target, flipped)
    ]
    assert lines[0][0] == pytest.approx(1, abs=0.4), "a line is calibrated as it is"
    assert lines[1][0] < lines[0][0] / 2


def test_a_rare_answer_that_weights_favour_keeps_its_frequency() -> None:
    features, target = _rows(0, "binary")
    target = target * (np.arange(ROWS) % 2)
    weighted = Matrix(features.names, features.kinds, features.values, np.where(target, 9.0, 1.0))
    means = [
        family.predict(family.fit(weighted, target, "binary", 0), features).mean()
        for family in (Linear(), Platt(family=Linear()))
    ]
    assert means[0] > 2 * target.mean()
    assert means[1] == pytest.approx(target.mean(), rel=0.2)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_where_the_newest_rows_are_few_chances_stay_as_they_are(task: Task) -> None:
    features, target = _rows(0, task, rows=120)
    family = Platt(family=Linear())
    model = family.fit(features, target, task, 0)
    assert unpack(model).line == (1.0, 0.0)
    own = Linear().predict(Linear().fit(features, target, task, 0), features)
    np.testing.assert_array_equal(family.predict(model, features), own)


def test_a_class_that_came_lately_alone_has_no_part_in_the_line() -> None:
    features, target = _rows(0, "multiclass")
    target[(target == 1) & (np.arange(ROWS) < ROWS * 9 // 10)] = 0
    family = Platt(family=Linear())
    said = family.predict(family.fit(features, target, "multiclass", 0), features)
    assert said.shape == (ROWS, 3)
    assert np.isfinite(said).all()


def test_without_slope_and_shift_nothing_changes_and_chances_of_0_and_1_stay_finite() -> None:
    said = np.array([0.0, 0.3, 1.0])
    assert rescale(said, 1.0, 0.0).tolist() == said.tolist()
    assert rescale(said, 2.0, 0.5) == pytest.approx([0, 1 / (1 + (7 / 3) ** 2 / np.e**0.5), 1])
    assert rescale(np.array([[0.0, 0.2, 0.8]]), 0.5, 0.0)[0] == pytest.approx(
        [0, 1 / 3, 2 / 3], abs=1e-5
    )


@pytest.mark.parametrize("task", ["regression", "count"])
def test_where_there_is_no_chance_it_is_refused(task: Task) -> None:
    family = Platt(family=Linear())
    with pytest.raises(ValueError, match=f"no chance to calibrate in a {task}; declare Linear"):
        family.fit(*_rows(0, "binary"), task, 0)


def test_where_there_is_no_chance_the_project_file_is_refused() -> None:
    with pytest.raises(ValidationError, match="Platt: there is no chance to calibrate in a reg"):
        build_project(task="regression", family=Platt(family=Linear()))


@pytest.mark.parametrize("family", [Prior(), Platt(family=Linear()), {"kind": "Prior"}])
def test_what_it_cannot_calibrate_is_refused_with_what_it_can(family: Any) -> None:
    with pytest.raises(ValidationError, match="choose one of Linear, Neural, Tree, XGBoost"):
        Platt(family=family)


def test_it_costs_both_fits() -> None:
    assert Platt(family=OVERCONFIDENT).rounds == 120


BOX = json.loads(pack(Box("Linear", "json", b"{}", (0.5, 0.1))))


@pytest.mark.parametrize(
    "stored",
    [[], {**BOX, "slope": 0}, {**BOX, "shift": float("nan")}, {**BOX, "model": "?"}, {"slope": 1}],
)
def test_what_is_no_calibrated_model_is_refused(stored: object) -> None:
    with pytest.raises(ValueError, match=r"calibrated model|base64"):
        unpack(json.dumps(stored).encode())
