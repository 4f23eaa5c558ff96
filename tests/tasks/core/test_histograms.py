"""Distances between histograms: bounds, agreement with the textbook, the distance of chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import ks_2samp

from schemas.monitoring import ColumnKind
from tasks.core import histograms

COUNTS = arrays.arrays(np.float64, 8, elements=st.integers(0, 50).map(float)).filter(np.any)


@given(left=COUNTS, right=COUNTS)
def test_distances_lie_between_0_and_1_and_ks_never_exceeds_total_variation(
    left: np.ndarray, right: np.ndarray
) -> None:
    ks = histograms.distance_between("number", left, right)
    variation = histograms.distance_between("category", left, right)
    assert -1e-12 <= ks <= variation + 1e-12 <= 1 + 1e-9


@given(values=st.lists(st.integers(-5, 5), min_size=1, max_size=60))
def test_few_valued_numbers_have_exactly_the_two_sample_ks_distance(values: list[int]) -> None:
    reference = np.repeat(np.arange(-3.0, 4.0), 10)
    edges = histograms.quantile_edges(reference)
    bins = len(edges) + 1
    night = np.array(values, dtype=float)
    counts = [
        np.bincount(histograms.number_codes(each, edges), minlength=bins).astype(float)
        for each in (night, reference)
    ]
    expected = ks_2samp(night, reference).statistic
    assert histograms.distance_between("number", *counts) == pytest.approx(expected)


def test_values_below_a_large_mass_of_zeros_are_told_from_it() -> None:
    rain = np.zeros(100)
    edges = histograms.quantile_edges(rain)
    assert set(histograms.number_codes(np.array([-1.0, 0.0, 1.0]), edges)) == {0, 1, 2}


def test_many_rows_fall_into_bins_of_equal_mass() -> None:
    values = np.random.default_rng(0).lognormal(size=4000)
    codes = histograms.number_codes(values, histograms.quantile_edges(values))
    assert set(np.bincount(codes)[1:]) == {100}


def test_infinity_counts_as_very_far_out() -> None:
    assert np.isfinite(histograms.as_floats(pd.Series([np.inf, -np.inf]))).all()


def test_nulls_of_any_dtype_become_nan_and_booleans_numbers() -> None:
    assert np.isnan(histograms.as_floats(pd.Series([1, None], dtype="Int64"))[1])
    assert histograms.as_floats(pd.Series([True, False])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("kind", "shares"),
    [("number", [1] * 40), ("number", [7, 3]), ("category", [7, 3]), ("category", [5, 3, 1, 1])],
)
def test_the_distance_of_chance_is_that_of_independent_rows(
    kind: ColumnKind, shares: list[int]
) -> None:
    counts = np.array(shares, dtype=float)
    rows, draw = 400, np.random.default_rng(0)
    samples = draw.multinomial(rows, counts / counts.sum(), size=4000).astype(float)
    distances = histograms.distance_between(kind, samples, counts) * np.sqrt(rows)
    mean, sd = histograms.distance_of_chance(kind, counts)
    assert distances.mean() == pytest.approx(mean, rel=0.12)  # 40 bins hide a little
    assert distances.std() == pytest.approx(sd, rel=0.15)
