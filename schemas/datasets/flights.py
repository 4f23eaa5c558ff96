"""The data contract of flights out of New York, as known at their scheduled departure.

How the three feeds become these columns is `tasks.sources.flights`.
"""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column

AIRPORTS = ("EWR", "JFK", "LGA")

_FEED = "timetable feed"
_WEATHER = "weather feed"
_REGISTER = "aircraft register"
_MINUTES = "minutes after local midnight"


class Flights(pa.DataFrameModel):
    """One scheduled departure a row. Nulls are allowed where nature has them.

    Ranges are what is physically possible, wide enough for any unit a feed may change to without
    becoming nonsense: a change of unit is for the fault rule to find, not for the contract.
    """

    row_key: Series[str] = column(
        "key",
        meaning="night|carrier|flight|origin|dest|planned departure",
        owner=_FEED,
        unique=True,
    )
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", meaning="planned departure, as an instant", owner=_FEED
    )

    carrier: Series[str] = column(
        "feature", meaning="IATA code of the airline", owner=_FEED, str_matches=r"^[A-Z0-9]{2}$"
    )
    flight: Series[str] = column(
        "ignored", meaning="flight number", owner=_FEED, str_matches=r"^[0-9]{1,4}$"
    )
    tailnum: Series[str] = column(
        "ignored",
        meaning="registration of the aircraft; missing on cancelled flights only, so a leak",
        owner=_FEED,
        nullable=True,
    )
    origin: Series[str] = column(
        "feature", meaning="airport of departure", owner=_FEED, isin=AIRPORTS
    )
    dest: Series[str] = column(
        "feature", meaning="airport of arrival", owner=_FEED, str_matches=r"^[A-Z0-9]{3}$"
    )
    sched_dep_time: Series[float] = column(
        "feature", meaning="planned departure", unit=_MINUTES, owner=_FEED, ge=0, le=1439
    )
    sched_arr_time: Series[float] = column(
        "feature",
        meaning="planned arrival, on the clock of its airport",
        unit=_MINUTES,
        owner=_FEED,
        ge=0,
        le=1439,
    )
    distance: Series[float] = column(
        "feature", meaning="length of the route", unit="miles", owner=_FEED, gt=0, le=12_500
    )

    temp: Series[float] = column(
        "feature",
        meaning="air temperature at origin in the hour of departure",
        unit="degrees Fahrenheit",
        owner=_WEATHER,
        ge=-100,
        le=150,
        nullable=True,
    )
    dewp: Series[float] = column(
        "feature",
        meaning="dew point",
        unit="degrees Fahrenheit",
        owner=_WEATHER,
        ge=-100,
        le=110,
        nullable=True,
    )
    humid: Series[float] = column(
        "feature",
        meaning="relative humidity",
        unit="percent",
        owner=_WEATHER,
        ge=0,
        le=100,
        nullable=True,
    )
    wind_dir: Series[float] = column(
        "feature",
        meaning="direction the wind comes from; null when it varies",
        unit="degrees",
        owner=_WEATHER,
        ge=0,
        le=360,
        nullable=True,
    )
    wind_speed: Series[float] = column(
        "feature",
        meaning="wind speed",
        unit="miles per hour",
        owner=_WEATHER,
        ge=0,
        le=250,
        nullable=True,
    )
    precip: Series[float] = column(
        "feature",
        meaning="precipitation in the hour",
        unit="inches",
        owner=_WEATHER,
        ge=0,
        le=20,
        nullable=True,
    )
    pressure: Series[float] = column(
        "feature",
        meaning="air pressure at sea level",
        unit="millibars",
        owner=_WEATHER,
        ge=850,
        le=1100,
        nullable=True,
    )
    visib: Series[float] = column(
        "feature",
        meaning="visibility; stations report at most 10 miles",
        unit="miles",
        owner=_WEATHER,
        ge=0,
        le=100,
        nullable=True,
    )

    year_built: Series[float] = column(
        "feature",
        meaning="year of manufacture of the aircraft",
        unit="year",
        owner=_REGISTER,
        ge=1903,
        le=2100,
        nullable=True,
    )
    seats: Series[float] = column(
        "feature", meaning="seats", unit="seats", owner=_REGISTER, ge=1, le=900, nullable=True
    )
    engines: Series[float] = column(
        "feature", meaning="engines", unit="engines", owner=_REGISTER, ge=1, le=8, nullable=True
    )
    engine: Series[str] = column(
        "ignored", meaning="kind of engine", owner=_REGISTER, nullable=True
    )
    manufacturer: Series[str] = column(
        "ignored", meaning="manufacturer of the aircraft", owner=_REGISTER, nullable=True
    )

    late: Series[float] = column(
        "target",
        meaning="1 when it arrived more than 15 minutes late, or not at all",
        owner="arrivals feed",
        isin=(0.0, 1.0),
    )
