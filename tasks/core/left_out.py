"""Each metric over all rows, and again without the rows of each night. Pure over arrays.

Sums are taken once a night and subtracted, scores are sorted once: leaving out costs little. Errors
made of these values are `tasks.core.jackknife`.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from schemas.project import Task
from tasks.core.metrics import row_losses

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Values = dict[str, Floats]
"""By metric: of all rows, then without each unit, shape (units + 1,); NaN where it does not exist.
"""

BINS = 10
METRICS: dict[Task, dict[str, Literal["lower", "higher", "zero"]]] = {
    "binary": {
        "log_loss": "lower",
        "brier": "lower",
        "accuracy": "higher",
        "auc": "higher",
        "average_precision": "higher",
        "precision": "higher",
        "recall": "higher",
        "calibration_error": "lower",
    },
    "regression": {"rmse": "lower", "mae": "lower", "bias": "zero"},
}
"""By task the metrics, and where each is at its best."""
MEANS = ("log_loss", "brier", "accuracy", "mae", "bias")
"""Those that are a mean over rows."""


def values_left_out(
    task: Task, target: Floats, scores: Floats, units: Indices, threshold: float
) -> Values:
    """All metrics of the task. `units` numbers each row's night from 0 without a gap."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        losses = row_losses(task, target, scores)
        if task == "regression":
            return _regression(target, scores, units, losses)
        found = _at_threshold(target, scores, units, losses, threshold)
        found["auc"], found["average_precision"] = _ranked(target == 1, scores, units)
        found["calibration_error"] = _calibration_error(target, scores, units)
        return {name: found[name] for name in METRICS[task]}


def as_gain(metric: str, task: Task, challenger: Floats, rival: Floats) -> Floats:
    """How much better the challenger's values are than the rival's."""
    best = METRICS[task][metric]
    if best == "zero":
        return np.asarray(np.abs(rival) - np.abs(challenger))
    return challenger - rival if best == "higher" else rival - challenger


def bins_of(scores: Floats) -> Indices:
    """Each row's bin of like scores: ten of as many rows each, fewer where scores repeat."""
    edges = np.unique(np.quantile(scores, np.arange(1, BINS) / BINS))
    _, bins = np.unique(np.searchsorted(edges, scores, side="left"), return_inverse=True)
    return np.asarray(bins, dtype=np.intp)


def _regression(target: Floats, scores: Floats, units: Indices, losses: Floats) -> Values:
    over = scores - target
    rows, square, size, sign = _without_each(units, np.ones_like(target), losses, abs(over), over)
    rmse = np.sqrt(np.maximum(square, 0) / rows)
    return {"rmse": rmse, "mae": size / rows, "bias": sign / rows}


def _at_threshold(
    target: Floats, scores: Floats, units: Indices, losses: Floats, threshold: float
) -> Values:
    said = scores >= threshold
    positive = target == 1
    rows, loss, square, right, hits, claims, positives = _without_each(
        units,
        np.ones_like(target),
        losses,
        (target - scores) ** 2,
        (scores >= 0.5) == positive,
        said & positive,
        said,
        positive,
    )
    return {
        "log_loss": loss / rows,
        "brier": square / rows,
        "accuracy": right / rows,
        "precision": hits / claims,
        "recall": hits / positives,
    }


def _without_each(units: Indices, *columns: npt.NDArray[np.generic]) -> Floats:
    """Sums of each column: over all rows, then without each unit; shape (columns, units + 1)."""
    by_unit = np.array([np.bincount(units, column) for column in columns])
    total = by_unit.sum(axis=1, keepdims=True)
    return np.concatenate([total, total - by_unit], axis=1)


def _ranked(
    positive: npt.NDArray[np.bool_], scores: Floats, units: Indices
) -> tuple[Floats, Floats]:
    """ROC AUC and average precision; the rows of equal scores are one step of both curves."""
    order = np.argsort(-scores, kind="stable")
    positive, unit, ranked = positive[order], units[order], scores[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    areas = []
    for out in range(-1, int(units.max()) + 1):
        kept = unit != out
        hits = np.cumsum(positive & kept)[ends].astype(np.float64)
        misses = np.cumsum(kept)[ends] - hits
        areas.append(_areas(hits, misses))
    auc, precision = np.array(areas).T
    return auc, precision


def _areas(hits: Floats, misses: Floats) -> tuple[float, float]:
    more = np.diff(hits, prepend=0.0)
    share = np.divide(hits, hits + misses, out=np.zeros_like(hits), where=hits + misses > 0)
    under = np.diff(misses, prepend=0.0) @ (hits - more / 2)
    positives, negatives = hits[-1], misses[-1]
    if positives == 0:
        return np.nan, np.nan
    auc = under / (positives * negatives) if negatives else np.nan
    return float(auc), float(more @ share / positives)


def _calibration_error(target: Floats, scores: Floats, units: Indices) -> Floats:
    """Expected calibration error: |score - share of positives| of each bin, by its rows."""
    bins = bins_of(scores)
    width, count = int(bins.max()) + 1, int(units.max()) + 1
    gaps = np.bincount(units * width + bins, scores - target, count * width).reshape(count, width)
    total = gaps.sum(axis=0)
    rows = np.bincount(units).astype(np.float64)
    without = np.abs(np.vstack([total, total - gaps])).sum(axis=1)
    return np.asarray(without / np.append(rows.sum(), rows.sum() - rows))
