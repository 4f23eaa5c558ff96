"""What a feature gains is what shuffling it loses; features that say nothing show no gain."""

from collections.abc import Callable

import numpy as np

from schemas.examination import FeatureGain
from schemas.project import Matrix
from tasks.core.gains import feature_gains
from tasks.core.leaks import Floats, Part
from tests.tasks.core.leaking import make_part, planted

PART = make_part("regression", nights=12)


def _predict(features: Matrix) -> Floats:
    at = features.names.index("strong")
    return np.asarray(features.values[:, at], dtype=np.float64)


def _gains(
    part: Part = PART, predict: Callable[[Matrix], Floats] = _predict
) -> tuple[FeatureGain, ...]:
    at = range(len(part.features.names))
    return feature_gains("regression", part.features, part.target, part.nights, predict, at)


def test_the_feature_that_the_model_reads_gains_and_others_do_not() -> None:
    first, *others = _gains()
    assert (first.feature, first.is_shown) == ("strong", True)
    assert first.lower < first.gain < first.upper
    assert [(gain.gain, gain.is_shown) for gain in others] == [(0, False), (0, False)]


def test_it_is_the_same_each_time_and_changes_nothing() -> None:
    before = PART.features.values.copy()
    assert _gains() == _gains()
    np.testing.assert_array_equal(PART.features.values, before)


def test_a_feature_with_one_value_a_night_can_gain() -> None:
    levels = np.repeat(np.arange(12.0), 40)
    part = planted(PART, levels, "level")

    def predict(features: Matrix) -> Floats:
        return np.asarray(features.values[:, 3] - levels + _predict(features))

    assert {gain.feature: gain.is_shown for gain in _gains(part, predict)}["level"]


def test_parts_of_a_circle_are_shuffled_together() -> None:
    part = planted(planted(PART, PART.target, "hour"), PART.target, "hour_sin")

    def predict(features: Matrix) -> Floats:
        return np.asarray(features.values[:, 3:].mean(axis=1), dtype=np.float64)

    assert [gain.feature for gain in _gains(part, predict)] == ["hour", "strong", "weak", "noise"]


def test_two_nights_are_too_few() -> None:
    assert _gains(make_part("regression", nights=2)) == ()
