"""The gate nights of a retrain: loss sums of challenger, rival and prior, night by night.

What the sums lead to is for `tasks.gates`; fitting is `tasks.engine.fits`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas.judgement import Contest, GateNight, Kind
from schemas.model import Fit
from schemas.project import Project
from tasks.core.metrics import row_losses, summarise
from tasks.engine.bundles import Bundles
from tasks.engine.evaluating import Evaluating
from tasks.engine.fits import predict
from tasks.engine.groups import can_judge, rows_to_judge
from tasks.engine.learning import predict_constant
from tasks.engine.usable import UsableNight
from tasks.store import Store


@dataclass(frozen=True)
class Bout:
    """A challenger and its rival (with the recipe it was fitted by) on nights neither has seen."""

    challenger: Fit
    rival: tuple[Project, Sequence[Fit]] | None
    gate: Sequence[UsableNight]


def hold_contest(
    store: Store, project: Project, kind: Kind, bouts: Sequence[Bout], nights_needed: int = 0
) -> Contest:
    """Score all bouts, on the rows of held-out groups alone where the project has groups.

    The metrics are the challenger's of the last bout.
    """
    nights: list[GateNight] = []
    metrics: dict[str, float] = {}
    bundles = Bundles(project.groups, project.name)
    evaluating = Evaluating.of(project, sum(n.batch.counts.kept for b in bouts for n in b.gate))
    for bout in bouts:
        targets, predictions = [], []
        for night in bout.gate:
            if not can_judge(store, project, night):
                continue
            frame = rows_to_judge(store, project, night)
            target = frame[project.target].to_numpy(dtype=np.float64)
            scores = predict(store, project, (bout.challenger,), frame)
            rival = bout.rival and _predict_rival(store, project, night, frame, *bout.rival)
            prior = predict_constant(project, bout.challenger, len(target))
            losses = _losses(project, target, scores, rival, prior)
            nights.append(gate_night(night.as_of, losses))
            bundles.add(frame, losses)
            evaluating.add(frame, target, scores, rival)
            targets.append(target)
            predictions.append(scores)
        if targets:
            metrics = summarise(project.task, np.concatenate(targets), np.concatenate(predictions))
    return Contest(
        kind=kind,
        nights=tuple(nights),
        metrics=metrics,
        nights_needed=nights_needed,
        held_out=bundles.held_out(),
        evaluation=evaluating.evaluation(),
        challenger_bytes=_bytes_of(bouts[-1].challenger),
    )


def _bytes_of(fit: Fit) -> int:
    return fit.model.bytes + fit.features.bytes


def _losses(
    project: Project,
    target: np.ndarray,
    scores: np.ndarray,
    rival: np.ndarray | None,
    prior: np.ndarray,
) -> dict[str, np.ndarray]:
    """The losses of each row by who made them."""
    made = {"challenger": scores, "prior": prior}
    if rival is not None:
        made["rival"] = rival
    return {who: row_losses(project.task, target, said) for who, said in made.items()}


def gate_night(as_of: date, losses: dict[str, np.ndarray]) -> GateNight:
    """Sums of the losses of one night's rows, by who made them."""
    return GateNight(
        as_of=as_of,
        rows=len(losses["challenger"]),
        challenger=float(losses["challenger"].sum()),
        rival=float(losses["rival"].sum()) if "rival" in losses else None,
        prior=float(losses["prior"].sum()),
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
        frame = rows_to_judge(store, made_by, night)
    return predict(store, made_by, members, frame)


def agreement(target: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Root mean square difference of two models' scores, over the labels' standard deviation.

    The refit that is served was never judged itself: it must not be far from the model that was.
    """
    if one.ndim == 2:  # of each class: is it, or is it not
        target = np.eye(one.shape[1])[target.astype(np.intp)]
    spread = float(np.sqrt(target.var(axis=0).mean()))
    distance = float(np.sqrt(np.mean((one - other) ** 2)))
    return distance / spread if spread > 0 else distance
