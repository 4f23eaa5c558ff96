"""Local clocks through both changes of 2013, and names of zones."""

import pandas as pd
import pytest

from tasks.core.local_time import check_zone, to_utc

ZONE = "America/New_York"


def _utc(*local: str | None) -> list[str]:
    times = pd.to_datetime(pd.Series(local, dtype="str"), format="ISO8601")
    instants = to_utc(times, ZONE)
    return [str(instant) for instant in instants]


def test_summer_and_winter_differ_by_an_hour() -> None:
    assert _utc("2013-01-01 05:15", "2013-07-01 05:15") == [
        "2013-01-01 10:15:00+00:00",
        "2013-07-01 09:15:00+00:00",
    ]


def test_a_skipped_time_counts_as_an_hour_later() -> None:
    assert _utc("2013-03-10 02:30", "2013-03-10 03:30") == ["2013-03-10 07:30:00+00:00"] * 2


def test_a_repeated_time_counts_as_its_first_pass() -> None:
    assert _utc("2013-11-03 01:30", "2013-11-03 02:30") == [
        "2013-11-03 05:30:00+00:00",
        "2013-11-03 07:30:00+00:00",
    ]


def test_nulls_stay_null_and_nothing_is_nothing() -> None:
    assert _utc("2013-01-01 05:15", None)[1] == "NaT"
    assert (
        str(to_utc(pd.to_datetime(pd.Series([], dtype="str")), ZONE).dtype) == "datetime64[us, UTC]"
    )


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "", "/etc/localtime"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no IANA time zone"):
        check_zone(name)
