"""Public holidays and how far away they are. Hours and weekdays are `tasks.features.calendar`."""

from typing import Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from schemas.project import FeatureStep, Matrix, State
from schemas.zone import Zone
from tasks.core.local_time import local_days
from tasks.features.numbers import to_float32

AHEAD = 2


class Holidays(FeatureStep):
    """`is_holiday`, `days_to_holiday` and `days_since_holiday`, 0 on the day itself.

    For what people do. Not for a history of less than a year: each holiday is then seen once or
    never. The days are kept with the model, so that it knows them as it was trained, up to two
    years after its last training row; rows of other years are null. Some fifty dates a year.
    """

    zone: Zone = Field(description="IANA name of the zone in which days are counted")
    country: str = Field(description="ISO 3166 code, such as US")
    subdivision: str | None = Field(default=None, description="state or province, such as NY")
    column: str = "event_time"
    cap: int = Field(default=30, ge=1, description="days from which on all are equally far")

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        try:
            _days(self.country, self.subdivision, 2000, 2000)
        except NotImplementedError as error:
            raise ValueError(f"{error}: use the codes that the package holidays knows") from error
        return self

    def reads(self) -> frozenset[str]:
        """The column of times."""
        return frozenset((self.column,))

    def fit(self, frame: pd.DataFrame) -> State:
        """The years from the first training row on, and their holidays with those around them."""
        days = local_days(frame[self.column], self.zone)
        days = days[~np.isnat(days)]
        if not len(days):
            return {"first": 1, "last": 0, "days": []}
        first, last = _year(days.min()), _year(days.max()) + AHEAD
        known = _days(self.country, self.subdivision, first - 1, last + 1)
        return {"first": first, "last": last, "days": known}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """Three columns."""
        days = local_days(frame[self.column], self.zone)
        known = np.array(state["days"], dtype="datetime64[D]").astype(np.int64)
        after = np.searchsorted(known, days.astype(np.int64), side="left")
        before = np.searchsorted(known, days.astype(np.int64), side="right") - 1
        far = 10**6
        padded = np.concatenate([[-far], known, [far]])
        until = np.minimum(padded[after + 1] - days.astype(np.int64), self.cap)
        since = np.minimum(days.astype(np.int64) - padded[before + 1], self.cap)
        made = np.stack([until == 0, until, since], axis=1).astype(np.float64)
        year = days.astype("datetime64[Y]").astype(np.int64) + 1970
        is_known = (state["first"] <= year) & (year <= state["last"]) & ~np.isnat(days)
        made[~is_known] = np.nan
        names = ("is_holiday", "days_to_holiday", "days_since_holiday")
        return Matrix(names, ("number", "number", "number"), to_float32(made))


def _days(country: str, subdivision: str | None, first: int, last: int) -> list[str]:
    """Holidays of these years as dates, in order."""
    from holidays import country_holidays

    found = country_holidays(country, subdiv=subdivision, years=range(first, last + 1))
    return [day.isoformat() for day in sorted(found)]


def _year(day: np.datetime64) -> int:
    return int(day.astype("datetime64[Y]").astype(np.int64)) + 1970
