"""The data contract of air quality in Beijing, one station and hour a row."""

from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column

_HALVES = (
    ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    ("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
_WINDS = [wind for half in _HALVES for wind in half]


def _gas(meaning: str, most: float) -> Any:
    return column("feature", meaning=meaning, unit="µg/m³", ge=0, le=most, nullable=True)


class Beijing(pa.DataFrameModel):
    """One station and hour a row. Instruments fail: what they measure may be null."""

    row_key: Series[str] = column("key", meaning="station|hour in local time", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", meaning="start of the hour, as an instant"
    )
    station: Series[str] = column("feature", meaning="name of the station")
    PM10: Series[float] = _gas("particles up to 10 µm", 2_000)
    SO2: Series[float] = _gas("sulphur dioxide", 2_000)
    NO2: Series[float] = _gas("nitrogen dioxide", 1_000)
    CO: Series[float] = _gas("carbon monoxide", 20_000)
    O3: Series[float] = _gas("ozone", 2_000)
    TEMP: Series[float] = column(
        "feature", meaning="air temperature", unit="°C", ge=-60, le=60, nullable=True
    )
    PRES: Series[float] = column(
        "feature", meaning="air pressure", unit="hPa", ge=850, le=1_100, nullable=True
    )
    DEWP: Series[float] = column(
        "feature", meaning="dew point", unit="°C", ge=-80, le=40, nullable=True
    )
    RAIN: Series[float] = column(
        "feature", meaning="rain in the hour", unit="mm", ge=0, le=305, nullable=True
    )
    wd: Series[str] = column(
        "feature", meaning="direction the wind comes from", isin=_WINDS, nullable=True
    )
    WSPM: Series[float] = column(
        "feature", meaning="wind speed", unit="m/s", ge=0, le=120, nullable=True
    )
    pm25: Series[float] = column(
        "target", meaning="particles up to 2.5 µm", unit="µg/m³", ge=0, le=2_000
    )
