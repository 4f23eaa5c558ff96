"""Builders of nights for the tests of monitoring: features without drift, losses with a date."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from schemas.monitoring import ColumnKind, NightLoss

KINDS: dict[str, ColumnKind] = {"amount": "number", "hour": "number", "shop": "category"}


def day(number: int) -> date:
    """The date of night `number`."""
    return date(2026, 1, 1) + timedelta(days=number)


def build_night(
    seed: int, rows: int = 200, shift: float = 0.0, shops: str = "aabbc"
) -> pd.DataFrame:
    """A night of independent rows; `shift` moves `amount` by so many sd."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "amount": draw.normal(loc=shift, size=rows),
            "hour": draw.integers(0, 24, size=rows),
            "shop": pd.Series(draw.choice(list(shops), size=rows), dtype="str"),
            "sold": draw.integers(0, 2, size=rows),
        }
    )


def build_nights(
    count: int, rows: int | Iterable[int] = 200, seed: int = 0
) -> list[tuple[date, pd.DataFrame]]:
    """Nights without drift; `rows` of all of them, or of each in turn."""
    sizes = [rows] * count if isinstance(rows, int) else list(rows)
    return [
        (day(number), build_night(seed + 10_000 + number, sizes[number % len(sizes)]))
        for number in range(count)
    ]


def build_losses(losses: Iterable[float], rows: int = 100, start: int = 0) -> list[NightLoss]:
    """One night a loss, in order."""
    return [
        NightLoss(as_of=day(start + number), rows=rows, loss=float(loss))
        for number, loss in enumerate(losses)
    ]
