"""A sample with everything that `driftloop new` looks for; equal arguments give equal rows."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST = date(2026, 1, 5)
LATE = 3  # newest nights without labels


def build_sales(nights: int = 30, rows: int = 40) -> pd.DataFrame:
    """Sales as text and numbers: ids, units, sentinels, a leak, personal columns, late labels."""
    draw = np.random.default_rng(11)
    size = nights * rows
    day = np.repeat(np.arange(nights), rows)
    second = draw.integers(0, 86_400, size)
    price = draw.gamma(2, 30, size).round(2)
    returned = (draw.random(size) < 1 / (1 + np.exp((60 - price) / 15))).astype(float)
    is_late = day >= nights - LATE
    at = [
        f"{FIRST + timedelta(days=int(d))}T{s // 3600:02}:{s % 3600 // 60:02}:{s % 60:02}"
        for d, s in zip(day, second, strict=True)
    ]
    return pd.DataFrame(
        {
            "sale": np.arange(size) + 10_001,
            "sold_at": at,
            "price_eur": np.where(draw.random(size) < 0.03, -999.0, price),
            "temp_f": [str(x) for x in np.where(draw.random(size) < 0.05, "n/a", price.round(1))],
            "shop": draw.choice(["Wien", "wien ", "Graz", "Linz"], size),
            "customer_id": draw.integers(1, 5_000, size),
            "email": [f"user{number}@example.com" for number in draw.integers(0, 10**6, size)],
            "refund": pd.Series("broken", range(size)).where(~is_late & (returned == 1)),
            "version": "v1",
            "returned": np.where(is_late, np.nan, returned),
        }
    )
