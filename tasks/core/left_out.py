"""Each metric over all rows, and again without the rows of each night. Pure over arrays.

Sums are taken once a night and subtracted, scores are sorted once: leaving out costs little. Errors
made of these values are `tasks.core.jackknife`.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from schemas.project import Task
from schemas.quantiles import LEVELS, level_of
from tasks.core.left_out_classes import CLASS_METRICS, classes_left_out
from tasks.core.metrics import is_covered, row_losses
from tasks.core.ranking import ranked
from tasks.core.without_each import without_each

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Values = dict[str, Floats]
"""By metric: of all rows, then without each unit, shape (units + 1,); NaN where it does not exist.
"""

BINS = 10
Best = Literal["lower", "higher", "zero", "level"]
METRICS: dict[Task, dict[str, Best]] = {
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
    "multiclass": {
        "log_loss": "lower",
        "accuracy": "higher",
        "macro_f1": "higher",
        "auc": "higher",
    },
    "regression": {"rmse": "lower", "mae": "lower", "bias": "zero"},
    "count": {"deviance": "lower", "rmse": "lower", "mae": "lower", "bias": "zero"},
    **{name: {"pinball": "lower", "coverage": "level"} for name in LEVELS},
}
"""By task the metrics, and where each is at its best; of classes also `recall:<class>`, ..."""
COSTS: dict[str, Best] = {
    "cost": "lower",
    "precision_at_capacity": "higher",
    "recall_at_capacity": "higher",
}
"""Of a binary task with costs or a capacity (`tasks.core.left_out_costs`)."""
MEANS = (
    *("log_loss", "brier", "accuracy", "deviance", "mae", "bias", "cost"),
    *("pinball", "coverage"),
)
"""Those that are a mean over rows."""


def best_of(task: Task, metric: str) -> Best | None:
    """Where this metric is at its best; None where the task has none of this name."""
    general, colon, of = metric.partition(":")
    if colon and of and task == "multiclass" and general in CLASS_METRICS:
        return "higher"
    return {**METRICS[task], **(COSTS if task == "binary" else {})}.get(metric)


def values_left_out(
    task: Task,
    target: Floats,
    scores: Floats,
    units: Indices,
    threshold: float,
    classes: Sequence[str] = (),
) -> Values:
    """All metrics of the task. `units` numbers each row's night from 0 without a gap."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        losses = row_losses(task, target, scores)
        if task == "multiclass":
            return classes_left_out(target, scores, units, losses, classes)
        if level_of(task) is not None:
            rows, loss, under = without_each(
                units, np.ones_like(target), losses, is_covered(target, scores)
            )
            return {"pinball": loss / rows, "coverage": under / rows}
        if task in {"regression", "count"}:
            found = _numbers(target, scores, units, losses)
            return {name: found[name] for name in METRICS[task]}
        found = _at_threshold(target, scores, units, losses, threshold)
        found["auc"], found["average_precision"] = ranked(target == 1, scores, units)
        found["calibration_error"] = _calibration_error(target, scores, units)
        return {name: found[name] for name in METRICS[task]}


def as_gain(metric: str, task: Task, challenger: Floats, rival: Floats) -> Floats:
    """How much better the challenger's values are than the rival's."""
    best = best_of(task, metric)
    if best == "zero":
        return np.asarray(np.abs(rival) - np.abs(challenger))
    if best == "level":
        level = level_of(task) or 0.0
        return np.asarray(np.abs(rival - level) - np.abs(challenger - level))
    return challenger - rival if best == "higher" else rival - challenger


def bins_of(scores: Floats) -> Indices:
    """Each row's bin of like scores: ten of as many rows each, fewer where scores repeat."""
    edges = np.unique(np.quantile(scores, np.arange(1, BINS) / BINS))
    _, bins = np.unique(np.searchsorted(edges, scores, side="left"), return_inverse=True)
    return np.asarray(bins, dtype=np.intp)


def _numbers(target: Floats, scores: Floats, units: Indices, losses: Floats) -> Values:
    over = scores - target
    rows, loss, square, size, sign = without_each(
        units, np.ones_like(target), losses, over**2, abs(over), over
    )
    rmse = np.sqrt(np.maximum(square, 0) / rows)
    return {"deviance": loss / rows, "rmse": rmse, "mae": size / rows, "bias": sign / rows}


def _at_threshold(
    target: Floats, scores: Floats, units: Indices, losses: Floats, threshold: float
) -> Values:
    said = scores >= threshold
    positive = target == 1
    rows, loss, square, right, hits, claims, positives = without_each(
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


def _calibration_error(target: Floats, scores: Floats, units: Indices) -> Floats:
    """Expected calibration error: |score - share of positives| of each bin, by its rows."""
    bins = bins_of(scores)
    width, count = int(bins.max()) + 1, int(units.max()) + 1
    gaps = np.bincount(units * width + bins, scores - target, count * width).reshape(count, width)
    total = gaps.sum(axis=0)
    rows = np.bincount(units).astype(np.float64)
    without = np.abs(np.vstack([total, total - gaps])).sum(axis=1)
    return np.asarray(without / np.append(rows.sum(), rows.sum() - rows))
