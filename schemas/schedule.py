"""What a project counts in, when its runs are due, and when data is late no longer.

The periods themselves are `schemas.period`; asking the clock is `flows.clock`.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, model_validator

from schemas.period import Period, end_of, shift
from schemas.zone import Zone

OfDay = Annotated[int, Field(ge=0, le=23)]
OfHour = Annotated[int, Field(ge=0, le=59)]


class Schedule(BaseModel):
    """The part of a project that says when."""

    timezone: Zone = Field(description="IANA name of the zone in which nights are counted")
    period: Period = Field(
        default="day",
        description="what a night is: a calendar day, an ISO week, or an hour of UTC; every number "
        "of nights counts these",
    )
    hours: tuple[OfDay, ...] = Field(
        default=(2,),
        min_length=1,
        description="local hours of the nightly runs; of weeks, those of the Monday after",
    )
    minutes: tuple[OfHour, ...] = Field(
        default=(10,), min_length=1, description="where hours are counted: minutes of their runs"
    )
    deadline: OfDay | None = Field(
        default=None,
        description="local hour after which no data is late, 12 unless said; where hours are "
        "counted, so many after the end, 2 unless said",
    )

    @property
    def cron(self) -> str:
        """When its runs are due, by the zone's clock.

        >>> Schedule(timezone="Europe/Vienna", period="week", hours=(6, 9)).cron
        '0 6,9 * * 1'
        """
        if self.period == "hour":
            return f"{_listed(self.minutes)} * * * *"
        return f"0 {_listed(self.hours)} * * {'1' if self.period == 'week' else '*'}"

    @property
    def search_cron(self) -> str:
        """When it is looked whether a search is due: Sundays, two hours after the last run.

        >>> Schedule(timezone="Europe/Vienna", hours=(6, 22)).search_cron
        '0 0 * * 0'
        """
        return f"0 {(self.hours[-1] + 2) % 24} * * 0"

    def deadline_of(self, as_of: date) -> datetime:
        """From when on data of this night counts as missing, no longer as not yet there."""
        if self.period == "hour":
            hours = 2 if self.deadline is None else self.deadline
            return end_of(as_of, self.timezone) + timedelta(hours=hours)
        hour = time(12 if self.deadline is None else self.deadline)
        return datetime.combine(shift(as_of, 1), hour, ZoneInfo(self.timezone))

    @model_validator(mode="after")
    def _runs_by_what_it_counts(self) -> Self:
        unused = "hours" if self.period == "hour" else "minutes"
        if unused in self.model_fields_set:
            other = "minutes" if self.period == "hour" else "hours"
            raise ValueError(
                f"{unused}= says nothing where {self.period}s are counted: declare {other}="
            )
        return self


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
