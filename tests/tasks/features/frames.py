"""Frames for the feature steps' tests, built by name."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

CARRIERS, DESTINATIONS = ("AA", "B6", "UA"), ("BOS", "IAH", "LAX")


def make_flights(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """Flights whose aircraft depend on carrier and destination; a quarter has no aircraft."""
    rng = np.random.default_rng(seed)
    carrier, dest = rng.integers(3, size=rows), rng.integers(3, size=rows)
    seats = 100.0 + 50 * carrier + 10 * dest + rng.integers(4, size=rows)
    has_none = rng.random(rows) < 0.25
    times = pd.Timestamp("2013-03-08", tz="UTC") + pd.to_timedelta(np.arange(rows) * 37, unit="min")
    return pd.DataFrame(
        {
            "row_key": [f"{seed}|{number}" for number in range(rows)],
            "event_time": times.as_unit("us"),
            "carrier": pd.array(np.take(CARRIERS, carrier), dtype="str"),
            "dest": pd.array(np.take(DESTINATIONS, dest), dtype="str"),
            "distance": rng.uniform(100, 3000, rows),
            "seats": np.where(has_none, np.nan, seats),
            "year_built": np.where(has_none, np.nan, seats + 1850),
            "late": (rng.random(rows) < 0.1 + 0.2 * carrier).astype(np.float64),
        }
    )


def make_words(*words: str | None) -> pd.DataFrame:
    return pd.DataFrame({"carrier": pd.array(list(words), dtype="str")})


def make_times(*utc: str) -> pd.DataFrame:
    return pd.DataFrame({"event_time": pd.to_datetime(pd.Series(list(utc)), utc=True)})


def make_seats(carriers: str, seats: Sequence[float | None]) -> pd.DataFrame:
    """One row a letter: its carrier, and the seats of its aircraft."""
    frame = pd.DataFrame({"carrier": list(carriers), "seats": np.array(seats, dtype=np.float64)})
    return frame.assign(row_key=[f"k{number}" for number in range(len(frame))])
