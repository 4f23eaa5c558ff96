"""Means of the target by word, of which no row sees its own label."""

import numpy as np
import pandas as pd
import pytest

from tasks.features.target_means import TargetMeans
from tests.tasks.features.frames import make_flights

STEP = TargetMeans(columns=("carrier",), target="late", zone="UTC", folds=2, smoothing=1)


def _nights(words: str, late: list[float], start: str = "2013-03-08") -> pd.DataFrame:
    """One row a letter, one night a row."""
    times = pd.date_range(start, periods=len(words), freq="D", tz="UTC", unit="us")
    return pd.DataFrame({"event_time": times, "carrier": list(words), "late": late})


def _means(frame: pd.DataFrame, training: pd.DataFrame, step: TargetMeans = STEP) -> list[float]:
    return [float(x) for x in step.transform(frame, step.fit(training)).values[:, 0]]


def test_other_nights_have_the_smoothed_mean_of_all_training_rows() -> None:
    training = _nights("AAAB", [1, 0, 1, 0])
    later = _nights("ABC", [0, 0, 0], start="2013-04-01")
    assert _means(later, training) == [0.625, 0.25, 0.5]


def test_a_training_night_has_the_mean_of_the_other_folds() -> None:
    training = _nights("AAAA", [1, 0, 1, 0])
    assert _means(training, training) == [0, 1, 0, 1]


def test_no_row_sees_a_label_of_its_night() -> None:
    training = make_flights()
    day = training["event_time"].dt.tz_convert("America/New_York").dt.date
    step = TargetMeans(columns=("carrier", "dest"), target="late", zone="America/New_York")
    before = step.transform(training, step.fit(training)).values
    for night in day.unique():
        own = day == night
        other = training.assign(late=training["late"].where(~own, 5))
        after = step.transform(other, step.fit(other)).values
        np.testing.assert_array_equal(after[own], before[own])
        assert (after[~own] != before[~own]).any()


def test_labels_of_pure_chance_are_not_learned_by_a_word_a_row() -> None:
    draw = np.random.default_rng(0)
    frame = make_flights(rows=2000).assign(late=draw.integers(2, size=2000).astype(float))
    frame["carrier"] = [f"c{number}" for number in draw.integers(400, size=2000)]
    made = STEP.transform(frame, STEP.fit(frame)).values[:, 0]
    assert abs(np.corrcoef(made, frame["late"])[0, 1]) < 0.08


def test_nulls_stay_null_and_a_night_alone_knows_nothing() -> None:
    training = _nights("A", [1])
    assert np.isnan(_means(training, training)).all()
    later = _nights("AB", [0, 0], start="2013-04-01").assign(
        carrier=pd.array(["A", None], dtype="str")
    )
    first, null = _means(later, training)
    assert (first, np.isnan(null)) == (1, True)


def test_a_target_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="late"):
        STEP.fit(_nights("AB", [0, 1]).drop(columns="late"))


def test_rows_without_label_or_time_teach_nothing() -> None:
    training = _nights("AAB", [1, np.nan, 0])
    training.loc[2, "event_time"] = pd.NaT
    state = STEP.fit(training)
    assert state["nights"] == ["2013-03-08"]
    assert list(state["means"]["carrier"]) == ["A"]
