"""The data contract of a team: one sale a row."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column


class Sales(pa.DataFrameModel):
    """One sale a row."""

    sale: Series[str] = column("key", meaning="number of the sale", unique=True)
    sold_at: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column("time", meaning="when")
    price: Series[float] = column("feature", meaning="price", unit="euro", ge=0)
    returned: Series[float] = column("target", meaning="1 when it came back", isin=(0.0, 1.0))
