"""Errors over nights: those of loss sums for a mean, the textbook's jackknife for anything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from schemas.evaluation import Measure, Spread
from tasks.core.jackknife import interval, jackknife_error, lower_limit, mean_error, upper_limit
from tasks.core.left_out import values_left_out
from tasks.core.paired_nights import PairedNights

SUMS = st.lists(st.tuples(st.integers(1, 40), st.floats(-9, 9)), min_size=3, max_size=20)


@given(nights=SUMS)
def test_of_a_mean_it_is_the_error_that_the_gates_on_loss_sums_have(
    nights: list[tuple[int, float]],
) -> None:
    rows, sums = np.array(nights, dtype=float).T
    pair = PairedNights(rows, np.zeros_like(sums), sums)
    left_out = (sums.sum() - sums) / (rows.sum() - rows)
    error = mean_error(np.append(pair.gain, left_out), rows)
    assert error == pytest.approx(pair.standard_error, abs=1e-9)


def test_of_auc_it_is_the_textbook_jackknife() -> None:
    draw = np.random.default_rng(3)
    target, scores = (draw.random(90) < 0.4).astype(float), draw.random(90)
    nights = np.repeat(np.arange(9), 10)
    values = values_left_out("binary", target, scores, nights, 0.5)["auc"]
    left_out = [roc_auc_score(target[nights != k], scores[nights != k]) for k in range(9)]
    pseudo = 9 * roc_auc_score(target, scores) - 8 * np.array(left_out)
    assert jackknife_error(values) == pytest.approx(stats.sem(pseudo))


def test_too_few_units_or_a_value_that_is_missing_give_no_error() -> None:
    assert jackknife_error(np.array([1.0, 2.0, 3.0])) is None
    assert mean_error(np.array([1.0, 2.0, 3.0]), np.ones(2)) is None
    assert jackknife_error(np.array([1.0, 2.0, np.nan, 3.0])) is None


def test_limits_are_students_t_and_the_more_cautious_of_nights_and_groups() -> None:
    nights = Spread(over="nights", units=7, error=1.0)
    few_groups = Spread(over="groups", units=5, error=2.0)
    wide = stats.t.ppf(0.95, 6)
    assert lower_limit(Measure(value=10, spreads=(nights,)), 0.95) == pytest.approx(10 - wide)
    both = Measure(value=10, spreads=(nights, few_groups))
    assert upper_limit(both, 0.95) == pytest.approx(10 + 2 * stats.t.ppf(0.95, 4))
    assert interval(both) == pytest.approx(
        (10 - 2 * stats.t.ppf(0.975, 4), 10 + 2 * stats.t.ppf(0.975, 4))
    )
    assert interval(Measure(value=10)) is None
