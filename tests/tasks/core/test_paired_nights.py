"""Gates' arithmetic: the gain, its error over nights and not rows, ratios that hide no harm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tasks.core.paired_nights import PairedNights


def build_pair(gains: list[float], rows: float = 10.0) -> PairedNights:
    """Nights of equal size on which the challenger saves `gains` a row."""
    rival = np.full(len(gains), 100.0)
    return PairedNights(np.full(len(gains), rows), rival - rows * np.array(gains), rival)


@given(gains=st.lists(st.floats(-5, 5), min_size=2, max_size=30).filter(lambda g: np.std(g) > 1e-3))
def test_with_equal_nights_the_limits_are_those_of_a_one_sample_t(gains: list[float]) -> None:
    pair = build_pair(gains)
    interval = stats.t.interval(0.9, len(gains) - 1, np.mean(gains), stats.sem(gains))
    assert pair.gain == pytest.approx(np.mean(gains), abs=1e-9)
    assert (pair.lower(0.95), pair.upper(0.95)) == pytest.approx(interval, abs=1e-6)


@given(gains=st.lists(st.floats(-5, 5), min_size=2, max_size=10), copies=st.integers(2, 50))
def test_more_rows_a_night_are_no_more_evidence(gains: list[float], copies: int) -> None:
    few, many = build_pair(gains), build_pair(gains)
    many = PairedNights(few.rows * copies, few.challenger * copies, few.rival * copies)
    assert many.standard_error == pytest.approx(few.standard_error)


def test_equal_models_have_no_gain_and_no_error() -> None:
    pair = build_pair([0.0] * 6)
    assert pair.gain == pair.lower(0.99) == pair.upper(0.95) == 0.0
    assert pair.loss_ratio == pair.median_ratio == 1.0


def test_large_nights_weigh_more() -> None:
    pair = PairedNights(np.array([90.0, 10.0]), np.array([0.0, 20.0]), np.array([90.0, 10.0]))
    assert pair.gain == pytest.approx(0.8)


def test_one_heavy_night_does_not_hide_harm_on_the_others() -> None:
    challenger = np.array([6.0, 6.0, 6.0, 6.0, 0.0])
    rival = np.array([1.0, 1.0, 1.0, 1.0, 50.0])
    pair = PairedNights(np.ones(5), challenger, rival)
    assert pair.loss_ratio < 1
    assert pair.median_ratio == pytest.approx(6.0)


def test_perfect_models_have_a_ratio_of_1_and_a_finite_one_against_others() -> None:
    perfect, bad = np.zeros(3), np.ones(3)
    assert PairedNights(np.ones(3), perfect, perfect).loss_ratio == 1.0
    assert np.isfinite(PairedNights(np.ones(3), bad, perfect).median_ratio)


@pytest.mark.parametrize("rows", [[], [5.0], [5.0, 0.0]])
def test_two_nights_with_rows_are_needed(rows: list[float]) -> None:
    with pytest.raises(ValueError, match="two nights"):
        PairedNights(np.array(rows), np.zeros(len(rows)), np.zeros(len(rows)))


def test_a_loss_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        PairedNights(np.ones(2), np.array([1.0, np.nan]), np.ones(2))
