"""What a project counts in, and the name of one such period: its `as_of`, which says its own kind.

A day is a date, 2026-03-01; a week an ISO week, 2026-W10; an hour one of UTC, 2026-03-01T14. All
three are dates to Python, so that most code need not know which one it has. Rows and their times
are `tasks.core.local_time`, the clock is `flows.clock`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from schemas.errors import InvalidName

Period = Literal["day", "week", "hour"]
D = TypeVar("D", bound=date)

_LENGTHS: dict[Period, timedelta] = {
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "hour": timedelta(hours=1),
}
WRITTEN: dict[Period, str] = {
    "day": "a date as YYYY-MM-DD",
    "week": "a week such as 2026-W10, or the date of its Monday",
    "hour": "an hour of UTC such as 2026-03-01T14",
}


class Week(date):
    """An ISO week; as a date it is its Monday.

    >>> str(Week(2026, 3, 2)), f"{Week(2026, 3, 2):%d.%m.%Y}"
    ('2026-W10', '02.03.2026')
    """

    def isoformat(self) -> str:
        """The week as ISO 8601 writes it, which sorts like the weeks."""
        year, week, _ = self.isocalendar()
        return f"{year:04d}-W{week:02d}"

    __str__ = isoformat


class Hour(datetime):
    """An hour of UTC, without a zone: local clocks skip one in spring and repeat one in autumn.

    A plain date is compared with it as that day's first hour.
    """

    def isoformat(self, sep: str = "T", timespec: str = "hours") -> str:
        """Date and hour, such as 2026-03-01T14."""
        return super().isoformat(sep, "hours")

    def __str__(self) -> str:
        return self.isoformat()

    def __lt__(self, other: date) -> bool:
        return super().__lt__(_first_hour(other))

    def __le__(self, other: date) -> bool:
        return super().__le__(_first_hour(other))

    def __gt__(self, other: date) -> bool:
        return super().__gt__(_first_hour(other))

    def __ge__(self, other: date) -> bool:
        return super().__ge__(_first_hour(other))


def period_of(as_of: date) -> Period:
    """What kind of period it names."""
    return "hour" if isinstance(as_of, Hour) else "week" if isinstance(as_of, Week) else "day"


def shift(as_of: D, periods: int) -> D:
    """So many periods later, or earlier where negative.

    >>> str(shift(Week(2026, 12, 28), 1)), str(shift(Hour(2026, 3, 1, 23), 1))
    ('2027-W01', '2026-03-02T00')
    """
    return as_of + periods * _LENGTHS[period_of(as_of)]


def between(later: date, earlier: date) -> int:
    """How many periods the one is after the other, which is of the same kind.

    >>> between(Week(2026, 3, 30), Week(2026, 3, 2))
    4
    """
    return (later - earlier) // _LENGTHS[period_of(later)]


def periods(first: D, last: D) -> Iterator[D]:
    """Every one from the first to the last."""
    return (shift(first, n) for n in range(between(last, first) + 1))


def start_of(as_of: date, zone: str) -> datetime:
    """When it begins, as a UTC instant: days and weeks at midnight of the zone."""
    if isinstance(as_of, Hour):
        return datetime.combine(as_of, as_of.time(), UTC)
    return datetime.combine(as_of, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of(as_of: date, zone: str) -> datetime:
    """When it is over, and the next one begins."""
    return start_of(shift(as_of, 1), zone)


def holding(period: Period, instant: datetime, zone: str) -> date:
    """The period that an instant lies in."""
    if period == "hour":
        return _hour(instant.astimezone(UTC))
    local = instant.astimezone(ZoneInfo(zone))
    day = date(local.year, local.month, local.day)  # a run's clock has dates of its own kind
    return week_of(day) if period == "week" else day


def week_of(day: date) -> Week:
    """The week that a day lies in.

    >>> str(week_of(date(2027, 1, 3)))
    '2026-W53'
    """
    monday = day - timedelta(days=day.weekday())
    return Week(monday.year, monday.month, monday.day)


def within(period: Period, as_of: date, zone: str) -> tuple[date, ...]:
    """The periods of one kind that lie in this one, or that it lies in; the newest first."""
    if period_of(as_of) == period:
        return (as_of,)
    first, end = start_of(as_of, zone), end_of(as_of, zone)
    last = holding(period, end - timedelta.resolution, zone)
    return tuple(periods(holding(period, first, zone), last))[::-1]


def plain(as_of: date) -> date:
    """Its beginning as others know dates: a date, or for an hour a datetime of UTC without zone."""
    if isinstance(as_of, Hour):
        return datetime(as_of.year, as_of.month, as_of.day, as_of.hour)  # noqa: DTZ001
    return date(as_of.year, as_of.month, as_of.day)


def spoken(as_of: date, zone: str) -> str:
    """The period with its kind and where it counts, for messages.

    >>> spoken(Week(2026, 3, 2), "Europe/Berlin")
    'week 2026-W10 (from Monday 2026-03-02) in Europe/Berlin'
    """
    if isinstance(as_of, Hour):
        return f"hour {as_of} in UTC"
    if isinstance(as_of, Week):
        return f"week {as_of} (from Monday {as_of:%Y-%m-%d}) in {zone}"
    return f"night {as_of} in {zone}"


def brief(as_of: date) -> str:
    """A short name for pictures, where the year is clear.

    >>> brief(date(2026, 3, 1)), brief(Week(2026, 3, 2)), brief(Hour(2026, 3, 1, 14))
    ('1 Mar', 'W10', '1 Mar 14h')
    """
    if isinstance(as_of, Week):
        return f"{as_of:W%V}"
    return f"{as_of:%-d %b %Hh}" if isinstance(as_of, Hour) else f"{as_of:%-d %b}"


def parse(text: str) -> date:
    """The period of this name, whatever its kind.

    >>> parse("2026-03-01T14"), parse("2026-W10")
    (Hour(2026, 3, 1, 14, 0), Week(2026, 3, 2))

    Raises:
        ValueError: it names none.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d", text, re.ASCII):
        return _hour(datetime.fromisoformat(text))
    if re.fullmatch(r"\d{4}-W\d\d", text, re.ASCII):
        return week_of(date.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return date.fromisoformat(text)
    raise ValueError(f"{text[:80]!a} is no night: write {', or '.join(WRITTEN.values())}")


def counted_in(period: Period, as_of: date) -> date:
    """The night as one of a project that counts in these periods. A Monday names its week.

    Raises:
        InvalidName: it names another kind; the message says how to write it.
    """
    if period_of(as_of) == period:
        return as_of
    if period == "week" and period_of(as_of) == "day":
        week = week_of(as_of)
        if week == as_of:
            return week
        raise InvalidName(
            f"night {as_of} is refused: weeks are counted here, and it is a {as_of:%A}; write "
            f"{week}, or its Monday {week:%Y-%m-%d}"
        )
    raise InvalidName(
        f"night {as_of} is refused: {period}s are counted here; write {WRITTEN[period]}"
    )


def _validated(value: object) -> date:
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, date) and (isinstance(value, Hour) or not isinstance(value, datetime)):
        return value
    raise ValueError("a night is a date, a week or an hour")


AsOf = Annotated[
    date,
    PlainValidator(_validated),
    PlainSerializer(lambda night: night.isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A period's name in records and forms."""


def _first_hour(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def _hour(when: datetime) -> Hour:
    return Hour(when.year, when.month, when.day, when.hour)
