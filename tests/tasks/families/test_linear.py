"""Coefficients against the truth, and values far outside of training."""

import json

import numpy as np
import pytest

from schemas.project import Matrix
from tasks.families.linear import Linear

DRAW = np.random.default_rng(0)
VALUES = np.column_stack([DRAW.normal(10, 2, 2000), DRAW.integers(0, 3, 2000)]).astype(np.float32)
FEATURES = Matrix(("price", "shop"), ("number", "category"), VALUES)
EFFECT = np.array([-1.0, 0.0, 4.0])[VALUES[:, 1].astype(int)]
TRUTH = 3 * VALUES[:, 0] + EFFECT


def _rows(*rows: tuple[float, float]) -> Matrix:
    return Matrix(FEATURES.names, FEATURES.kinds, np.array(rows, dtype=np.float32))


def test_effects_are_those_of_the_truth() -> None:
    model = Linear(penalty=1e-6).fit(FEATURES, TRUTH, "regression", 0)
    said = Linear().predict(model, _rows((10, 0), (11, 0), (11, 2)))
    np.testing.assert_allclose(said, [29, 32, 37], atol=1e-3)


def test_chances_are_those_of_the_truth() -> None:
    chance = 1 / (1 + np.exp(-(VALUES[:, 0] - 10)))
    target = (DRAW.random(2000) < chance).astype(float)
    said = Linear().predict(Linear().fit(FEATURES, target, "binary", 0), FEATURES)
    assert np.abs(said - chance).mean() < 0.03


def test_a_penalty_draws_effects_towards_none() -> None:
    free, held = (
        json.loads(Linear(penalty=penalty).fit(FEATURES, TRUTH, "regression", 0))["weights0"][0][0]
        for penalty in (1.0, 2000.0)
    )
    assert held == pytest.approx(free / 2, rel=0.05)


def test_beyond_ten_standard_deviations_an_effect_grows_no_more() -> None:
    model = Linear().fit(FEATURES, TRUTH, "regression", 0)
    far, further = Linear().predict(model, _rows((31, 0), (1e30, 0)))
    assert far == pytest.approx(further)
    assert far < 100
