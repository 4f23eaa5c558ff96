"""The one-standard-error rule: the simplest rung that is as good, within what nights can tell."""

import numpy as np
import pytest

from tasks.core.rungs import LossSums, choose_rung, measure_rungs

DRAW = np.random.default_rng(0)
NIGHTS = 40
COMMON = DRAW.normal(10, 3, NIGHTS)  # what a night does to every rung


def _sums(*behind: float, noise: float = 0.5, units: int = NIGHTS) -> LossSums:
    """Rungs that lose so much more than the best on average, on nights of 20 rows."""
    columns = [
        20 * (COMMON[:units] + one + (DRAW.normal(0, noise, units) if one else 0)) for one in behind
    ]
    return LossSums(np.full(units, 20.0), np.column_stack(columns))


def _simpler_is_a_little_behind() -> LossSums:
    """Three rungs; the second loses 0.05 more than the third, and nights scatter by 1 around it."""
    apart = DRAW.normal(0, 1, NIGHTS)
    apart += 0.05 - apart.mean()
    losses = [20 * (COMMON + behind) for behind in (np.full(NIGHTS, 3.0), apart, np.zeros(NIGHTS))]
    return LossSums(np.full(NIGHTS, 20.0), np.column_stack(losses))


def test_the_best_wins_where_simpler_ones_are_surely_worse() -> None:
    rungs = measure_rungs(_sums(3, 2, 0, 1))
    assert choose_rung(rungs) == 2
    assert rungs[2].behind == rungs[2].standard_error == 0
    assert rungs[0].behind == pytest.approx(3, abs=0.3)


def test_a_simpler_one_within_a_standard_error_of_the_best_wins() -> None:
    rungs = measure_rungs(_simpler_is_a_little_behind())
    assert choose_rung(rungs) == 1
    assert 0 < rungs[1].behind <= rungs[1].standard_error


def test_what_nights_do_to_all_rungs_is_no_error_of_a_difference() -> None:
    rungs = measure_rungs(_sums(0.5, 0, noise=0.1))
    assert rungs[0].upper - rungs[0].lower > 1  # the nights differ by far more than the rungs
    assert rungs[0].standard_error < 0.05
    assert choose_rung(rungs) == 1


def test_equal_rungs_are_the_simplest() -> None:
    assert choose_rung(measure_rungs(_sums(0, 0, 0))) == 0


def test_of_nights_and_groups_the_wider_interval_counts() -> None:
    nights = _sums(0.3, 0, noise=0.2)
    alike = LossSums(np.full(4, 200.0), 200 * np.array([[1.0, 9], [9, 2], [1, 1], [9, 2]]))
    alone, both = measure_rungs(nights)[0], measure_rungs(nights, alike)[0]
    assert not alone.is_close
    assert both.is_close
    assert (both.loss, both.behind) == (alone.loss, alone.behind)
    assert both.lower < alone.lower < alone.upper < both.upper


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(400):
        losses = np.random.default_rng(seed).normal(5, 2, (12, 1))
        [rung] = measure_rungs(LossSums(np.full(12, 30.0), 30 * losses))
        held += rung.lower < 5 < rung.upper
    assert held / 400 == pytest.approx(0.95, abs=0.03)
