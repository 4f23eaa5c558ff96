"""Drift of one night against a calibrated reference: distances, thresholds, thin nights.

How the reference is calibrated is `tasks.core.calibration`; which nights are pooled and what an
alarm leads to is `tasks.core.policy`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from schemas.monitoring import ColumnDrift, ColumnReference, DriftReference
from tasks.core import histograms
from tasks.core.histograms import Codes, Floats, as_floats, as_texts

THIN_ROWS = 20
THIN_SHARE = 0.1
# Above any distance: what a column that is left out of drift is compared with.
UNREACHABLE = 1.01
# What chance alone exceeds on 1 % of nights in any of twenty columns, in sd above its mean:
# Kolmogorov's tail 2 * exp(-2 * x^2) = .01 / 20 at x = 2.04, (2.04 - .8687) / .2604 = 4.5.
CHANCE_TAIL = 4.5


def night_drift(reference: DriftReference, night: pd.DataFrame) -> tuple[ColumnDrift, ...]:
    """Distance and threshold of every reference column; empty when the reference is insufficient.

    A column without any value has distance 0 and cannot alarm: nulls are a fault, not drift.
    """
    return tuple(
        column_drift(reference, column, night[column.column]) for column in reference.columns
    )


def column_drift(
    reference: DriftReference, column: ColumnReference, values: "pd.Series[Any]"
) -> ColumnDrift:
    """The drift of one column of a night."""
    rows = int(values.count())
    threshold = column_threshold(reference, column, rows)
    measured = distance(column, values) if rows and sum(column.counts) else 0.0
    return ColumnDrift(
        column=column.column,
        distance=measured,
        threshold=threshold,
        drifted=measured > threshold,
        can_alarm=threshold < 1,
    )


def column_threshold(reference: DriftReference, column: ColumnReference, rows: int) -> float:
    """Threshold for a night of `rows` non-null values; 1 or more when so few cannot show drift.

    With nights of equal size this is the median distance of reference nights plus `limit` times
    the gap to their 98th percentile. A smaller night gets what chance adds to its distance: the
    mean as it is, the tail in quadrature, because chance and the season are independent.
    """
    if column.left_out is not None or rows == 0:
        return UNREACHABLE
    chance = column.noise_mean / np.sqrt(rows)
    tail = np.hypot(reference.limit * column.spread, extra_chance(column, np.array(rows)))
    return float(chance + column.center + tail)


def extra_chance(column: ColumnReference, rows: Codes | Floats) -> Floats:
    """The tail that chance has on nights of `rows` values beyond that on the median night."""
    extra = np.maximum(1 / rows - 1 / column.rows_median, 0)
    return CHANCE_TAIL * column.noise_sd * np.sqrt(extra)


def distance(column: ColumnReference, values: "pd.Series[Any]") -> float:
    """Distance of one night's values from the pooled reference, 0 to 1; nulls are left aside.

    KS distance of numbers on the reference's bins, total variation of categories, where all
    unseen categories are one.

    Raises:
        ValueError: there is no value on one of the sides, so no distance exists.
    """
    night = np.bincount(codes_of(column, values.dropna()), minlength=len(column.counts))
    measured = histograms.distance_between(
        column.kind, night.astype(np.float64), np.array(column.counts, dtype=np.float64)
    )
    if not np.isfinite(measured):
        raise ValueError(
            f"column {column.column!r}: no distance between {night.sum()} values of the night "
            f"and {sum(column.counts)} of the reference"
        )
    return float(measured)


def codes_of(column: ColumnReference, known: "pd.Series[Any]") -> Codes:
    """The bin of each non-null value, 0 to len(column.counts) - 1.

    Raises:
        ValueError: a number is NaN although it is not null, such as a text that says so.
    """
    if column.kind == "category":
        return histograms.category_codes(as_texts(known), column.categories)
    values = as_floats(known)
    if np.isnan(values).any():
        raise ValueError(f"column {column.column!r}: NaN among the values that are not null")
    return histograms.number_codes(values, np.array(column.edges))


def is_thin(reference: DriftReference, rows: int) -> bool:
    """Whether a night is to be pooled with others: under 20 rows or a tenth of the median."""
    return rows < max(THIN_ROWS, THIN_SHARE * reference.rows_median)


def thin_limit(rows: Sequence[int]) -> float:
    """Least rows of a usable night; the median is that of the nights of at least 20 rows."""
    full = [count for count in rows if count >= THIN_ROWS]
    return max(THIN_ROWS, THIN_SHARE * float(np.median(full))) if full else THIN_ROWS
