"""Gaps are filled from rows of their group, so that nothing tells them from values."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from deployments.landing import lay_out
from tasks.features.fill_from_group import FillFromGroup
from tasks.sources.flights import flights_landing
from tests.tasks.features.frames import make_flights, make_seats

SEATS = FillFromGroup(columns=("seats",), by=("carrier",), min_rows=2)


def _fill(step: FillFromGroup, training: pd.DataFrame, frame: pd.DataFrame) -> list[float]:
    return [float(value) for value in step.transform(frame, step.fit(training)).values[:, 0]]


def test_a_gap_is_filled_from_its_group_and_a_value_stays() -> None:
    training = make_seats("AAABBB", [1, 1, None, 2, 2, 2])
    assert _fill(SEATS, training, make_seats("ABAB", [None, None, 7, 8])) == [1, 2, 7, 8]


def test_a_thin_or_unknown_group_gives_way_to_the_wider_one() -> None:
    training = make_seats("AAAB", [1, 1, 1, 2]).assign(dest=["X", "X", "Y", "Y"])
    step = FillFromGroup(columns=("seats",), by=("carrier", "dest"), min_rows=2)
    groups = step.fit(training)["groups"]
    assert sorted(groups) == ['["A", "X"]', '["A"]', "[]"]
    gaps = make_seats("A", [None]).assign(dest="Y")
    assert _fill(step, training, gaps) == [1]


def test_without_any_complete_training_row_gaps_stay() -> None:
    filled = _fill(SEATS, make_seats("AA", [None, None]), make_seats("AB", [None, 3]))
    assert np.isnan(filled[0])
    assert filled[1] == 3


def test_a_row_is_filled_from_one_row_as_a_whole() -> None:
    step = FillFromGroup(columns=("seats", "year_built"), by=("carrier", "dest"))
    frame = make_flights()
    made = step.transform(frame, step.fit(frame)).values
    np.testing.assert_array_equal(made[:, 1], made[:, 0] + 1850)


def test_a_group_keeps_the_shares_of_its_values() -> None:
    training = make_seats("A" * 1000, [1.0] * 750 + [2.0] * 250)
    step = SEATS.model_copy(update={"donors": 8})
    assert step.fit(training)["groups"]['["A"]'] == [0] * 6 + [1] * 2


def test_the_same_row_is_filled_alike_wherever_it_stands() -> None:
    training, gaps = make_flights(seed=1), make_flights(seed=2)
    step = FillFromGroup(columns=("seats",), by=("carrier", "dest"))
    state = step.fit(training)
    whole = step.transform(gaps, state).values
    part = step.transform(gaps.iloc[::-3], state).values
    np.testing.assert_array_equal(whole[::-3], part)


def test_filled_rows_cannot_be_told_from_their_neighbours() -> None:
    frame = make_flights(rows=20_000)
    step = FillFromGroup(columns=("seats", "year_built"), by=("carrier", "dest"))
    made = step.transform(frame, step.fit(frame)).values
    for values in made.T:
        z = _telling(values, frame["seats"].isna(), frame["carrier"] + frame["dest"])
        assert abs(z) < 4


def test_the_check_itself_finds_what_a_mode_would_tell() -> None:
    frame = make_flights(rows=20_000)
    group = frame["carrier"] + frame["dest"]
    filled = frame["seats"].fillna(frame["seats"].groupby(group).transform("max"))
    assert _telling(filled.to_numpy(), frame["seats"].isna(), group) > 20


def test_flights_without_a_tail_number_look_like_others_of_their_carrier(tmp_path: Path) -> None:
    storm = date(2013, 2, 8)  # 161 flights of that night were cancelled before they had an aircraft
    lay_out(tmp_path, storm, storm)
    raw = flights_landing(folder=tmp_path).read(storm)
    assert raw is not None
    frame = raw.frame
    step = FillFromGroup(columns=("year_built", "seats", "engines"), by=("carrier", "dest"))
    made = step.transform(frame, step.fit(frame))
    has_no_tail = frame["tailnum"].isna()
    is_known = has_no_tail | frame["seats"].notna()
    assert has_no_tail.sum() == 161
    for values in made.values.T:
        z = _telling(values[is_known], has_no_tail[is_known], frame["carrier"][is_known])
        assert abs(z) < 4


def _telling(values: np.ndarray, is_gap: "pd.Series[bool]", group: "pd.Series[str]") -> float:
    """Rank-sum z of gaps against values, summed over groups: chance stays within +-4."""
    total = variance = 0.0
    gaps = is_gap.to_numpy()
    for rows in group.reset_index(drop=True).groupby(group.to_numpy()).indices.values():
        total_here, variance_here = _rank_sum(values[rows], gaps[rows])
        total, variance = total + total_here, variance + variance_here
    return float(total / np.sqrt(variance))


def _rank_sum(values: np.ndarray, gaps: np.ndarray) -> tuple[float, float]:
    rows, filled = len(values), int(gaps.sum())
    known = rows - filled
    if not filled or not known:
        return 0.0, 0.0
    ties = np.unique(values, return_counts=True)[1].astype(float)
    spread = rows + 1 - (ties**3 - ties).sum() / (rows * (rows - 1))
    excess = rankdata(values)[gaps].sum() - filled * (rows + 1) / 2
    return float(excess), filled * known * spread / 12


def test_what_is_beyond_float32_counts_as_its_largest() -> None:
    training = make_flights(rows=8, seed=0).assign(seats=1e300, carrier="AA")
    frame = training.head(2).assign(seats=[np.nan, -1e300])
    largest = float(np.finfo(np.float32).max)
    assert _fill(SEATS, training, frame) == [largest, -largest]
