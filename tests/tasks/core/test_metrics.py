"""Losses and metrics agree with scikit-learn and never hold a NaN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score, root_mean_squared_error

from schemas.quantiles import LEVELS
from tasks.core.metrics import constant_of, night_losses, row_losses, summarise
from tests.tasks.core.nights import day

CHANCES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])


@given(rows=st.lists(st.tuples(st.integers(0, 1), CHANCES), min_size=2, max_size=50))
def test_binary_metrics_are_the_textbook_ones(rows: list[tuple[int, float]]) -> None:
    target, chance = np.array(rows, dtype=float).T
    metrics = summarise("binary", target, chance)
    clipped = np.clip(chance, 1e-6, 1 - 1e-6)
    assert metrics["log_loss"] == pytest.approx(log_loss(target, clipped, labels=[0, 1]))
    assert metrics["brier"] == pytest.approx(brier_score_loss(target, chance, labels=[0, 1]))
    if len(set(target)) == 2:
        assert metrics["auc"] == pytest.approx(roc_auc_score(target, chance))
    else:
        assert "auc" not in metrics


def test_the_constant_of_a_quantile_is_what_loses_least() -> None:
    target = np.random.default_rng(0).exponential(size=501)
    weights = np.arange(501.0)
    for task in LEVELS:
        for counts in (None, weights):
            best = constant_of(task, target, counts)
            lost = [
                np.average(row_losses(task, target, np.full(501, one)), weights=counts)
                for one in (best, *np.quantile(target, np.linspace(0, 1, 41)))
            ]
            assert lost[0] == pytest.approx(min(lost))
    assert constant_of("regression", target) == pytest.approx(target.mean())


def test_a_label_that_the_rounding_of_trees_alone_puts_above_is_covered() -> None:
    said = np.array([3.0 - 2e-7, 3.0 - 1e-3])
    assert summarise("p90", np.array([3.0, 3.0]), said)["coverage"] == 0.5


def test_regression_metrics_are_the_textbook_ones() -> None:
    target, value = np.array([1.0, 2.0, 9.0]), np.array([1.0, 4.0, 3.0])
    expected = {"rmse": root_mean_squared_error(target, value), "mae": 8 / 3}
    assert summarise("regression", target, value) == pytest.approx(expected)


def test_a_confident_error_costs_a_finite_amount() -> None:
    assert row_losses("binary", np.array([1.0]), np.array([0.0]))[0] == pytest.approx(13.8, abs=0.1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_no_loss_exists_without_a_number(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        row_losses("regression", np.array([bad]), np.array([1.0]))
    with pytest.raises(ValueError, match="finite"):
        row_losses("binary", np.array([1.0]), np.array([bad]))


def test_night_losses_are_means_in_order_of_date() -> None:
    nights = np.array([day(2), day(1), day(2)], dtype=object)
    losses = night_losses("regression", nights, np.array([1.0, 2.0, 3.0]), np.zeros(3))
    assert [(n.as_of, n.rows, n.loss) for n in losses] == [(day(1), 1, 4.0), (day(2), 2, 5.0)]
