"""A prediction taken apart by features, in whichever way the model allows.

By the paths through its trees where these add up to the prediction; else feature by feature, each
switched to its training median.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from schemas.errors import Damaged, Missing
from schemas.explained import How
from schemas.model import Card, Fit
from schemas.project import Matrix, Project
from tasks.core.switching import switched, typical_values
from tasks.engine.fits import features_of
from tasks.engine.learning import predict_features
from tasks.engine.trained_nights import trained_nights
from tasks.engine.usable import training_frame
from tasks.families.contributions import path_contributions
from tasks.store import Store

_NIGHTS = 7
"""Newest nights of the training set whose rows say what is typical."""
_SAME = 1e-4
_ADDS = "the target's unit"
"""The unit of margins whose mean is that of the predictions as well."""


@dataclass(frozen=True)
class TakenApart:
    """One number a feature. `typical` are the values that features were switched to."""

    how: How
    unit: str
    numbers: np.ndarray
    base: float | None = None
    margin: float | None = None
    typical: np.ndarray | None = None


def take_apart(
    store: Store, project: Project, card: Card, rows: Sequence[Matrix], prediction: np.ndarray
) -> TakenApart:
    """The contributions of one row's features to its prediction, or to the likeliest class's.

    They are the mean over the members. `rows` has the row as each member sees it, which learned
    its features from its own nights.
    """
    parts = None if project.task == "multiclass" else _paths(store, project, card, rows)
    if parts is not None:
        margin = float(parts.sum())
        unit = _unit(project.task, margin, float(prediction))
        if unit == _ADDS or (unit and len(rows) == 1):
            return TakenApart("tree paths", unit, parts[:-1], float(parts[-1]), margin)
    return _switched(store, project, card, rows, prediction)


def _paths(store: Store, project: Project, card: Card, rows: Sequence[Matrix]) -> np.ndarray | None:
    """Of each feature, and last the base; None where a member has no trees."""
    members = []
    for fit, row in zip(card.members, rows, strict=True):
        parts = path_contributions(project.family, store.read_bytes(fit.model), row)
        if parts is None:
            return None
        members.append(parts[0])
    return np.asarray(np.mean(members, axis=0))


def _unit(task: str, margin: float, prediction: float) -> str:
    """What the margin is measured in; "" where it does not lead to the prediction."""
    units = {
        "log-odds": _logistic(margin) if task == "binary" else math.nan,
        _ADDS: margin,
        "log": math.exp(min(margin, 700)),
    }
    near = _SAME * max(1.0, abs(prediction))
    return next(
        (unit for unit, leads_to in units.items() if abs(leads_to - prediction) <= near), ""
    )


def _logistic(margin: float) -> float:
    return 1 / (1 + math.exp(-margin)) if margin > -700 else 0.0


def _switched(
    store: Store, project: Project, card: Card, rows: Sequence[Matrix], prediction: np.ndarray
) -> TakenApart:
    """The `typical` values are those of the first member, which knows most nights."""
    likeliest = int(prediction.argmax()) if project.task == "multiclass" else None
    lost, typical = [], []
    for fit, row in zip(card.members, rows, strict=True):
        model = store.read_bytes(fit.model)
        predict = partial(_predict_one, project, model, fit.classes, likeliest)
        typical.append(_typical(store, project, fit, row))
        lost.append(switched(row, typical[-1], predict))
    unit = "probability" if project.task == "binary" else _ADDS
    if likeliest is not None:
        unit = f"the probability of {project.classes[likeliest]}"
    mean = np.asarray(np.mean(lost, axis=0))
    return TakenApart("switched", unit, mean, typical=typical[0])


def _predict_one(
    project: Project, model: bytes, known: Sequence[str], column: int | None, features: Matrix
) -> np.ndarray:
    said = predict_features(project, model, features, known)
    return said if column is None else said[:, column]


def _typical(store: Store, project: Project, fit: Fit, row: Matrix) -> np.ndarray:
    """What features mostly are in training; missing where its rows are not there any more."""
    try:
        nights = trained_nights(store, project, fit, _NIGHTS)
        return typical_values(
            features_of(store, project, fit, training_frame(store, project, nights))
        )
    except (Missing, Damaged):
        return np.full(len(row.names), np.nan, dtype=np.float32)
