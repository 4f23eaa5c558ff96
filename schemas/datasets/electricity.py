"""The data contract of the New South Wales electricity market, one half-hour a row.

All values but the time were scaled to 0..1 by the data set's authors.
"""

from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column


def _scaled(meaning: str) -> Any:
    return column("feature", meaning=meaning, unit="share of the largest value", ge=0, le=1)


class Electricity(pa.DataFrameModel):
    """One half-hour of trading a row, as known when it ends."""

    row_key: Series[str] = column("key", meaning="the half-hour, in market time", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", meaning="start of the half-hour, as an instant"
    )
    day: Series[float] = column("ignored", meaning="day of the week, 1 to 7", ge=1, le=7)
    period: Series[float] = column("ignored", meaning="share of the day gone", ge=0, le=1)
    nswprice: Series[float] = _scaled("price in New South Wales")
    nswdemand: Series[float] = _scaled("demand in New South Wales")
    vicprice: Series[float] = _scaled("price in Victoria; constant until 5 May 1997")
    vicdemand: Series[float] = _scaled("demand in Victoria; constant until 5 May 1997")
    transfer: Series[float] = _scaled(
        "planned transfer between the states; constant until 5 May 1997"
    )
    class_: Series[float] = column(
        "target",
        alias="class",
        meaning="1 when the price is above its mean of the last 24 hours",
        isin=(0.0, 1.0),
    )
