"""The gate nights of a retrain: loss sums of challenger, rival and prior, night by night.

What the sums lead to is for `tasks.gates`; fitting is `tasks.engine.fits`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

Scorer = Callable[[pd.DataFrame], np.ndarray]
"""Predictions of a night's rows."""

_WEIGHED = ("challenger", "rival", "prior", "simplest")


@dataclass(frozen=True)
class Bout:
    """A challenger and its rival (with the recipe it was fitted by) on nights neither has seen.

    Either is the mean of its fits. `others` are models that score the same rows: `simplest` is
    weighed as well, `shuffled` is for the self-test of the gates.
    """

    challenger: Sequence[Fit]
    rival: tuple[Project, Sequence[Fit]] | None
    gate: Sequence[UsableNight]
    others: Mapping[str, Scorer] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Scored:
    """The rows of one gate night, with what every model said of them.

    `columns` are those that groups and slices are told by.
    """

    as_of: date
    bout: int
    columns: pd.DataFrame
    target: np.ndarray
    said: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Match:
    """A contest; of a change also the rows that it was made of, on which its gates are tested."""

    contest: Contest
    scored: tuple[Scored, ...] = ()


def hold_contest(
    store: Store, project: Project, kind: Kind, bouts: Sequence[Bout], nights_needed: int = 0
) -> Match:
    """Score all bouts, on the rows of held-out groups alone where the project has groups.

    The metrics are the challenger's of the last bout.
    """
    rows = sum(night.batch.counts.kept for bout in bouts for night in bout.gate)
    scored: Iterable[Scored] = _score(store, project, bouts)
    kept = tuple(scored) if kind == "change" else ()
    contest = weigh(project, kind, kept or scored, rows)
    known = {
        "nights_needed": nights_needed,
        "challenger_bytes": sum(map(_bytes_of, bouts[-1].challenger)),
    }
    return Match(contest.model_copy(update=known), kept)


def weigh(project: Project, kind: Kind, scored: Iterable[Scored], rows: int) -> Contest:
    """What the scores of about so many rows come to: loss sums, metrics, evaluation."""
    nights: list[GateNight] = []
    newest: list[Scored] = []
    bundles = Bundles(project.groups, project.name)
    evaluating = Evaluating.of(project, rows)
    for night in scored:
        losses = _losses(project, night)
        nights.append(gate_night(night.as_of, losses))
        bundles.add(night.columns, losses)
        said = night.said
        evaluating.add(night.columns, night.target, said["challenger"], said.get("rival"))
        newest = [*(one for one in newest if one.bout == night.bout), night]
    return Contest(
        kind=kind,
        nights=tuple(nights),
        metrics=_metrics(project, newest) if newest else {},
        held_out=bundles.held_out(),
        evaluation=evaluating.evaluation(),
    )


def _score(store: Store, project: Project, bouts: Sequence[Bout]) -> Iterator[Scored]:
    for number, bout in enumerate(bouts):
        for night in bout.gate:
            if not can_judge(store, project, night):
                continue
            frame = rows_to_judge(store, project, night)
            target = frame[project.target].to_numpy(dtype=np.float64)
            said = {
                "challenger": predict(store, project, bout.challenger, frame),
                "prior": predict_constant(project, bout.challenger[0], len(target)),
                **{who: score(frame) for who, score in bout.others.items()},
            }
            if bout.rival:
                said["rival"] = _predict_rival(store, project, night, frame, *bout.rival)
            told = dict.fromkeys((project.groups, *project.slices, project.time))
            columns = frame[[name for name in told if name in frame]]
            yield Scored(night.as_of, number, columns, target, said)


def _metrics(project: Project, scored: Sequence[Scored]) -> dict[str, float]:
    target = np.concatenate([one.target for one in scored])
    scores = np.concatenate([one.said["challenger"] for one in scored])
    return summarise(project.task, target, scores)


def _bytes_of(fit: Fit) -> int:
    return fit.model.bytes + fit.features.bytes


def _losses(project: Project, night: Scored) -> dict[str, np.ndarray]:
    """The losses of each row by who made them."""
    return {
        who: row_losses(project.task, night.target, night.said[who])
        for who in _WEIGHED
        if who in night.said
    }


def gate_night(as_of: date, losses: dict[str, np.ndarray]) -> GateNight:
    """Sums of the losses of one night's rows, by who made them."""
    return GateNight(
        as_of=as_of,
        rows=len(losses["challenger"]),
        challenger=float(losses["challenger"].sum()),
        rival=float(losses["rival"].sum()) if "rival" in losses else None,
        prior=float(losses["prior"].sum()),
        simplest=float(losses["simplest"].sum()) if "simplest" in losses else None,
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
