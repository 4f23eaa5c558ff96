"""The same project on a schedule alone: a refresh every few nights, whatever any alarm says.

It splits, judges and refits by the project's own rules. Fits that the store holds are reused,
others stay in a folder of the cache.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from deployments.demo.losses import Floats, Scorer
from schemas.judgement import Contest, GateNight, Judgement
from schemas.model import Card, Fit
from schemas.project import Project
from tasks.core.conclusion import conclude
from tasks.core.metrics import row_losses
from tasks.core.plan import split_nights
from tasks.engine.contest import agreement
from tasks.engine.fits import predict
from tasks.engine.replay.fits import Fits, Fitted
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.store import Store

Tell = Callable[[str], None]
_Model = Fit | Fitted


class _Bench:
    """Models by their training nights, and their scores."""

    def __init__(self, store: Store, project: Project, scorer: Scorer, folder: Path) -> None:
        self._store, self._project, self.scorer = store, project, scorer
        self.past = StoredPast(store, project)
        self._fits = Fits(self.past, setting_of(project), folder)
        self._stored = _stored_fits(store, project)

    def fit(self, nights: Sequence[date]) -> _Model:
        return self._stored.get(self.past.training_set(nights)) or self._fits.fit(nights)

    def scores(self, model: _Model, nights: Sequence[date]) -> Floats:
        if isinstance(model, Fitted):
            return self._fits.scores(model, nights)
        frame = self.past.labelled(nights)
        return predict(self._store, self._project, (model,), frame)

    def agree(self, one: _Model, other: _Model, nights: Sequence[date]) -> bool:
        """Whether a refit is near enough to the challenger that was judged."""
        target = self.past.labelled(nights)[self._project.target].to_numpy(dtype=np.float64)
        distance = agreement(target, self.scores(one, nights), self.scores(other, nights))
        return distance <= self._project.policy.agreement_limit

    def losses(self, model: _Model, nights: Sequence[date]) -> dict[date, float]:
        known = [night for night in nights if night in self.scorer.labelled]
        return self.scorer.split(known, self.scores(model, known)) if known else {}


def _stored_fits(store: Store, project: Project) -> dict[str, Fit]:
    """Fits of this recipe by training set: those of versions, and of challengers of any outcome."""
    found: dict[str, Fit] = {}
    for _, key in store.places("models", project.name):
        card = store.record(key, Card)
        if card.recipe_digest == project.recipe_digest:
            found |= {fit.training_set: fit for fit in (*card.members, *card.stand_in)}
    for _, key in store.places("judgements", project.name):
        judgement = store.record(key, Judgement)
        if judgement.challenger and judgement.recipe == project.recipe_digest:
            found[judgement.challenger.training_set] = judgement.challenger
    return found


def schedule_only(
    store: Store,
    project: Project,
    scorer: Scorer,
    began: date,
    nights: Sequence[date],
    faulty: frozenset[date],
    folder: Path,
    tell: Tell,
) -> dict[date, float]:
    """Loss of each of `nights`, after a first champion that was promoted on night `began`."""
    bench = _Bench(store, project, scorer, folder)
    usable = _usable(bench, began, faulty)
    first = split_nights("first", usable, None, project.policy, project.label_delay)
    served, stand_in = bench.fit(usable), bench.fit(first.train)
    losses: dict[date, float] = {}
    for start in range(0, len(nights), project.policy.refresh_every):
        week = nights[start : start + project.policy.refresh_every]
        losses |= bench.losses(served, week)
        usable = _usable(bench, week[-1], faulty)
        if len(week) == project.policy.refresh_every and week[-1] != nights[-1]:
            tell(f"schedule only: refresh of {week[-1]}")
            served, stand_in = _refresh(bench, project, usable, served, stand_in)
    return losses


def _usable(bench: _Bench, as_of: date, faulty: frozenset[date]) -> list[date]:
    known = bench.past.known_from.items()
    return [night for night, since in known if since <= as_of and night not in faulty]


def _refresh(
    bench: _Bench, project: Project, usable: Sequence[date], served: _Model, stand_in: _Model
) -> tuple[_Model, _Model]:
    """Served model and stand-in after a refresh was judged."""
    split = split_nights("refresh", usable, None, project.policy, project.label_delay)
    if not split.train:
        return served, stand_in
    challenger = bench.fit(split.train)
    contest = _contest(bench, project, split.gate, challenger, stand_in)
    verdicts = [verdict for gate in project.gates if (verdict := gate.judge(contest))]
    if conclude("refresh", contest, tuple(verdicts))[0] != "passed":
        return served, stand_in
    refit = bench.fit(usable)
    return (refit, challenger) if bench.agree(challenger, refit, split.gate) else (served, stand_in)


def _contest(
    bench: _Bench, project: Project, gate: Sequence[date], challenger: _Model, rival: _Model
) -> Contest:
    nights = []
    for night in gate:
        target = bench.past.labelled((night,))[project.target].to_numpy(dtype=np.float64)
        prior = np.full(len(target), challenger.prior)
        sums = [
            float(row_losses(project.task, target, scores).sum())
            for scores in (bench.scores(challenger, (night,)), bench.scores(rival, (night,)), prior)
        ]
        nights.append(
            GateNight(
                as_of=night, rows=len(target), challenger=sums[0], rival=sums[1], prior=sums[2]
            )
        )
    return Contest(kind="refresh", nights=tuple(nights), metrics={})
