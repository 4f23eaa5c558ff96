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
from schemas.quantiles import level_of

Floats = npt.NDArray[np.float64]

# Keeps the log loss of one confident error finite (13.8 at most).
CLIP = 1e-6


def row_losses(task: Task, target: Floats, prediction: Floats) -> Floats:
    """Log loss, squared error, of counts Poisson deviance, of quantiles pinball loss of each row.

    Of a binary task the target is 0 or 1 and the prediction a probability; of classes the target
    is a code and the prediction one probability a class.

    Raises:
        ValueError: a target or prediction is not finite, so that no loss exists.
    """
    if not (np.isfinite(target).all() and np.isfinite(prediction).all()):
        raise ValueError("targets and predictions must be finite numbers")
    if task == "regression":
        return np.asarray((target - prediction) ** 2)
    if task == "count":
        return _deviances(target, prediction)
    if (level := level_of(task)) is not None:
        under = target - prediction
        return np.maximum(level * under, (level - 1) * under)
    if task == "multiclass":
        own = prediction[np.arange(len(target)), target.astype(np.intp)]
        return np.asarray(-np.log(np.clip(own, CLIP, 1)))
    chance = np.clip(prediction, CLIP, 1 - CLIP)
    return np.asarray(-np.log(np.where(target == 1, chance, 1 - chance)))


def _deviances(target: Floats, prediction: Floats) -> Floats:
    """2 (y log(y / mu) - y + mu), where mu is CLIP at least."""
    rate = np.maximum(prediction, CLIP)
    logs = target * np.log(np.where(target > 0, target, 1) / rate)
    return np.asarray(2 * np.maximum(logs - target + rate, 0))


def is_covered(target: Floats, prediction: Floats) -> npt.NDArray[np.bool_]:
    """Whether each label is at or below the prediction, but for the rounding of summed trees."""
    return np.asarray(target <= prediction + 1e-6 * np.maximum(1, np.abs(prediction)))


def constant_of(task: Task, target: Floats, weights: Floats | None = None) -> float:
    """The one number that loses least on these labels: their mean, or their quantile."""
    level = level_of(task)
    if level is None:
        return float(np.average(target, weights=weights))
    return float(np.quantile(target, level, method="inverted_cdf", weights=weights))


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
    """Metrics for people: log_loss, brier, accuracy, auc, or rmse, mae, ... over at least one row.

    `auc` is absent where only one class is present. All others are `tasks.core.left_out`.
    """
    loss = float(row_losses(task, target, prediction).mean())
    if task == "multiclass":
        right = float((prediction.argmax(axis=1) == target).mean())
        return {"log_loss": loss, "accuracy": right}
    if level_of(task) is not None:
        return {"pinball": loss, "coverage": float(is_covered(target, prediction).mean())}
    if task in {"regression", "count"}:
        over = prediction - target
        errors = {"rmse": float((over**2).mean() ** 0.5), "mae": float(np.abs(over).mean())}
        return errors if task == "regression" else {"deviance": loss, **errors}
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
