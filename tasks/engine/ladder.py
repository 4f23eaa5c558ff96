"""A project's ladder: every family fitted at the same past cut-offs and judged on what followed.

The rule that chooses is `tasks.core.rungs`; nothing is stored, and the gates decide on a change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from schemas.errors import ModelUnusable, NotYet
from schemas.project import Matrix, ModelFamily, Project
from tasks.core.held_out import bundles_of
from tasks.core.metrics import row_losses
from tasks.core.rolling import Fold, count_cuts, nights_for, rolling_folds
from tasks.core.rungs import LossSums, Rung, choose_rung, measure_rungs
from tasks.engine.fits import Fitter, Prepared
from tasks.engine.groups import can_judge, rows_to_judge
from tasks.engine.learning import fit_family, known_classes, predict_features, said_of
from tasks.engine.standing import trigger_state
from tasks.engine.usable import UsableNight, usable_nights
from tasks.families.ladder import default_ladder
from tasks.features.build import build_features
from tasks.store import Store
from tasks.store.ledger import read_standing

_LEAST_CUTS = 2
_TIMED_ROWS = 100_000

Clock = Callable[[], float]
"""Seconds, as `time.perf_counter` counts them."""


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

    @property
    def best(self) -> int:
        """The place of the family with the lowest loss."""
        losses = [tried.rung.loss if tried.rung else np.inf for tried in self.tried]
        return int(np.argmin(losses))


@dataclass(frozen=True)
class _Judging:
    """The rows after a cut: features, labels, and what each row counts for."""

    matrix: Matrix
    target: np.ndarray
    units: pd.DataFrame


@dataclass(frozen=True)
class Climb:
    """The folds of a project, ready to be tried."""

    store: Store
    project: Project
    nights: tuple[UsableNight, ...]
    folds: tuple[Fold, ...]
    families: tuple[ModelFamily, ...]

    @property
    def fits(self) -> int:
        """How many fits it takes."""
        return len(self.folds) * len(self.families)


def plan_climb(store: Store, project: Project, as_of: date) -> Climb:
    """Up to 8 cut-offs, 7 nights apart, over the nights that a retrain of that night could use.

    Raises:
        NotYet: there are too few labelled nights.
    """
    standing = read_standing(store, project.name)
    left_out = standing.left_out(trigger_state(store, project.name).faulty)
    usable = usable_nights(store, project, as_of, left_out)
    cuts = count_cuts(len(usable), project.label_delay)
    if cuts < _LEAST_CUTS:
        needed = nights_for(_LEAST_CUTS, project.label_delay)
        raise NotYet(
            f"{project.name}: a ladder needs {needed} labelled nights, and up to {as_of} "
            f"{len(usable)} can be used; load more with "
            f"driftloop night {project.name} --from ... --to ... --history"
        )
    folds = rolling_folds([night.as_of for night in usable], project.label_delay, cuts)
    families = project.ladder or default_ladder(project.family)
    return Climb(store, project, usable, folds, families)


def climb(ladder: Climb, clock: Clock, tell: Callable[[str], None]) -> Ladder:
    """Fit every family at every cut-off; `tell` hears the name of each once it is fitted.

    Raises:
        ModelUnusable: the features cannot be made, nothing can judge, or every family failed.
    """
    tried = [Tried(family) for family in ladder.families]
    losses = []
    for fold in ladder.folds:
        prepared, judging = _prepare(ladder, fold)
        made = {}
        for place, one in enumerate(tried):
            if not one.failure:
                made[str(place)] = _try(ladder.project, one, prepared, judging, clock)
            tell(one.family.kind)
        losses.append(judging.units.assign(**made))
    return _conclude(ladder, tried, pd.concat(losses, ignore_index=True))


def _prepare(ladder: Climb, fold: Fold) -> tuple[Prepared, _Judging]:
    """One training set and one set of judging rows for all families."""
    found = {night.as_of: night for night in ladder.nights}
    store, project = ladder.store, ladder.project
    fitter = Fitter(store, project, {})
    with said_of(project, "making features"):
        prepared = fitter.prepare_to_be_judged([found[night] for night in fold.train])
        judges = [found[night] for night in fold.judge if can_judge(store, project, found[night])]
        frames = [rows_to_judge(store, project, night) for night in judges]
        if not frames:
            raise ModelUnusable(
                f"{project.name}: no row of {fold.judge[0]} to {fold.judge[-1]} is "
                f"of a held-out group of {project.groups}; nothing can judge"
            )
        frame = pd.concat(frames, ignore_index=True)
        matrix = build_features(project.features, prepared[0], frame)
    nights = np.repeat([str(night.as_of) for night in judges], [len(rows) for rows in frames])
    units = pd.DataFrame({"night": nights})
    if project.groups is not None:
        units["bundle"] = bundles_of(frame[project.groups], project.name)
    return prepared, _Judging(matrix, frame[project.target].to_numpy(dtype=np.float64), units)


def _try(
    project: Project, tried: Tried, prepared: Prepared, judging: _Judging, clock: Clock
) -> np.ndarray:
    """The losses of the judging rows; NaN with the reason noted where the family fails."""
    _, matrix, target = prepared
    as_it = project.model_copy(update={"family": tried.family})
    known = known_classes(project, target)
    try:
        start = clock()
        with said_of(as_it, "fitting"):
            model = fit_family(as_it, matrix, target)
        tried.fit_seconds.append(clock() - start)
        tried.model_bytes = len(model)
        speed = _speed(as_it, model, matrix, known, clock)
        tried.rows_a_second = max(tried.rows_a_second, speed)
        said = predict_features(as_it, model, judging.matrix, known)
    except ModelUnusable as error:
        tried.failure = str(error).removeprefix(f"{project.name}: ")
        return np.full(len(judging.target), np.nan)
    return row_losses(project.task, judging.target, said)


def _speed(
    project: Project, model: bytes, matrix: Matrix, known: Sequence[str], clock: Clock
) -> float:
    rows = Matrix(matrix.names, matrix.kinds, matrix.values[-_TIMED_ROWS:])
    start = clock()
    predict_features(project, model, rows, known)
    return len(rows) / max(clock() - start, 1e-9)


def _conclude(ladder: Climb, tried: Sequence[Tried], losses: pd.DataFrame) -> Ladder:
    places = [place for place, one in enumerate(tried) if not one.failure]
    if not places:
        raise ModelUnusable(
            f"{ladder.project.name}: every family failed, the first: {tried[0].failure}"
        )
    nights = _sums(losses, "night", places)
    groups = _sums(losses, "bundle", places) if "bundle" in losses else None
    if min(len(unit.rows) for unit in (nights, groups) if unit) < 2:
        raise ModelUnusable(f"{ladder.project.name}: a single night or held-out group cannot judge")
    rungs = measure_rungs(nights, groups)
    for place, rung in zip(places, rungs, strict=True):
        tried[place].rung = rung
    return Ladder(
        project=ladder.project,
        tried=tuple(tried),
        chosen=places[choose_rung(rungs)],
        folds=ladder.folds,
        nights=len(nights.rows),
        rows=len(losses),
    )


def _sums(losses: pd.DataFrame, unit: str, places: Sequence[int]) -> LossSums:
    by_unit = losses.groupby(unit)[[str(place) for place in places]]
    sizes, sums = (np.asarray(one, dtype=np.float64) for one in (by_unit.size(), by_unit.sum()))
    return LossSums(rows=sizes, losses=sums)
