"""Drift of a night: found when it is there, silent when not, honest about thin nights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.monitoring import DriftReference
from tasks.core.calibration import calibrate
from tasks.core.drift import column_threshold, distance, is_thin, night_drift, thin_limit
from tests.tasks.core.nights import KINDS, build_night, build_nights


@pytest.fixture(scope="module")
def reference() -> DriftReference:
    return calibrate(build_nights(91), KINDS)


@pytest.fixture(scope="module")
def mixed() -> DriftReference:
    return calibrate(build_nights(200, rows=[1, 10, 100, 1000, 1000, 1000]), KINDS)


def drifted(reference: DriftReference, night: pd.DataFrame) -> set[str]:
    return {found.column for found in night_drift(reference, night) if found.drifted}


def test_a_shift_is_found_in_the_column_that_has_it(reference: DriftReference) -> None:
    assert drifted(reference, build_night(1, shift=0.8)) == {"amount"}


def test_unseen_categories_are_distance(reference: DriftReference) -> None:
    assert drifted(reference, build_night(1, shops="zzbbc")) == {"shop"}


def test_nights_without_drift_are_silent(reference: DriftReference) -> None:
    nights = [drifted(reference, build_night(seed)) for seed in range(200)]
    assert sum(map(bool, nights)) <= 4


@given(values=st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), min_size=1))
def test_any_number_has_a_distance_between_0_and_1(
    reference: DriftReference, values: list[float | None]
) -> None:
    night = pd.DataFrame({"amount": pd.Series(values, dtype="float64"), "hour": 1, "shop": "a"})
    for found in night_drift(reference, night):
        assert 0 <= found.distance <= 1


@given(values=st.lists(st.one_of(st.none(), st.sampled_from("abcxyz")), min_size=1))
def test_any_category_has_a_distance_between_0_and_1(
    reference: DriftReference, values: list[str | None]
) -> None:
    night = pd.DataFrame({"amount": 0.0, "hour": 1, "shop": pd.Series(values, dtype="str")})
    for found in night_drift(reference, night):
        assert 0 <= found.distance <= 1


def test_nulls_are_no_distance(reference: DriftReference) -> None:
    night = build_night(1)
    holes = night.assign(amount=night["amount"].where(night["hour"] > 3))
    without = night[night["hour"] > 3]
    column = reference.columns[0]
    assert distance(column, holes["amount"]) == distance(column, without["amount"])


def test_a_column_of_nulls_only_cannot_alarm(reference: DriftReference) -> None:
    found = night_drift(reference, build_night(1).assign(amount=np.nan))[0]
    assert (found.distance, found.drifted, found.can_alarm) == (0.0, False, False)


def test_no_distance_is_an_error_and_never_no_drift(reference: DriftReference) -> None:
    with pytest.raises(ValueError, match="no distance between 0 values"):
        distance(reference.columns[0], pd.Series([np.nan]))
    with pytest.raises(ValueError, match="NaN among the values"):
        distance(reference.columns[0], pd.Series(["1", "nan"], dtype=object))


def test_report_and_record_see_the_same_numbers(reference: DriftReference) -> None:
    night = build_night(3, shift=0.2)
    for column, found in zip(reference.columns, night_drift(reference, night), strict=True):
        values = night[column.column]
        assert found.distance == distance(column, values)
        assert found.threshold == column_threshold(reference, column, int(values.count()))


def test_half_an_sd_is_found_among_mixed_nights(mixed: DriftReference) -> None:
    assert all(drifted(mixed, build_night(seed, 1000, shift=0.5)) for seed in range(20))


@pytest.mark.parametrize("rows", [20, 50, 100, 300, 1000, 5000])
def test_nights_of_any_size_are_silent_without_drift(mixed: DriftReference, rows: int) -> None:
    nights = [drifted(mixed, build_night(seed, rows)) for seed in range(100)]
    assert sum(map(bool, nights)) <= 3


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_handful_of_rows_cannot_alarm(mixed: DriftReference, rows: int) -> None:
    for found in night_drift(mixed, build_night(1, rows, shift=50, shops="z")):
        assert not found.can_alarm
        assert not found.drifted


def test_thin_nights_are_under_20_rows_or_a_tenth_of_the_median(mixed: DriftReference) -> None:
    assert [is_thin(mixed, rows) for rows in (1, 10, 99, 100, 1000)] == [True] * 3 + [False] * 2
    assert thin_limit([1] * 90 + [30, 40]) == 20
    assert thin_limit([1, 2, 3]) == 20
