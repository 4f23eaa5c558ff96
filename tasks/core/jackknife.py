"""Standard errors from leaving out one night, or one group, at a time; confidence limits. Pure.

The rows of one night depend on each other, so nights are what is left out. Two models' loss sums
are `tasks.core.paired_nights`, which gives the same for a mean over rows.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from schemas.evaluation import Measure

Floats = npt.NDArray[np.float64]

MIN_UNITS = 3


def mean_error(values: Floats, rows: Floats) -> float | None:
    """Of a mean over rows: the ratio estimate over units, Student's t then has units - 1 degrees.

    `values` is the mean of all rows, then without each unit; `rows` are those of each unit.
    None under three units, or where one of the values does not exist.
    """
    units = len(rows)
    if not _is_enough(values):
        return None
    residuals = (values[1:] - values[0]) * (1 - rows / rows.sum())
    return float(np.sqrt(units / (units - 1) * (residuals**2).sum()))


def jackknife_error(values: Floats) -> float | None:
    """Of anything else: the delete-one jackknife, sqrt((N-1)/N * sum((v_i - mean(v))^2))."""
    if not _is_enough(values):
        return None
    left_out = values[1:]
    units = len(left_out)
    return float(np.sqrt((units - 1) / units * ((left_out - left_out.mean()) ** 2).sum()))


def lower_limit(measure: Measure, confidence: float) -> float:
    """One-sided lower limit by Student's t of a measure that has spreads.

    Where the project has groups it is the more cautious one of nights and groups.
    """
    return measure.value - _half_width(measure, confidence)


def upper_limit(measure: Measure, confidence: float) -> float:
    """One-sided upper limit, likewise."""
    return measure.value + _half_width(measure, confidence)


def interval(measure: Measure, confidence: float = 0.95) -> tuple[float, float] | None:
    """Two-sided interval; None of a measure without spreads."""
    if not measure.spreads:
        return None
    wide = _half_width(measure, (1 + confidence) / 2)
    return measure.value - wide, measure.value + wide


def _half_width(measure: Measure, confidence: float) -> float:
    spreads = measure.spreads
    return max(float(stdtrit(one.units - 1, confidence)) * one.error for one in spreads)


def _is_enough(values: Floats) -> bool:
    return len(values) > MIN_UNITS and bool(np.isfinite(values).all())
