"""What is made of numbers: filled gaps, bins, ratios, differences."""

import numpy as np
import pandas as pd

from schemas.project import FeatureStep
from tasks.features.bins import Bins
from tasks.features.differences import Differences
from tasks.features.frequencies import Frequencies
from tasks.features.impute import Impute
from tasks.features.ratios import Ratios
from tests.tasks.features.frames import make_words

NAN = np.nan


def _made(step: FeatureStep, training: pd.DataFrame, frame: pd.DataFrame) -> list[list[float]]:
    values = step.transform(frame, step.fit(training)).values
    return [[float(value) for value in column] for column in values.T]


def _numbers(*wait: float, **others: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"wait": list(wait), **others}, dtype=np.float64)


def test_gaps_have_the_training_median_and_are_told_apart() -> None:
    made = _made(Impute(columns=("wait",)), _numbers(1, 2, 9, NAN), _numbers(NAN, 7))
    assert made == [[2, 7], [1, 0]]


def test_gaps_have_the_constant_that_is_declared() -> None:
    made = _made(Impute(columns=("wait",), constant=-1), _numbers(1, 2), _numbers(NAN, 7))
    assert made == [[-1, 7], [1, 0]]


def test_without_a_value_in_training_a_gap_stays() -> None:
    values, missing = _made(Impute(columns=("wait",)), _numbers(NAN), _numbers(NAN))
    assert (np.isnan(values[0]), missing[0]) == (True, 1)


def test_bins_are_quantiles_of_the_training_part() -> None:
    training = _numbers(*range(100))
    made = _made(Bins(columns=("wait",), bins=4), training, _numbers(-5, 24, 25, 50, 1e9, np.inf))
    assert made == [[0, 1, 1, 2, 3, 3]]


def test_equal_values_share_a_bin() -> None:
    step = Bins(columns=("wait",), bins=10)
    assert step.fit(_numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 5)) == {"wait": [0.0]}
    assert step.fit(_numbers(NAN)) == {"wait": []}
    assert np.isnan(_made(step, _numbers(1, 2), _numbers(NAN))[0][0])


def test_a_ratio_is_null_where_it_has_no_value() -> None:
    frame = _numbers(6, 6, NAN, 6, 0, rows=[2, 0, 2, NAN, -0.0])
    [made] = _made(Ratios(pairs=(("wait", "rows"),)), frame, frame)
    np.testing.assert_array_equal(made, [3, NAN, NAN, NAN, NAN])


def test_a_difference_is_null_where_a_side_is() -> None:
    frame = _numbers(6, NAN, 6, rows=[2, 2, NAN])
    [made] = _made(Differences(pairs=(("wait", "rows"),)), frame, frame)
    np.testing.assert_array_equal(made, [4, NAN, NAN])


def test_an_unseen_word_has_no_share_and_a_null_none_that_is_known() -> None:
    training = make_words("AA", "AA", "UA", None)
    [made] = _made(Frequencies(columns=("carrier",)), training, make_words("AA", "UA", "B6", None))
    np.testing.assert_array_equal(made, [0.5, 0.25, 0, NAN])
