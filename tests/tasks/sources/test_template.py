"""Addresses with a night in them: written for a night, and read back."""

from datetime import date

import pytest

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
