"""Nights whose orders have customers, each of which keeps to a mind of its own."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from tasks.core.held_out import is_held_out
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders
from tests.building.world import World

GROUPED = "contract=OrdersOfCustomers, groups='customer'"
CUSTOMERS = 60

Change = Callable[[int, pd.DataFrame], pd.DataFrame]
"""The rows of a night, with `customer` and `returned`, into others."""


def build_customers(number: int, customers: int = CUSTOMERS) -> pd.DataFrame:
    """The usual orders of a night and their labels, each order by one of the customers."""
    orders = build_orders(number)
    drawn = np.random.default_rng(3_000 + number).integers(0, customers, len(orders))
    return orders.assign(
        customer=[f"c{one:03d}" for one in drawn],
        returned=build_labels(number, orders)["returned"],
    )


def deliver_customers(
    world: World, number: int, change: Change | None = None, customers: int = CUSTOMERS
) -> pd.DataFrame:
    """Deliver such a night with its labels."""
    rows = build_customers(number, customers)
    rows = change(number, rows) if change else rows
    world.deliver(number, rows.drop(columns="returned"))
    world.label(number, rows[["row_key", "returned"]])
    return rows


def held_out(rows: pd.DataFrame) -> np.ndarray:
    """Which orders are of held-out customers."""
    return is_held_out(rows["customer"], NAME)


def flip(rows: pd.DataFrame, which: np.ndarray) -> pd.DataFrame:
    """The rows with the other label where `which` says so."""
    other = np.where(which, 1 - rows["returned"], rows["returned"])
    return rows.assign(returned=other)
