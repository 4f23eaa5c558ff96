"""A search over one family's parameters on a project's past folds; it proposes, the gates decide.

Trials are made by `.trying`, learning rates tried by `.sweep`; the rule of what is proposed is
`tasks.core.searching`. The newest fold is kept out: it says what the best one is worth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas.errors import Declined, ModelUnusable
from schemas.project import ModelFamily, Project
from schemas.record import digest_of
from schemas.search import KeptOut, Measured, Params, Search, Trial, Tuned
from tasks.core.paired_nights import PairedNights
from tasks.core.rungs import LossSums, measure_rungs
from tasks.core.searching import beats_project, rank_importance
from tasks.engine.fits import libraries, source_digest, training_set_id
from tasks.engine.folds import Folded, FoldRows, load_fold, plan_folds, units_of
from tasks.engine.journal import Noted, journal
from tasks.engine.proposals import Proposals
from tasks.engine.searches import newest_search
from tasks.engine.sweep import FACTORS, sweep_rates, with_params
from tasks.engine.trying import Budget, Clock, Trying
from tasks.store import Store

LEAST_CUTS = 3
_MOST_CELLS = 200_000_000
"""Numbers of all folds' features that are held at once; beyond it fewer folds are used."""


@dataclass(frozen=True)
class Tuning:
    """What is to be tried; `starts` are the project's own parameters and the best ones before."""

    folded: Folded
    budget: Budget
    starts: tuple[Params, ...]
    seed: tuple[int, int]
    """The project's, and how many searches there were: another search draws others."""

    @property
    def project(self) -> Project:
        """Whose parameters they are."""
        return self.folded.project

    @property
    def fits(self) -> int:
        """How many fits it takes at most."""
        return self.budget.trials * (len(self.folded.folds) - 1) + 2 + len(FACTORS)

    @property
    def digest(self) -> str:
        """Of all that shapes a trial; the budget does not, so that more trials go on from fewer."""
        project, folds = self.project, [str(fold.cut) for fold in self.folded.folds]
        code = [source_digest(), libraries(), project.recipe_digest]
        nights = training_set_id(self.folded.nights)
        return digest_of([project.name, code, nights, folds, self.starts, self.seed])


@dataclass(frozen=True)
class Outcome:
    """What a search found, and what it was found on: all folds but the newest."""

    project: Project
    tuned: Tuned
    folds: tuple[FoldRows, ...]
    nights: int
    rows: int
    trained_rows: int

    @property
    def proposed(self) -> ModelFamily:
        """The project's family with the parameters that the rule chooses."""
        return with_params(self.project.family, self.tuned.trials[self.tuned.chosen].params)


def plan_tuning(store: Store, project: Project, as_of: date, budget: Budget) -> Tuning:
    """The folds, and what the search begins with.

    Raises:
        Declined: the project's family has no parameters that could be varied.
        NotYet: there are too few labelled nights.
    """
    if not project.family.inner.space:
        raise Declined(
            f"{project.name}: {project.family.inner.kind} says of no field between which values it "
            f"may be varied (space=); driftloop ladder {project.name} compares families"
        )
    folded = plan_folds(store, project, as_of, "a search", LEAST_CUTS)
    before = newest_search(store, project.name, "tuned")
    seed = (project.seed, len(store.places("searches", project.name)))
    return Tuning(folded, budget, tuple(_starts(project, before)), seed)


def _starts(project: Project, before: Search | None) -> list[Params]:
    varied = project.family.inner
    fields = varied.model_dump()
    starts: list[Params] = [{name: fields[name] for name in varied.space}]
    tuned = before.tuned if before else None
    if tuned and tuned.family["kind"] == varied.kind:
        best = next(trial.params for trial in tuned.trials if trial.number == tuned.best)
        if best.keys() == starts[0].keys() and best not in starts:
            starts.append(best)
    return starts


def tune(
    plan: Tuning,
    clock: Clock,
    tell: Callable[[str], None],
    commit: Callable[[Outcome], Search],
) -> Search:
    """Try, conclude, measure on the fold that was kept out; `tell` hears of each fit.

    Killed before `commit` is done, the same call goes on with the next trial.

    Raises:
        ModelUnusable: the features cannot be made, nothing can judge, or every trial failed.
        Declined: another process makes this very search.
    """
    with journal(plan.folded.store.cache, plan.project.name, plan.digest) as kept:
        *searched, newest = _load(plan.folded)
        trying = Trying(plan.project, searched, plan.budget, clock, tell)
        proposals = Proposals(plan.project.family.inner.space, plan.starts[0], plan.seed)
        noted = trying.run(kept, plan.starts, proposals)
        return commit(_conclude(trying, noted, newest))


def _load(folded: Folded) -> list[FoldRows]:
    """The folds, oldest first; of large data the newest that can be held."""
    loaded: list[FoldRows] = []
    cells = 0
    for fold in reversed(folded.folds):
        if cells > _MOST_CELLS and len(loaded) >= LEAST_CUTS:
            break
        loaded.append(load_fold(folded, fold))
        cells += loaded[-1].prepared[1].values.size
    return loaded[::-1]


def _conclude(trying: Trying, noted: Sequence[Noted], newest: FoldRows) -> Outcome:
    project = trying.project
    trials = [one.trial for one in noted]
    whole = [one for one in noted if one.trial.state == "complete"]
    if not whole:
        raise ModelUnusable(f"{project.name}: every trial failed, the first: {trials[0].failure}")
    units = _units(trying, whole)
    for one, rung in zip(whole, measure_rungs(*units), strict=True):
        measured = Measured.model_validate(vars(rung))
        trials[one.trial.number] = one.trial.model_copy(update={"measured": measured})
    done = [trials[one.trial.number] for one in whole]
    best = min(done, key=lambda trial: trial.measured.loss if trial.measured else np.inf)
    kept_out = _keep_out(trying, trials[0].params, best.params, newest)
    is_better = best.number > 0 and beats_project(trials[0].measured, kept_out)
    sweep = sweep_rates(project, trying.rows[-1], trying.budget.minutes, trying.tell)
    tuned = Tuned(
        family=project.family.inner.model_dump(mode="json"),
        trials=tuple(trials),
        best=best.number,
        chosen=best.number if is_better else 0,
        kept_out=kept_out,
        importance=_importance(done),
        sweep=sweep,
        rounds=sum(trial.rounds for trial in trials),
        budget=trying.budget.rounds,
    )
    rows = int(units[0].rows.sum())
    folds = tuple(trying.rows)
    return Outcome(project, tuned, folds, len(units[0].rows), rows, len(newest.prepared[2]))


def _units(trying: Trying, whole: Sequence[Noted]) -> list[LossSums]:
    """The sums of all whole trials, by night and by bundle."""
    rows = pd.concat([one.judging.units for one in trying.rows], ignore_index=True)
    sizes = [one.rows for one in units_of(rows.assign(one=1.0), ["one"], trying.project.name)]
    sums = [[one.nights for one in whole], [one.bundles for one in whole]]
    return [
        LossSums(rows=size, losses=np.array(each).T)
        for size, each in zip(sizes, sums, strict=False)  # without groups there are no bundles
    ]


def _importance(done: Sequence[Trial]) -> dict[str, float]:
    losses = [trial.measured.loss for trial in done if trial.measured]
    return rank_importance([trial.params for trial in done], losses)


def _keep_out(trying: Trying, project: Params, best: Params, newest: FoldRows) -> KeptOut | None:
    """Both on the newest fold; None where one fails there, or where it is of one night."""
    family = trying.project.family
    try:
        both = []
        for params in (project, best):
            trying.tell("newest fold")
            both.append(trying.fit(with_params(family, params), newest))
        losses = newest.judging.units.assign(project=both[0], best=both[1])
        sums = units_of(losses, ["project", "best"], trying.project.name)
    except ModelUnusable:
        return None
    paired = [PairedNights(one.rows, one.losses[:, 1], one.losses[:, 0]) for one in sums]
    return KeptOut(
        cut=newest.fold.cut,
        nights=len(sums[0].rows),
        rows=len(both[0]),
        project=float(both[0].mean()),
        best=float(both[1].mean()),
        gain=paired[0].gain,
        standard_error=max(one.standard_error for one in paired),
    )
