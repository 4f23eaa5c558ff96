"""Delivered times, and local clocks through their changes."""

from datetime import date
from typing import Literal

import pandas as pd
import pytest

from tasks.core.local_time import LocalNight, name_zone, read_times, to_utc

ZONE = "America/New_York"


def _utc(*local: str | None) -> list[str]:
    times = pd.to_datetime(pd.Series(local, dtype="str"), format="ISO8601")
    instants = to_utc(times, ZONE)
    return [str(instant) for instant in instants]


def test_values_that_name_a_zone_or_are_no_times_stay_as_they_are() -> None:
    given = pd.Series(
        ["2013-07-01T05:15", "2013-07-01 05:15:00.5", "2013-07-01T05:15Z", "no", None]
    )
    named = name_zone(given, ZONE)
    assert named.tolist()[:4] == [
        "2013-07-01 05:15:00-04:00",
        "2013-07-01 05:15:00.500000-04:00",
        "2013-07-01T05:15Z",
        "no",
    ]
    assert read_times(named, None).equals(read_times(given, ZONE))
    zoned = given[2:]
    assert name_zone(zoned, ZONE) is zoned
    numbers = pd.Series([1, 2])
    assert name_zone(numbers, ZONE) is numbers
    stamps = pd.Series(pd.DatetimeIndex(["2013-07-01 05:15", "NaT"]))
    assert name_zone(stamps, ZONE).equals(read_times(stamps, ZONE))


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


def _read(zone: str | None, *values: object) -> list[str]:
    return [str(instant) for instant in read_times(pd.Series(values, dtype="object"), zone)]


@pytest.mark.parametrize(
    "written",
    [
        *("2026-07-01T12:00Z", "2026-07-01T12:00:00+00:00", "2026-07-01 14:00:00+0200"),
        *("2026-07-01 07:00-05", "20260701T120000Z", "2026-07-01T12:00:00.000 +00:00"),
        pd.Timestamp("2026-07-01 12:00", tz="UTC"),
        pd.Timestamp("2026-07-01 08:00", tz=ZONE),
    ],
)
def test_a_time_with_a_zone_is_that_instant_whatever_is_declared(written: object) -> None:
    for zone in (None, ZONE, "Asia/Tokyo"):
        assert _read(zone, written) == ["2026-07-01 12:00:00+00:00"]


@pytest.mark.parametrize(
    "written",
    [
        *("2026-07-01T08:00", "2026-07-01 08:00:00", " 2026-07-01 08:00", "20260701T08"),
        pd.Timestamp("2026-07-01 08:00"),
        pd.Timestamp("2026-07-01 08:00").to_pydatetime(),
    ],
)
def test_a_time_without_a_zone_is_one_of_the_declared_zone_or_none(written: object) -> None:
    assert _read(ZONE, written) == ["2026-07-01 12:00:00+00:00"]
    assert _read("UTC", written) == ["2026-07-01 08:00:00+00:00"]
    assert _read(None, written) == ["NaT"]
    assert _read(ZONE, "2026-07-01T12:00Z", written, None)[0:2] == ["2026-07-01 12:00:00+00:00"] * 2


def test_a_date_is_its_local_midnight() -> None:
    assert _read(ZONE, "2026-07-01", " 2026-07-01") == ["2026-07-01 04:00:00+00:00"] * 2


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_typed_times_follow_the_same_rule(unit: Literal["s", "ms", "us", "ns"]) -> None:
    naive = pd.Series(pd.to_datetime(["2026-07-01 08:00"])).dt.as_unit(unit)
    assert str(read_times(naive, ZONE)[0]) == "2026-07-01 12:00:00+00:00"
    assert read_times(naive, None).isna().all()
    assert str(read_times(naive.dt.tz_localize(ZONE), None)[0]) == "2026-07-01 12:00:00+00:00"


@pytest.mark.parametrize("value", ["now", "today", "soon", 1_700_000_000, 1.7e9, True, ""])
def test_neither_words_nor_numbers_are_times(value: object) -> None:
    assert _read(ZONE, value) == ["NaT"]
    assert read_times(pd.Series([value]), ZONE).isna().all()


@pytest.mark.parametrize(
    ("zone", "written", "instant"),
    [
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # skips half an hour
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),  # skipped a whole day
        ("America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04 03:30"),  # skipped midnight
        ("Europe/Moscow", "2014-10-26 01:30", "2014-10-25 21:30"),  # twice, both in winter time
    ],
)
def test_other_changes_of_clocks_follow_the_same_rules(
    zone: str, written: str, instant: str
) -> None:
    assert _read(zone, written) == [f"{instant}:00+00:00"]


@pytest.mark.parametrize("written", ["9999-12-31 23:59:59", "0001-01-01", "0000-01-01"])
@pytest.mark.parametrize("zone", [ZONE, "Asia/Tokyo", "UTC"])
def test_local_times_that_no_calendar_reaches_are_none(zone: str, written: str) -> None:
    assert _read(zone, written) == ["NaT"]


@pytest.mark.parametrize(
    ("zone", "night", "first", "end"),
    [
        ("UTC", "2026-03-01", "2026-03-01T00:00", "2026-03-02T00:00"),
        (ZONE, "2026-03-01", "2026-03-01T05:00", "2026-03-02T05:00"),
        (ZONE, "2013-03-10", "2013-03-10T05:00", "2013-03-11T04:00"),  # 23 hours
        (ZONE, "2013-11-03", "2013-11-03T04:00", "2013-11-04T05:00"),  # 25 hours
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00"),  # from 1:00
        ("America/Havana", "2026-11-01", "2026-11-01T04:00", "2026-11-02T05:00"),  # midnight twice
    ],
)
def test_a_night_is_from_one_local_midnight_to_the_next(
    zone: str, night: str, first: str, end: str
) -> None:
    edges = pd.to_datetime(pd.Series([first, end, None]), utc=True)
    times = pd.concat([edges, edges - pd.Timedelta(microseconds=1)], ignore_index=True)
    held = LocalNight(date.fromisoformat(night), zone).holds(times)
    assert held.tolist() == [True, False, False, False, True, False]
