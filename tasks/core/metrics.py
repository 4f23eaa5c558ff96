"""Losses and metrics of predictions. Every loss is a mean over rows, lower is better.

Comparing two models on the same nights is `tasks.core.paired_nights`; judging is `tasks.gates`.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.monitoring import NightLoss
from schemas.period import parse
from schemas.project import Task

Floats = npt.NDArray[np.float64]

# Keeps the log loss of one confident error finite (13.8 at most).
CLIP = 1e-6


def row_losses(task: Task, target: Floats, prediction: Floats) -> Floats:
    """Log loss (target 0 or 1, prediction a probability) or squared error of each row.

    Raises:
        ValueError: a target or prediction is not finite, so that no loss exists.
    """
    if not (np.isfinite(target).all() and np.isfinite(prediction).all()):
        raise ValueError("targets and predictions must be finite numbers")
    if task == "regression":
        return np.asarray((target - prediction) ** 2)
    chance = np.clip(prediction, CLIP, 1 - CLIP)
    return np.asarray(-np.log(np.where(target == 1, chance, 1 - chance)))


def night_losses(
    task: Task, nights: npt.NDArray[np.object_], target: Floats, prediction: Floats
) -> tuple[NightLoss, ...]:
    """Mean loss of each night in order of date; `nights` holds the date of each row."""
    losses = pd.Series(row_losses(task, target, prediction))
    return tuple(_night_losses(losses, nights))


def _night_losses(
    losses: "pd.Series[float]", nights: npt.NDArray[np.object_]
) -> Iterator[NightLoss]:
    by_night = losses.groupby(nights).agg(["size", "mean"])
    for as_of, rows, loss in by_night.itertuples():
        yield NightLoss(as_of=parse(str(as_of)), rows=int(rows), loss=float(loss))


def summarise(task: Task, target: Floats, prediction: Floats) -> dict[str, float]:
    """Metrics for people: log_loss, brier, accuracy, auc, or rmse, mae, over at least one row.

    `auc` is absent where only one class is present.
    """
    loss = float(row_losses(task, target, prediction).mean())
    if task == "regression":
        return {"rmse": loss**0.5, "mae": float(np.abs(target - prediction).mean())}
    metrics = {
        "log_loss": loss,
        "brier": float(((target - prediction) ** 2).mean()),
        "accuracy": float(((prediction >= 0.5) == (target == 1)).mean()),
    }
    if 0 < (target == 1).mean() < 1:
        metrics["auc"] = area_under_curve(target == 1, prediction)
    return metrics


def area_under_curve(is_positive: npt.NDArray[np.bool_], prediction: Floats) -> float:
    """Chance that a positive row scores above a negative one, ties counting half (Mann-Whitney)."""
    ranks = pd.Series(prediction).rank().to_numpy()
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    above = ranks[is_positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))
