"""The seasonal constant's own promises: which rows it takes the mean of, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from schemas.project import Matrix, Task
from tasks.families.seasonal import Seasonal

WEEKS = 5
HOURS = np.arange(24 * 7 * WEEKS)
CLOCK = Matrix(
    ("hour", "weekday", "rain"),
    ("number", "number", "number"),
    np.column_stack([HOURS % 24 + 0.25, HOURS // 24 % 7, HOURS % 5]).astype(np.float32),
)
LABELS = 10.0 * (HOURS % 24) + HOURS // 24 % 7 + 1000.0 * (HOURS // (24 * 7))
"""Each hour of the week has a level of its own, and every week adds 1,000."""
NEXT = LABELS[-24 * 7 :] + 1000
MONDAY_8 = np.array([[8.9, 0, 3]], dtype=np.float32)


def _said(family: Seasonal, rows: np.ndarray, task: Task = "regression") -> np.ndarray:
    model = family.fit(CLOCK, LABELS, task, 0)
    return family.predict(model, replace(CLOCK, values=rows))


def test_the_newest_row_alone_is_the_same_hour_last_week() -> None:
    said = _said(Seasonal(by=("hour", "weekday"), newest=1), CLOCK.values[: 24 * 7])
    np.testing.assert_array_equal(said, NEXT - 1000)


def test_several_are_their_mean_and_more_than_there_are_is_all_of_them() -> None:
    for newest, weeks_ago in ((2, 1.5), (4, 2.5), (99, 3.0)):
        said = _said(Seasonal(by=("weekday", "hour"), newest=newest), CLOCK.values[: 24 * 7])
        np.testing.assert_allclose(said, NEXT - 1000 * weeks_ago)


def test_numbers_count_by_their_whole_part() -> None:
    family = Seasonal(by=("hour", "weekday"), newest=1)
    assert _said(family, MONDAY_8)[0] == NEXT[8] - 1000


@pytest.mark.parametrize("row", [[np.nan, 0, 0], [24, 0, 0], [8, -1, 0], [8, np.nan, 0]])
def test_a_gap_or_a_season_of_no_training_row_gets_the_mean_of_all(row: list[float]) -> None:
    family = Seasonal(by=("hour", "weekday"))
    assert _said(family, np.array([row], dtype=np.float32))[0] == pytest.approx(LABELS.mean())


def test_training_rows_with_a_gap_count_in_the_mean_of_all_alone() -> None:
    values = CLOCK.values.copy()
    values[: 24 * 7 * (WEEKS - 1), 0] = np.nan
    family = Seasonal(by=("hour", "weekday"), newest=9)
    model = family.fit(replace(CLOCK, values=values), LABELS, "regression", 0)
    assert family.predict(model, replace(CLOCK, values=MONDAY_8))[0] == NEXT[8] - 1000


def test_equal_labels_make_no_chance_certain() -> None:
    flags = (HOURS % 24 == 8).astype(float)
    family = Seasonal(by=("hour",), newest=3)
    said = family.predict(family.fit(CLOCK, flags, "binary", 0), CLOCK)
    assert said[8] == pytest.approx((3 + flags.mean()) / 4)
    assert said[9] == pytest.approx(flags.mean() / 4)


def test_rows_that_count_for_nothing_leave_the_mean_of_all() -> None:
    weighted = replace(CLOCK, weights=np.where(HOURS % 24 == 8, 0.0, 1.0))
    family = Seasonal(by=("hour",))
    model = family.fit(weighted, LABELS, "regression", 0)
    expected = LABELS[HOURS % 24 != 8].mean()
    assert family.predict(model, CLOCK)[8] == pytest.approx(expected)


def test_names_that_are_no_features_are_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="by names month, which are no features; there are hour, "):
        _said(Seasonal(by=("month", "hour")), MONDAY_8)


def test_a_name_is_given_once_and_at_all() -> None:
    with pytest.raises(ValidationError, match="by names hour more than once"):
        Seasonal(by=("hour", "hour"))
    with pytest.raises(ValidationError, match="at least 1 item"):
        Seasonal(by=())


def test_more_seasons_than_a_table_should_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.families.seasonal._MOST", 167)
    with pytest.raises(ValueError, match=r"tells 168 seasons apart, more than 167; name features"):
        _said(Seasonal(by=("hour", "weekday")), MONDAY_8)


def test_a_matrix_of_other_features_is_refused() -> None:
    family = Seasonal(by=("hour",))
    model = family.fit(CLOCK, LABELS, "regression", 0)
    narrow = Matrix(CLOCK.names[:2], CLOCK.kinds[:2], CLOCK.values[:, :2])
    with pytest.raises(ValueError, match=r"takes 3 features a row, not \(840, 2\)"):
        family.predict(model, narrow)
