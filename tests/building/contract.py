"""The data contract of the tests' shop, and what may become of it: four numbers, one category."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column

SHOPS = ("east", "north", "south")


class OrdersWithoutLabel(pa.DataFrameModel):
    """One order a row. Ranges leave room for a feed that changes its unit."""

    row_key: Series[str] = column("key", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column("time")
    amount: Series[float] = column("feature", nullable=True)
    hour: Series[float] = column(
        "feature", meaning="hour of the order", owner="the web shop", ge=0, le=23
    )
    wait: Series[float] = column("feature", ge=0, nullable=True)
    income: Series[float] = column("feature", sensitive=True, nullable=True)
    shop: Series[str] = column("feature", nullable=True)


class Orders(OrdersWithoutLabel):
    """Whether it is returned."""

    returned: Series[float] = column("target")


class OrdersWithVisits(Orders):
    """The contract after somebody added a column."""

    visits: Series[float] = column("feature", ge=0)


class OrdersWithoutWait(pa.DataFrameModel):
    """The contract after somebody dropped a column."""

    row_key: Series[str] = column("key", unique=True)
    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column("time")
    amount: Series[float] = column("feature", nullable=True)
    hour: Series[float] = column("feature", ge=0, le=23)
    income: Series[float] = column("feature", sensitive=True, nullable=True)
    shop: Series[str] = column("feature", nullable=True)
    returned: Series[float] = column("target")


class OrdersWithPatience(OrdersWithoutWait):
    """The contract after a column was renamed, and counts seconds now, not minutes."""

    patience: Series[float] = column("feature", ge=0, unit="seconds", nullable=True)


class OrdersAtAnyHour(Orders):
    """The contract after a range was widened."""

    hour: Series[float] = column("feature", ge=0, le=99)


class OrdersInTheMorning(Orders):
    """The contract after a range was narrowed."""

    hour: Series[float] = column("feature", ge=0, le=11)


class OrdersWithNamedHours(Orders):
    """The contract after a column became words."""

    hour: Series[str] = column("feature")


class OrdersInPlainTypes(Orders):
    """The contract in Python's own types; orders are numbered."""

    row_key: Series[int] = column("key", unique=True)
    hour: Series[int] = column("feature", ge=0, le=23)
    is_first: Series[bool] = column("feature")


class OrdersByTheClock(Orders):
    """The contract of a feed that writes its times as a clock in New York shows them."""

    event_time: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]] = column(
        "time", zone="America/New_York"
    )


class OrdersAllKept(Orders):
    """The contract of a shop that takes nothing back, and tells nobody whether it did."""

    returned: Series[float] = column("target", eq=0.0, sensitive=True)


class OrdersOfCustomers(Orders):
    """The contract of a shop that knows whose order it is, of most."""

    customer: Series[str] = column("ignored", nullable=True)


class OrdersByVehicle(OrdersWithoutLabel):
    """What an order is sent with. A boat is declared and rare."""

    vehicle: Series[str] = column("target", isin=["van", "bike", "car", "boat"])


class OrdersOfItems(OrdersWithoutLabel):
    """How many items an order has, and how long its customer waited, which nobody forgets."""

    wait: Series[float] = column("feature", ge=0)
    items: Series[int] = column("target")
