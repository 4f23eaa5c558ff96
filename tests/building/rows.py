"""Builders of nights of orders: equal arguments give equal rows."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tests.building.contract import SHOPS

START = date(2024, 1, 1)
ROWS = 40


def day(number: int) -> date:
    """The date of night `number`."""
    return START + timedelta(days=number)


def build_orders(number: int, rows: int = ROWS, shift: float = 0.0) -> pd.DataFrame:
    """The orders of night `number`; `shift` moves `amount` by so many sd."""
    draw = np.random.default_rng(1_000 + number)
    midnight = pd.Timestamp(day(number), tz="UTC")
    return pd.DataFrame(
        {
            "row_key": [f"{day(number)}-{order:04d}" for order in range(rows)],
            "event_time": [str(midnight + pd.Timedelta(minutes=order)) for order in range(rows)],
            "amount": draw.normal(loc=shift, size=rows).round(6),
            "hour": draw.integers(0, 24, size=rows).astype(float),
            "wait": draw.exponential(size=rows).round(6),
            "income": draw.normal(loc=50, scale=9, size=rows).round(6),
            "shop": draw.choice(SHOPS, size=rows),
        }
    )


def build_labels(number: int, orders: pd.DataFrame) -> pd.DataFrame:
    """Whether each order was returned: dear orders and those of the north more often."""
    draw = np.random.default_rng(2_000 + number)
    dear = orders["amount"].fillna(0).clip(-9, 9).to_numpy(dtype=np.float64)
    chance = 1 / (1 + np.exp(-2 * dear - (orders["shop"] == "north").to_numpy(dtype=np.float64)))
    returned = (draw.random(len(orders)) < chance).astype(int)
    return pd.DataFrame({"row_key": orders["row_key"], "returned": returned})


def build_vehicles(number: int, orders: pd.DataFrame) -> pd.DataFrame:
    """What each order is sent with: dear ones by van, those of the north by bike, no boat."""
    draw = np.random.default_rng(3_000 + number)
    dear = orders["amount"].to_numpy(dtype=np.float64)
    north = (orders["shop"] == "north").to_numpy(dtype=np.float64)
    odds = np.exp(np.stack([2 * dear, 2 * north, np.ones(len(orders))], axis=1))
    chosen = draw.random(len(orders))[:, None] < np.cumsum(odds, axis=1) / odds.sum(1)[:, None]
    vehicles = np.array(["van", "bike", "car"])[chosen.argmax(axis=1)]
    return pd.DataFrame({"row_key": orders["row_key"], "vehicle": vehicles})


def build_items(number: int, orders: pd.DataFrame) -> pd.DataFrame:
    """How many items each order has: dear ones more."""
    rate = np.exp(1 + orders["amount"].to_numpy(dtype=np.float64) / 2)
    items = np.random.default_rng(4_000 + number).poisson(rate)
    return pd.DataFrame({"row_key": orders["row_key"], "items": items})
