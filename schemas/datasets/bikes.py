"""The data contract of Capital Bikeshare in Washington, one hour a row.

Rides by casual and by registered riders sum to the target: they are no columns here.
"""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column

_FLAG = (0.0, 1.0)


class Bikes(pa.DataFrameModel):
    """One hour a row: the calendar, and the weather as measured in it."""

    row_key: Series[str] = column("key", meaning="the hour, in local time", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", meaning="start of the hour, as an instant"
    )
    season: Series[float] = column(
        "ignored",
        meaning="1 winter to 4 autumn",
        ge=1,
        le=4,
    )
    yr: Series[float] = column("ignored", meaning="years since 2011", ge=0)
    mnth: Series[float] = column("ignored", meaning="month", ge=1, le=12)
    hr: Series[float] = column("ignored", meaning="hour of the day", ge=0, le=23)
    weekday: Series[float] = column("ignored", meaning="day of the week, 0 is Sunday", ge=0, le=6)
    holiday: Series[float] = column("feature", meaning="1 on a public holiday", isin=_FLAG)
    workingday: Series[float] = column(
        "feature", meaning="1 on neither weekend nor holiday", isin=_FLAG
    )
    weathersit: Series[float] = column(
        "feature", meaning="weather from 1 clear to 4 heavy rain or snow", isin=(1.0, 2.0, 3.0, 4.0)
    )
    temp: Series[float] = column(
        "feature", meaning="air temperature", unit="share of 41 °C", ge=-1, le=1.5
    )
    atemp: Series[float] = column(
        "feature", meaning="temperature as it feels", unit="share of 50 °C", ge=-1, le=1.5
    )
    hum: Series[float] = column("feature", meaning="relative humidity", unit="share", ge=0, le=1)
    windspeed: Series[float] = column(
        "feature", meaning="wind speed", unit="share of 67 km/h", ge=0, le=3
    )
    cnt: Series[float] = column("target", meaning="bikes rented in the hour", unit="rides", ge=0)
