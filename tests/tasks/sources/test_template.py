"""Addresses with a night in them: written for a night, and read back."""

from datetime import date

import pytest

from schemas.errors import DataUnreadable
from schemas.period import Hour, Week, period_of
from tasks.sources.template import beginning, check_template, fill, is_fixed, matching, names_night

NIGHT = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("sales/{as_of}.csv", "sales/2026-03-01.csv"),
        ("s3://b/{as_of:%Y/%m/%d}/sales.csv", "s3://b/2026/03/01/sales.csv"),
        ("{as_of:%Y}/{as_of}.csv", "2026/2026-03-01.csv"),
        ("x{as_of:%y%j}.csv", "x26060.csv"),
        ("{as_of:%Y%m%d}(1).csv", "20260301(1).csv"),
    ],
)
def test_what_is_written_for_a_night_is_read_as_that_night(template: str, address: str) -> None:
    assert fill(check_template(template), NIGHT) == address
    assert list(matching(template, [address])) == [(address, NIGHT)]
    assert names_night(template)
    assert address.startswith(beginning(template))


@pytest.mark.parametrize(
    "address",
    ["2025/2026-03-01.csv", "2026/2026-13-01.csv", "2026/2026-3-1.csv", "2026/x.csv", "2026"],
)
def test_other_addresses_are_passed_over(address: str) -> None:
    assert list(matching("{as_of:%Y}/{as_of}.csv", [address])) == []


def test_a_month_or_nothing_names_no_night() -> None:
    assert not names_night("{as_of:%Y-%m}.csv")
    assert list(matching("{as_of:%Y-%m}.csv", ["2026-03.csv"])) == [("2026-03.csv", NIGHT)]
    assert is_fixed("all.csv")
    assert fill("all.csv", NIGHT) == "all.csv"
    assert not names_night("all.csv")


@pytest.mark.parametrize("template", ["{night}.csv", "{as_of.csv", "{}.csv", "{as_of:%M}.csv"])
def test_what_is_no_night_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"write|is not one of"):
        check_template(template)


WEEK, HOUR = Week(2026, 3, 2), Hour(2026, 3, 1, 14)


@pytest.mark.parametrize(
    ("template", "night", "address"),
    [
        ("{as_of}.csv", WEEK, "2026-W10.csv"),
        ("{as_of:%G/%V}.csv", WEEK, "2026/10.csv"),
        ("{as_of}.csv", HOUR, "2026-03-01T14.csv"),
        ("{as_of:%Y/%m/%d/%H}.csv", HOUR, "2026/03/01/14.csv"),
    ],
)
def test_weeks_and_hours_are_written_and_read_back(
    template: str, night: date, address: str
) -> None:
    assert fill(check_template(template), night) == address
    [(_, read)] = matching(template, [address])
    assert (read, type(read)) == (night, type(night))
    assert names_night(template, period_of(night))


def test_files_by_day_hold_many_hours_and_may_be_named_by_the_monday() -> None:
    template = "{as_of:%Y-%m-%d}.csv"
    assert not names_night(template, "hour")
    assert names_night(template, "week")
    assert fill(template, WEEK) == "2026-03-02.csv"


def test_an_hour_of_a_day_is_refused_or_all_its_rows_would_be_midnights() -> None:
    with pytest.raises(DataUnreadable, match="declare period='hour'"):
        fill("{as_of:%Y-%m-%d-%H}.csv", NIGHT)
