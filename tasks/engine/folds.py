"""Rolling-origin folds of a project with their rows: what a search fits on, and what judges.

Which nights they are is `tasks.core.rolling`; what is tried on them is `.ladder` and `.tuning`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas.errors import ModelUnusable, NotYet
from schemas.project import Matrix, Project
from tasks.core.held_out import bundles_of
from tasks.core.metrics import row_losses
from tasks.core.rolling import Fold, count_cuts, nights_for, rolling_folds
from tasks.core.rungs import LossSums
from tasks.engine.fits import Fitter, Prepared
from tasks.engine.groups import can_judge, rows_to_judge
from tasks.engine.learning import predict_features, said_of
from tasks.engine.standing import trigger_state
from tasks.engine.usable import UsableNight, usable_nights
from tasks.features.build import build_features
from tasks.store import Store
from tasks.store.ledger import read_standing


@dataclass(frozen=True)
class Folded:
    """The folds of a project, before any row is read."""

    store: Store
    project: Project
    nights: tuple[UsableNight, ...]
    folds: tuple[Fold, ...]


@dataclass(frozen=True, eq=False)
class Judging:
    """The rows after a cut: features, labels, and the night, and group, that each counts for."""

    matrix: Matrix
    target: np.ndarray
    units: pd.DataFrame


@dataclass(frozen=True, eq=False)
class FoldRows:
    """One fold: what fits learn from, and what judges them."""

    fold: Fold
    prepared: Prepared
    judging: Judging


def plan_folds(store: Store, project: Project, as_of: date, what: str, least: int) -> Folded:
    """Up to 8 cut-offs, 7 nights apart, over the nights that a retrain of that night could use.

    Raises:
        NotYet: there are too few labelled nights for the `least` cut-offs.
    """
    standing = read_standing(store, project.name)
    left_out = standing.left_out(trigger_state(store, project.name).faulty)
    usable = usable_nights(store, project, as_of, left_out)
    cuts = count_cuts(len(usable), project.label_delay)
    if cuts < least:
        needed = nights_for(least, project.label_delay)
        raise NotYet(
            f"{project.name}: {what} needs {needed} labelled nights, and up to {as_of} "
            f"{len(usable)} can be used; load more with "
            f"driftloop night {project.name} --from ... --to ... --history"
        )
    folds = rolling_folds([night.as_of for night in usable], project.label_delay, cuts)
    return Folded(store, project, tuple(usable), folds)


def load_fold(folded: Folded, fold: Fold) -> FoldRows:
    """One training set and one set of judging rows for all that is tried.

    Raises:
        ModelUnusable: the features cannot be made, or nothing can judge.
    """
    found = {night.as_of: night for night in folded.nights}
    store, project = folded.store, folded.project
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
    target = frame[project.target].to_numpy(dtype=np.float64)
    return FoldRows(fold, prepared, Judging(matrix, target, units))


def losses_of(project: Project, model: bytes, judging: Judging, known: Sequence[str]) -> np.ndarray:
    """The model's loss on each judging row.

    Raises:
        ModelUnusable: it fails on these rows, or predicts another shape or no finite numbers.
    """
    said = predict_features(project, model, judging.matrix, known)
    return row_losses(project.task, judging.target, said)


def sum_losses(losses: pd.DataFrame, unit: str, columns: Sequence[str]) -> LossSums:
    """Rows and loss sums by night or by bundle; `losses` has a column of losses a rung."""
    by_unit = losses.groupby(unit)[list(columns)]
    sizes, sums = (np.asarray(one, dtype=np.float64) for one in (by_unit.size(), by_unit.sum()))
    return LossSums(rows=sizes, losses=sums)


def units_of(losses: pd.DataFrame, columns: Sequence[str], project: str) -> list[LossSums]:
    """The sums by night and, where held-out groups judge, by bundle.

    Raises:
        ModelUnusable: there is but one of either, which has no standard error.
    """
    units = [sum_losses(losses, unit, columns) for unit in ("night", "bundle") if unit in losses]
    if min(len(unit.rows) for unit in units) < 2:
        raise ModelUnusable(f"{project}: a single night or held-out group cannot judge")
    return units
