"""The gate nights of a retrain: loss sums of challenger, rival and prior, night by night.

What the sums lead to is for `tasks.gates`; fitting is `tasks.engine.fits`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schemas.judgement import Contest, GateNight, Kind
from schemas.model import Fit
from schemas.project import Project
from tasks.core.metrics import row_losses, summarise
from tasks.engine.fits import predict
from tasks.engine.usable import UsableNight, labelled_rows
from tasks.store import Store


def hold_contest(
    store: Store,
    project: Project,
    kind: Kind,
    challenger: Fit,
    rival: tuple[Project, Sequence[Fit]] | None,
    gate: Sequence[UsableNight],
    nights_needed: int,
) -> Contest:
    """Score challenger and rival (with the recipe it was fitted by) on nights neither has seen."""
    nights, targets, predictions = [], [], []
    for night in gate:
        frame = labelled_rows(store, project, night)
        target = frame[project.target].to_numpy(dtype=np.float64)
        scores = predict(store, project, (challenger,), frame)
        nights.append(_gate_night(store, project, night, frame, target, scores, challenger, rival))
        targets.append(target)
        predictions.append(scores)
    metrics = (
        summarise(project.task, np.concatenate(targets), np.concatenate(predictions))
        if targets
        else {}
    )
    return Contest(kind=kind, nights=tuple(nights), metrics=metrics, nights_needed=nights_needed)


def _gate_night(
    store: Store,
    project: Project,
    night: UsableNight,
    frame: pd.DataFrame,
    target: np.ndarray,
    scores: np.ndarray,
    challenger: Fit,
    rival: tuple[Project, Sequence[Fit]] | None,
) -> GateNight:
    def loss(prediction: np.ndarray) -> float:
        return float(row_losses(project.task, target, prediction).sum())

    return GateNight(
        as_of=night.as_of,
        rows=len(frame),
        challenger=loss(scores),
        rival=loss(_predict_rival(store, project, night, frame, *rival)) if rival else None,
        prior=loss(np.full(len(frame), challenger.prior)),
    )


def _predict_rival(
    store: Store,
    project: Project,
    night: UsableNight,
    frame: pd.DataFrame,
    made_by: Project,
    members: Sequence[Fit],
) -> np.ndarray:
    """The rival's scores of the night's rows, which it may have looked back from otherwise."""
    if made_by.past != project.past:
        frame = labelled_rows(store, made_by, night)
    return predict(store, made_by, members, frame)


def agreement(target: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Root mean square difference of two models' scores, over the labels' standard deviation.

    The refit that is served was never judged itself: it must not be far from the model that was.
    """
    spread = float(target.std())
    distance = float(np.sqrt(np.mean((one - other) ** 2)))
    return distance / spread if spread > 0 else distance
