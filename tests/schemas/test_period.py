"""Days, weeks and hours by name: parsed, printed, counted, and as instants in any zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.errors import InvalidName
from schemas.names import check_night
from schemas.period import (
    AsOf,
    Hour,
    Week,
    between,
    counted_in,
    end_of,
    holding,
    parse,
    period_of,
    periods,
    plain,
    shift,
    start_of,
    week_of,
    within,
)

BERLIN = "Europe/Berlin"
DAY, WEEK, HOUR = date(2026, 3, 1), Week(2026, 3, 2), Hour(2026, 3, 1, 14)
NAMES = {"2026-03-01": DAY, "2026-W10": WEEK, "2026-03-01T14": HOUR}


@pytest.mark.parametrize(("name", "night"), NAMES.items())
def test_a_name_is_parsed_and_printed_back(name: str, night: date) -> None:
    assert (parse(name), type(parse(name))) == (night, type(night))
    assert (str(night), f"{night}", night.isoformat()) == (name, name, name)


@pytest.mark.parametrize(("name", "night"), NAMES.items())
def test_a_record_keeps_its_kind(name: str, night: date) -> None:
    adapter = TypeAdapter(tuple[AsOf | None, ...])
    assert adapter.dump_python((night, None), mode="json") == [name, None]
    read = adapter.validate_python([name, night])
    assert [(one, type(one)) for one in read] == [(night, type(night))] * 2


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-1",
        "2026-W54",
        "2026-03-01T24",
        "2026-03-01T14:00",
        "2026-03-01 14",
        "٢٠٢٦-03-01",
    ],
)
def test_another_text_is_no_night(text: str) -> None:
    with pytest.raises(InvalidName, match="is refused: write a date as YYYY-MM-DD, or a week"):
        check_night(text)
    with pytest.raises(ValidationError):
        TypeAdapter(AsOf).validate_python(text)


def test_a_mere_datetime_is_no_night() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AsOf).validate_python(datetime(2026, 3, 1, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    ("period", "name", "message"),
    [
        ("day", "2026-W10", "days are counted here; write a date as YYYY-MM-DD"),
        ("week", "2026-03-03", "it is a Tuesday; write 2026-W10, or its Monday 2026-03-02"),
        ("week", "2026-03-01T14", "weeks are counted here; write a week such as 2026-W10"),
        ("hour", "2026-03-01", "hours are counted here; write an hour of UTC such as 2026"),
    ],
)
def test_a_night_of_another_kind_is_refused_with_how_to_write_it(
    period: str, name: str, message: str
) -> None:
    with pytest.raises(InvalidName, match=message):
        check_night(name, period)  # type: ignore[arg-type]  # a str of the three


def test_a_monday_names_its_week() -> None:
    assert period_of(counted_in("week", date(2026, 3, 2))) == "week"


@pytest.mark.parametrize("night", [DAY, WEEK, HOUR])
def test_steps_and_distances_agree_and_keep_the_kind(night: date) -> None:
    for number in (-60, -1, 0, 1, 9000):
        later = shift(night, number)
        assert (between(later, night), type(later)) == (number, type(night))
    assert len([*periods(night, shift(night, 3))]) == 4
    assert [*periods(night, shift(night, -1))] == []


def test_weeks_of_a_year_sort_as_they_are_written() -> None:
    weeks = [*periods(Week(2026, 1, 5), Week(2028, 2, 7))]
    assert sorted(map(str, weeks)) == [*map(str, weeks)]
    assert "2026-W53" in map(str, weeks)
    assert week_of(date(2027, 1, 3)) == Week(2026, 12, 28)


def test_hours_are_in_order_with_dates() -> None:
    assert [*sorted([date.max, HOUR, date.min])] == [date.min, HOUR, date.max]
    assert date(2026, 3, 2) > HOUR
    assert date(2026, 3, 1) <= HOUR
    assert max([HOUR, shift(HOUR, 1)], default=date.min) == shift(HOUR, 1)


@pytest.mark.parametrize(
    ("night", "zone", "hours"),
    [
        (date(2026, 3, 29), BERLIN, 23),
        (date(2026, 10, 25), BERLIN, 25),
        (Week(2026, 3, 23), BERLIN, 167),
        (Week(2026, 10, 19), BERLIN, 169),
        (Hour(2026, 3, 29, 1), BERLIN, 1),
        (Hour(2026, 10, 25, 0), BERLIN, 1),
    ],
)
def test_a_night_is_as_long_as_its_zones_clock_makes_it(night: date, zone: str, hours: int) -> None:
    assert end_of(night, zone) - start_of(night, zone) == timedelta(hours=hours)


@pytest.mark.parametrize("change", [(2026, 3, 28), (2026, 10, 24)], ids=["spring", "autumn"])
def test_every_instant_lies_in_exactly_one_period(change: tuple[int, int, int]) -> None:
    for minutes in range(0, 72 * 60, 30):
        instant = datetime(*change, tzinfo=UTC) + timedelta(minutes=minutes)
        for period in ("day", "week", "hour"):
            night = holding(period, instant, BERLIN)
            assert start_of(night, BERLIN) <= instant < end_of(night, BERLIN)
            assert end_of(night, BERLIN) == start_of(shift(night, 1), BERLIN)


def test_hours_lie_within_the_local_day_and_a_day_in_its_week() -> None:
    hours = within("hour", date(2026, 10, 25), BERLIN)
    assert (len(hours), str(hours[0]), str(hours[-1])) == (25, "2026-10-25T22", "2026-10-24T22")
    assert within("week", date(2026, 3, 8), BERLIN) == (WEEK,)
    assert within("day", DAY, BERLIN) == (DAY,)


def test_others_know_it_as_a_date_or_a_datetime() -> None:
    assert [type(plain(night)) for night in NAMES.values()] == [date, date, datetime]
    assert plain(HOUR).isoformat() == "2026-03-01T14:00:00"
