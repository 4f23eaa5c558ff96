"""Calibrates a drift reference on whole nights: what distance has a night without drift?

The rows of one night depend on each other, so the null comes from the reference's own nights, each
against all the others, never from random rows. Judging a night by the result is `tasks.core.drift`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from schemas.monitoring import (
    CALIBRATED_NIGHTS,
    PROVISIONAL_NIGHTS,
    ColumnKind,
    ColumnReference,
    DriftReference,
)
from tasks.core import drift, faults, histograms
from tasks.core.histograms import Codes, Floats, as_floats, as_texts

Nights = Sequence[tuple[date, pd.DataFrame]]

MIN_SPREAD = 0.05
MIN_VARIANCE_WITHIN = 0.1
MAX_MODE_SHARE = 0.98
EULER_GAMMA = 0.5772


@dataclass(frozen=True)
class _Calibrated:
    """A column's reference, and how far out each of its nights is."""

    reference: ColumnReference
    scores: Floats  # (nights,), NaN where the night has too few values


@dataclass(frozen=True)
class _Column:
    """The values of one column over all nights, end to end; `nights` numbers each value's night."""

    name: str
    kind: ColumnKind
    values: "pd.Series[Any]"
    nights: Codes
    count: int


def calibrate(
    nights: Nights,
    kinds: Mapping[str, ColumnKind],
    label: tuple[str, ColumnKind] | None = None,
    alpha: float = 0.01,
) -> DriftReference:
    """Learn from fault-free nights what distance a night without drift has.

    `alpha` is the share of nights that may exceed the limit in any column, all together. Thin
    nights are left out: pool them before. Under 28 nights the reference is insufficient, under 91
    provisional. Method and measured rates: docs/decisions.md.

    Args:
        nights: (date, frame) pairs; every frame has the columns of `kinds`, and the label if given.
        kinds: the columns to watch; numbers are read as float64 (True is 1), categories as text.
        label: name and kind of a column whose fault limits are learned and which has no drift.
        alpha: the false-alarm rate of one night.
    """
    floor = drift.thin_limit([len(frame) for _, frame in nights])
    usable = [(as_of, frame) for as_of, frame in nights if len(frame) >= floor]
    if len(usable) < PROVISIONAL_NIGHTS:
        return DriftReference(status="insufficient", nights=len(usable), alpha=alpha)
    columns = [_calibrate_column(_gather(usable, *item)) for item in kinds.items()]
    scores = [column.scores for column in columns if column.reference.left_out is None]
    return DriftReference(
        status=_status(len(usable)),
        nights=len(usable),
        first=min(as_of for as_of, _ in usable),
        last=max(as_of for as_of, _ in usable),
        rows_median=float(np.median([len(frame) for _, frame in usable])),
        limit=_limit(np.array(scores), alpha) if scores else 0.0,
        alpha=alpha,
        columns=tuple(column.reference for column in columns),
        label=_label_reference(_gather(usable, *label)) if label else None,
    )


def _status(nights: int) -> Literal["calibrated", "provisional"]:
    return "calibrated" if nights >= CALIBRATED_NIGHTS else "provisional"


def _gather(nights: Nights, name: str, kind: ColumnKind) -> _Column:
    parts = [frame[name] for _, frame in nights]
    numbers = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    if kind == "category":
        values = as_texts(pd.concat(parts, ignore_index=True))
    else:
        values = pd.Series(np.concatenate([as_floats(part) for part in parts]))
    return _Column(name, kind, values, numbers, len(parts))


def _describe(column: _Column) -> tuple[ColumnReference, Floats]:
    """Bins and fault limits of a column, and its counts of shape (nights, bins)."""
    is_null = column.values.isna().to_numpy()
    known = replace(column, values=column.values[~is_null], nights=column.nights[~is_null])
    limits, by_night = _describe_known(known)
    reference = ColumnReference(
        column=column.name,
        kind=column.kind,
        counts=tuple(by_night.sum(0).astype(int).tolist()),
        worst_nulls=faults.worst_share(is_null, column.nights),
        **limits,
    )
    return reference, by_night


def _describe_known(column: _Column) -> tuple[dict[str, Any], Floats]:
    if column.values.empty:
        return {}, np.zeros((column.count, 1))
    if column.kind == "category":
        codes, categories = pd.factorize(column.values, sort=True)
        by_night = _count(column, codes, len(categories) + 1)
        return {
            "categories": tuple(categories),
            "worst_unseen": faults.worst_alone(by_night),
        }, by_night
    values = as_floats(column.values)
    edges = histograms.quantile_edges(values)
    low, high = faults.ordinary_range(values)
    outside = faults.worst_share((values < low) | (values > high), column.nights)
    by_night = _count(column, histograms.number_codes(values, edges), len(edges) + 1)
    limits = {"edges": edges.tolist(), "low": low, "high": high, "worst_outside": outside}
    return limits, by_night


def _count(column: _Column, codes: Codes, bins: int) -> Floats:
    return histograms.count_by_night(codes, column.nights, (column.count, bins))


def _calibrate_column(column: _Column) -> _Calibrated:
    described, by_night = _describe(column)
    rows = by_night.sum(1)
    enough = rows >= drift.THIN_ROWS
    reason = _reason_left_out(column.kind, by_night[enough])
    if reason is not None:
        return _Calibrated(described.model_copy(update={"left_out": reason}), np.empty(0))
    noise_mean, noise_sd = histograms.distance_of_chance(column.kind, by_night.sum(0))
    distances = histograms.distance_between(column.kind, by_night, by_night.sum(0) - by_night)
    excess = np.where(enough, distances - noise_mean / np.sqrt(np.maximum(rows, 1)), np.nan)
    rows_median = float(np.median(rows[enough]))
    # a night of half the rows has much the same chance in it; smaller ones would widen the spread
    full = excess[enough & (rows >= rows_median / 2)]
    center = float(np.median(full))
    reference = described.model_copy(
        update={
            "rows_median": rows_median,
            "center": center,
            "spread": max(float(np.quantile(full, 0.98)) - center, MIN_SPREAD),
            "noise_mean": noise_mean,
            "noise_sd": noise_sd,
        }
    )
    return _Calibrated(reference, _scores(reference, excess, np.maximum(rows, 1)))


def _scores(reference: ColumnReference, excess: Floats, rows: Floats) -> Floats:
    """The least limit at which each night would not drift in this column; negative near the center.

    It is (excess - center) / spread, less the tail that chance has on a small night.
    """
    beyond = excess - reference.center
    squared = beyond**2 - drift.extra_chance(reference, rows) ** 2
    return np.sign(beyond) * np.sqrt(np.maximum(squared, 0)) / reference.spread


def _label_reference(column: _Column) -> ColumnReference:
    return _describe(column)[0].model_copy(update={"left_out": "label"})


def _reason_left_out(
    kind: ColumnKind, by_night: Floats
) -> Literal["night-constant", "too few values"] | None:
    """Why a column cannot be compared between nights; `by_night` has no night without values.

    A column that hardly varies within a night (a holiday flag, air pressure) has as many
    independent values as there are nights, so one more night tells nothing.
    """
    if len(by_night) < PROVISIONAL_NIGHTS:
        return "too few values"
    if kind == "category":
        constant = np.median(by_night.max(1) / by_night.sum(1)) > MAX_MODE_SHARE
    else:
        constant = _variance_within(by_night) < MIN_VARIANCE_WITHIN
    return "night-constant" if constant else None


def _variance_within(by_night: Floats) -> float:
    """Share of the variance that lies within nights, on bins so that no outlier decides."""
    bins = np.arange(by_night.shape[1])
    rows, pooled = by_night.sum(1), by_night.sum(0)
    means = by_night @ bins / rows
    center = pooled @ bins / pooled.sum()
    total = pooled @ (bins - center) ** 2
    between = rows @ (means - center) ** 2
    return float(1 - between / total) if total > 0 else 0.0


def _limit(scores: Floats, alpha: float) -> float:
    """The 1 - alpha quantile of nights' largest score; `scores` is (columns, nights).

    With fewer than five nights expected beyond it, the larger of the quantile and a Gumbel fit by
    moments, since a quantile that far out is hardly more than the largest night.
    """
    worst = np.fmax.reduce(scores, axis=0)
    worst = worst[~np.isnan(worst)]
    quantile = float(np.quantile(worst, 1 - alpha))
    if len(worst) * alpha >= 5:
        return quantile
    scale = float(worst.std(ddof=1)) * np.sqrt(6) / np.pi
    gumbel = float(worst.mean()) + scale * (-np.log(-np.log(1 - alpha)) - EULER_GAMMA)
    return max(quantile, float(gumbel))
