"""Public holidays and the days to and since them."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tasks.features.holidays import Holidays
from tests.tasks.features.frames import make_times

NEW_YORK = Holidays(zone="America/New_York", country="US", subdivision="NY")
TRAINING = make_times("2013-01-01 12:00")


def _made(*utc: str) -> list[list[float]]:
    rows = NEW_YORK.transform(make_times(*utc), NEW_YORK.fit(TRAINING)).values
    return [[float(value) for value in row] for row in rows]


def test_days_count_to_the_next_and_since_the_last_one() -> None:
    assert _made("2013-07-03 12:00", "2013-07-04 12:00", "2013-07-06 12:00") == [
        [0, 1, 30],
        [1, 0, 0],
        [0, 30, 2],
    ]


def test_a_holiday_ends_at_local_midnight() -> None:
    assert [row[0] for row in _made("2013-07-05 03:59", "2013-07-05 04:00")] == [1, 0]


def test_the_turn_of_a_year_is_no_border() -> None:
    assert _made("2012-12-31 12:00")[0] != _made("2013-12-31 12:00")[0] == [0, 1, 6]


def test_it_knows_two_more_years_and_no_year_before_training() -> None:
    assert _made("2015-12-25 17:00")[0][0] == 1
    assert np.isnan(_made("2016-01-01 17:00", "2012-12-25 17:00")).all()


@pytest.mark.parametrize("place", [{"country": "XX"}, {"country": "US", "subdivision": "ZZ"}])
def test_a_place_that_is_not_known_is_refused(place: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="use the codes"):
        Holidays(zone="UTC", **place)
