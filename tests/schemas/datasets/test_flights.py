"""The contract of flights: nonsense is set aside, another unit is not its business."""

from pathlib import Path

import pandas as pd
import pytest

from schemas.datasets.flights import Flights
from tasks.core.checking import check_rows
from tasks.sources.flights import flights_landing
from tests.landing import FIRST


@pytest.fixture
def night(landing_zone: Path) -> pd.DataFrame:
    """The rows of one real night."""
    raw = flights_landing(folder=landing_zone).read(FIRST)
    assert raw is not None
    return raw.frame


def _quarantined(frame: pd.DataFrame) -> dict[str, int]:
    checked = check_rows(frame, Flights, 1.0)
    return {failure.column: failure.rows for failure in checked.failures}


@pytest.mark.parametrize(
    ("column", "factor", "offset"),
    [
        ("distance", 1.609344, 0),  # kilometres
        ("temp", 5 / 9, -160 / 9),  # degrees Celsius
        ("visib", 1.609344, 0),
        ("wind_speed", 1.609344, 0),
    ],
)
def test_another_unit_passes(
    night: pd.DataFrame, column: str, factor: float, offset: float
) -> None:
    night[column] = night[column].astype(float) * factor + offset
    assert _quarantined(night) == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("humid", 100.1),
        ("humid", -1),
        ("wind_dir", 361),
        ("wind_speed", 1048.36),  # stands in the data, for an hour without departures
        ("pressure", 29.9),
        ("temp", 9999),
        ("precip", -0.1),
        ("sched_dep_time", "1440"),
        ("distance", "0"),
        ("origin", "BOS"),
        ("carrier", "united"),
        ("flight", "UA15"),
        ("dest", "iah"),
        ("seats", 0),
        ("event_time", None),
        ("row_key", None),
        ("sched_arr_time", None),
    ],
)
def test_nonsense_is_set_aside(night: pd.DataFrame, column: str, value: str | float | None) -> None:
    spoiled = night.astype({column: object}) if column != "event_time" else night
    spoiled.loc[3, column] = value
    assert _quarantined(spoiled) == {column: 1}
