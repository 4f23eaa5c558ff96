"""Places in the local day and week."""

import numpy as np
import pytest

from tasks.features.calendar import Calendar
from tests.tasks.features.frames import make_times

# 5:30 and 6:00 in New York, a Monday in winter and a Sunday in summer.
TIMES = make_times("2013-01-07 10:30", "2013-07-07 10:00")


def test_hours_and_weekdays_are_those_of_the_zones_clock() -> None:
    made = Calendar(zone="America/New_York").transform(TIMES, {})
    values = dict(zip(made.names, made.values.T, strict=True))
    assert values["hour"].tolist() == [5.5, 6.0]
    assert values["weekday"].tolist() == [0, 6]
    assert values["hour_sin"][1] == pytest.approx(1)


def test_the_circle_closes_at_midnight() -> None:
    times = make_times("2013-01-07 23:59", "2013-01-08 00:00")
    made = Calendar(zone="UTC", parts=("hour",)).transform(times, {})
    sin, cos = made.values[:, made.names.index("hour_sin")], made.values[:, 2]
    np.testing.assert_allclose([sin[0], cos[0]], [sin[1], cos[1]], atol=0.01)


def test_only_the_parts_asked_for_are_made() -> None:
    made = Calendar(zone="UTC", parts=("weekday",)).transform(TIMES, {})
    assert made.names == ("weekday", "weekday_sin", "weekday_cos")
