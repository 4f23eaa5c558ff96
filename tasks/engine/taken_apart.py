"""A prediction taken apart by features, in whichever way the model allows.

By the paths through its trees where these add up to the prediction; else feature by feature, each
switched to its training median.
"""

import math
from dataclasses import dataclass

import numpy as np

from schemas.errors import Damaged, Missing
from schemas.explained import How
from schemas.model import Card
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
    store: Store, project: Project, card: Card, row: Matrix, prediction: np.ndarray
) -> TakenApart:
    """The contributions of one row's features to its prediction, or to the likeliest class's."""
    if len(card.members) == 1 and project.task != "multiclass":
        model = store.read_bytes(card.members[0].model)
        parts = path_contributions(project.family, model, row)
        if parts is not None:
            margin = float(parts[0].sum())
            unit = _unit(project.task, margin, float(prediction))
            if unit:
                return TakenApart("tree paths", unit, parts[0, :-1], float(parts[0, -1]), margin)
    return _switched(store, project, card, row, prediction)


def _unit(task: str, margin: float, prediction: float) -> str:
    """What the margin is measured in; "" where it does not lead to the prediction."""
    units = {
        "log-odds": _logistic(margin) if task == "binary" else math.nan,
        "the target's unit": margin,
        "log": math.exp(min(margin, 700)),
    }
    near = _SAME * max(1.0, abs(prediction))
    return next(
        (unit for unit, leads_to in units.items() if abs(leads_to - prediction) <= near), ""
    )


def _logistic(margin: float) -> float:
    return 1 / (1 + math.exp(-margin)) if margin > -700 else 0.0


def _switched(
    store: Store, project: Project, card: Card, row: Matrix, prediction: np.ndarray
) -> TakenApart:
    models = [(store.read_bytes(fit.model), fit.classes) for fit in card.members]
    likeliest = int(prediction.argmax()) if project.task == "multiclass" else None

    def mean(features: Matrix) -> np.ndarray:
        told = [predict_features(project, model, features, known) for model, known in models]
        said = np.asarray(np.mean(told, axis=0))
        return said if likeliest is None else said[:, likeliest]

    typical = _typical(store, project, card, row)
    unit = "probability" if project.task == "binary" else "the target's unit"
    if likeliest is not None:
        unit = f"the probability of {project.classes[likeliest]}"
    return TakenApart("switched", unit, switched(row, typical, mean), typical=typical)


def _typical(store: Store, project: Project, card: Card, row: Matrix) -> np.ndarray:
    """What features mostly are in training; missing where its rows are not there any more."""
    fit = card.members[0]
    try:
        nights = trained_nights(store, project, fit, _NIGHTS)
        return typical_values(
            features_of(store, project, fit, training_frame(store, project, nights))
        )
    except (Missing, Damaged):
        return np.full(len(row.names), np.nan, dtype=np.float32)
