"""Histograms of one column over many nights, distances between them, and the distance of chance.

What distance is too much is `tasks.core.drift`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.monitoring import ColumnKind

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

BINS = 40
# Stands for infinity, which JSON cannot hold.
FAR = 1e300
# Mean and sd of sqrt(n) * D under the Kolmogorov distribution.
KOLMOGOROV = (0.8687, 0.2604)


def as_floats(values: "pd.Series[Any]") -> Floats:
    """The values as float64, nulls as NaN; True counts as 1, infinity as very far out."""
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.clip(numbers, -FAR, FAR))


def as_texts(values: "pd.Series[Any]") -> "pd.Series[str]":
    """The values as text whatever their dtype; nulls stay nulls."""
    return values.astype("str")


def quantile_edges(values: Floats) -> Floats:
    """Upper edges of up to 40 bins of equal mass; `values` has no NaN and at least one row.

    The first edge lies just below the least value, so that a mass of equal least values (rain is
    mostly 0) is told from anything that arrives below it.
    """
    levels = np.arange(1, BINS) / BINS
    edges = np.quantile(values, levels, method="inverted_cdf")
    return np.unique(np.append(edges, np.nextafter(values.min(), -np.inf)))


def number_codes(values: Floats, edges: Floats) -> Codes:
    """The bin of each value, 0 to len(edges)."""
    return np.searchsorted(edges, values, side="left")


def category_codes(values: "pd.Series[str]", categories: Sequence[str]) -> Codes:
    """The position of each value in `categories`; len(categories) where it is none of them."""
    codes = pd.Index(list(categories), dtype="str").get_indexer(pd.Index(values))
    return np.where(codes < 0, len(categories), codes)


def count_by_night(codes: Codes, nights: Codes, shape: tuple[int, int]) -> Floats:
    """Counts of shape (nights, bins) of values with bin `codes` on nights numbered `nights`."""
    flat = np.bincount(nights * shape[1] + codes, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def distance_between(kind: ColumnKind, left: Floats, right: Floats) -> Floats:
    """KS distance of numbers or total variation of categories, 0 to 1, along the last axis.

    NaN where either side has no values at all.
    """
    with np.errstate(invalid="ignore"):
        gap = left / left.sum(-1, keepdims=True) - right / right.sum(-1, keepdims=True)
    if kind == "category":
        return np.asarray(0.5 * np.abs(gap).sum(-1))
    return np.asarray(np.abs(gap.cumsum(-1)).max(-1))


def distance_of_chance(kind: ColumnKind, counts: Floats) -> tuple[float, float]:
    """Mean and sd of the distance of one independent row; both fall with 1 / sqrt(rows).

    Total variation: half the sum of the mean absolute errors of normal shares, the sd corrected so
    that it is exact for two bins. KS: Kolmogorov's distribution, or the total variation where that
    is less, because KS never exceeds it (numbers of few values).
    """
    share = counts[counts > 0] / counts.sum()
    variance = share * (1 - share)
    mean = 0.5 * np.sqrt(2 * variance / np.pi).sum()
    bins = max(len(share), 2)
    sd = 0.5 * np.sqrt(bins / (bins - 1) * (variance * (1 - 2 / np.pi)).sum())
    chance = (float(mean), float(sd))
    return chance if kind == "category" else min(chance, KOLMOGOROV)
