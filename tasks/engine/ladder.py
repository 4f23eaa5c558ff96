"""A project's ladder: every family fitted at the same past cut-offs and judged on what followed.

The rule that chooses is `tasks.core.rungs`; the gates decide on a change. Its record is a search.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from schemas.errors import ModelUnusable
from schemas.project import Matrix, ModelFamily, Project
from tasks.core.rolling import Fold
from tasks.core.rungs import Rung, choose_rung, measure_rungs
from tasks.engine.fits import Prepared
from tasks.engine.folds import Folded, Judging, load_fold, losses_of, plan_folds, units_of
from tasks.engine.learning import fit_family, known_classes, predict_features, said_of
from tasks.engine.limited import limited
from tasks.engine.trying import Clock
from tasks.families.ladder import default_ladder
from tasks.store import Store

LEAST_CUTS = 2
_TIMED_ROWS = 100_000


@dataclass
class Tried:
    """One family on all folds, or why it failed on one; seconds are of all its fits."""

    family: ModelFamily
    fit_seconds: list[float] = field(default_factory=list)
    model_bytes: int = 0
    rows_a_second: float = 0.0
    failure: str = ""
    rung: Rung | None = None


@dataclass(frozen=True)
class Ladder:
    """What was tried, simplest first, and the place of the family that the rule chooses."""

    project: Project
    tried: tuple[Tried, ...]
    chosen: int
    folds: tuple[Fold, ...]
    nights: int
    rows: int
    trained_rows: int = 0
    """What the fits at the newest cut-off knew."""

    @property
    def best(self) -> int:
        """The place of the family with the lowest loss."""
        losses = [tried.rung.loss if tried.rung else np.inf for tried in self.tried]
        return int(np.argmin(losses))


@dataclass(frozen=True)
class Climb:
    """The folds of a project, ready to be tried; `minutes` is how long one fit may take."""

    folded: Folded
    families: tuple[ModelFamily, ...]
    minutes: float

    @property
    def fits(self) -> int:
        """How many fits it takes."""
        return len(self.folded.folds) * len(self.families)


def plan_climb(store: Store, project: Project, as_of: date, minutes: float) -> Climb:
    """Up to 8 cut-offs, 7 nights apart, over the nights that a retrain of that night could use.

    Raises:
        NotYet: there are too few labelled nights.
    """
    folded = plan_folds(store, project, as_of, "a ladder", LEAST_CUTS)
    rungs = project.ladder or default_ladder(project.family, project.task)
    return Climb(folded, rungs, minutes)


def climb(ladder: Climb, clock: Clock, tell: Callable[[str], None]) -> Ladder:
    """Fit every family at every cut-off; `tell` hears the name of each once it is fitted.

    Raises:
        ModelUnusable: the features cannot be made, nothing can judge, or every family failed.
    """
    tried = [Tried(family) for family in ladder.families]
    losses = []
    trained = 0
    for fold in ladder.folded.folds:
        rows = load_fold(ladder.folded, fold)
        trained = len(rows.prepared[2])
        made = {}
        for place, one in enumerate(tried):
            if not one.failure:
                made[str(place)] = _try(ladder, one, rows.prepared, rows.judging, clock)
            tell(one.family.kind)
        losses.append(rows.judging.units.assign(**made))
    return _conclude(ladder, tried, pd.concat(losses, ignore_index=True), trained)


def _try(
    ladder: Climb, tried: Tried, prepared: Prepared, judging: Judging, clock: Clock
) -> np.ndarray:
    """The losses of the judging rows; NaN with the reason noted where the family fails."""
    _, matrix, target = prepared
    project = ladder.folded.project
    as_it = project.model_copy(update={"family": tried.family})
    known = known_classes(project, target)
    try:
        with limited(ladder.minutes, project.name):
            start = clock()
            with said_of(as_it, "fitting"):
                model = fit_family(as_it, matrix, target)
            tried.fit_seconds.append(clock() - start)
            tried.model_bytes = len(model)
            speed = _speed(as_it, model, matrix, known, clock)
            tried.rows_a_second = max(tried.rows_a_second, speed)
            return losses_of(as_it, model, judging, known)
    except ModelUnusable as error:
        tried.failure = str(error).removeprefix(f"{project.name}: ")
        return np.full(len(judging.target), np.nan)


def _speed(
    project: Project, model: bytes, matrix: Matrix, known: Sequence[str], clock: Clock
) -> float:
    rows = Matrix(matrix.names, matrix.kinds, matrix.values[-_TIMED_ROWS:])
    start = clock()
    predict_features(project, model, rows, known)
    return len(rows) / max(clock() - start, 1e-9)


def _conclude(
    ladder: Climb, tried: Sequence[Tried], losses: pd.DataFrame, trained_rows: int
) -> Ladder:
    project = ladder.folded.project
    places = [place for place, one in enumerate(tried) if not one.failure]
    if not places:
        raise ModelUnusable(f"{project.name}: every family failed, the first: {tried[0].failure}")
    units = units_of(losses, [str(place) for place in places], project.name)
    rungs = measure_rungs(*units)
    for place, rung in zip(places, rungs, strict=True):
        tried[place].rung = rung
    return Ladder(
        project=project,
        tried=tuple(tried),
        chosen=places[choose_rung(rungs)],
        folds=ladder.folded.folds,
        nights=len(units[0].rows),
        rows=len(losses),
        trained_rows=trained_rows,
    )
