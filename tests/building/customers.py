"""Nights whose orders have customers, each of which keeps to a mind of its own."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from schemas.judgement import Judgement
from schemas.model import Card
from tasks.core.held_out import is_held_out
from tasks.store import keys
from tests.building.fixtures import YOUNG
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


def begin(world: World, change: Change | None = None, customers: int = 60) -> World:
    """A history, and the night that makes the first champion if it can."""
    world.declare(GROUPED)
    for number in range(YOUNG + 1):
        deliver_customers(world, number, change, customers)
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    return world


def live(world: World, first: int, last: int) -> None:
    """Usual nights, from `first` to `last`."""
    for number in range(first, last + 1):
        deliver_customers(world, number)
        world.night(number)


def first_of(world: World) -> Judgement:
    """The attempt at the first champion."""
    judgement = world.judgements()[0]
    assert judgement.challenger is not None
    assert judgement.contest is not None
    return judgement


def card_of(world: World) -> Card:
    return world.store.record(keys.card(NAME, world.champion or ""), Card)
