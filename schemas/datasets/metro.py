"""The data contract of traffic on Interstate 94 west of Minneapolis, one hour a row."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column


class Metro(pa.DataFrameModel):
    """One hour a row, with the weather at its beginning."""

    row_key: Series[str] = column("key", meaning="the hour, in local time", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", meaning="start of the hour, as an instant"
    )
    holiday: Series[str] = column(
        "ignored", meaning="name of the holiday, in the first hour of its day only", nullable=True
    )
    temp: Series[float] = column(
        "feature", meaning="air temperature", unit="kelvin", ge=200, le=330, nullable=True
    )
    rain_1h: Series[float] = column(
        "feature", meaning="rain in the hour", unit="mm", ge=0, le=305
    )  # more has never fallen in an hour
    snow_1h: Series[float] = column("feature", meaning="snow in the hour", unit="mm", ge=0, le=500)
    clouds_all: Series[float] = column(
        "feature", meaning="cloud cover", unit="percent", ge=0, le=100
    )
    weather_main: Series[str] = column("feature", meaning="weather in a word")
    weather_description: Series[str] = column("feature", meaning="weather in a few words")
    traffic_volume: Series[float] = column(
        "target", meaning="vehicles westbound in the hour", unit="vehicles", ge=0
    )
