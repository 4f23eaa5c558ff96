"""A challenger's memorisation panel: its recipe fitted again on shuffled and on planted labels.

The arithmetic is `tasks.core.memorising`. These fits serve nobody and are never stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from schemas.memorisation import Estimate, Memorisation
from schemas.model import Fit
from schemas.project import Project
from tasks.core import memorising
from tasks.core.leaks import Floats, Part
from tasks.core.memorising import Side
from tasks.engine.learning import (
    constant_after,
    fit_family,
    known_classes,
    predict_constant,
    predict_features,
    said_of,
    weighted,
)
from tasks.features.build import build_features, fit_features


@dataclass(frozen=True)
class Refit:
    """A recipe fitted on rows whose labels were altered."""

    project: Project
    states: Sequence[dict[str, Any]]
    model: bytes
    classes: tuple[str, ...]

    def predict(self, frame: pd.DataFrame) -> Floats:
        """One float64 a row, or one a row and class. Errors as in `tasks.engine.fits.predict`."""
        with said_of(self.project, "predicting"):
            features = build_features(self.project.features, self.states, frame)
        return predict_features(self.project, self.model, features, self.classes)


@dataclass(frozen=True, eq=False)
class Looked:
    """Rows on one side of the split, with the challenger's predictions of them."""

    frame: pd.DataFrame
    part: Part
    scores: Floats


def fit_shuffled(project: Project, frame: pd.DataFrame) -> Refit:
    """The recipe on these rows with their labels shuffled, features and all.

    Raises:
        ModelUnusable: features or family cannot learn from them.
    """
    return _refit(project, frame, memorising.shuffle_labels(_labels(project, frame), project.seed))


def make_panel(
    project: Project, challenger: Fit, training: Looked, gate: Looked, shuffled: Refit
) -> Memorisation:
    """What the challenger, and fits of its recipe, are worth on training rows and on gate rows.

    Raises:
        ModelUnusable: the recipe cannot be fitted on planted labels.
    """
    known, unseen = (
        _side(project, one, predict_constant(project, challenger, len(one.part.target)))
        for one in (training, gate)
    )
    near = memorising.is_near(training.part.features, gate.part.features)
    marked, exposure, fits = _exposure(project, challenger, training)
    return Memorisation(
        rows=len(training.frame),
        nights=len(np.unique(training.part.nights)),
        training_loss=float(known.losses.mean()),
        holdout_loss=float(unseen.losses.mean()),
        gap=memorising.loss_gap(known, unseen),
        lost=memorising.lost_share(known, unseen),
        noise=_shuffled_side(project, training, shuffled).saved,
        noise_gain=_noise_gain(project, training, gate, shuffled),
        canaries=marked,
        exposure=exposure,
        near=int(near.sum()),
        gate_rows=len(near),
        near_loss=float(unseen.losses[near].mean()) if near.any() else None,
        rest_loss=float(unseen.losses[~near].mean()) if not near.all() else None,
        near_gap=memorising.near_gap(unseen, near),
        row_rounds=(fits + 1) * len(training.frame) * project.family.rounds,
    )


def _side(project: Project, looked: Looked, constant: Floats) -> Side:
    part = looked.part
    return Side.of(project.task, part.target, looked.scores, constant, part.nights)


def _shuffled_side(project: Project, training: Looked, shuffled: Refit) -> Side:
    """The fit on shuffled labels, on the very rows and labels that it learned from."""
    target = memorising.shuffle_labels(training.part.target, project.seed)
    scores = shuffled.predict(training.frame)
    constant = constant_after(project, target, len(target))
    return Side.of(project.task, target, scores, constant, training.part.nights)


def _noise_gain(project: Project, training: Looked, gate: Looked, shuffled: Refit) -> Estimate:
    constant = constant_after(project, training.part.target, len(gate.part.target))
    scored = Looked(gate.frame, gate.part, shuffled.predict(gate.frame))
    side = _side(project, scored, constant)
    return memorising.mean_over_nights(side.prior - side.losses, side.nights)


def _exposure(
    project: Project, challenger: Fit, training: Looked
) -> tuple[int, Estimate | None, int]:
    """How many canaries were planted, what became of them, and how many fits it took."""
    target = training.part.target
    rows, planted = memorising.plant_canaries(project.task, target, project.seed)
    if len(rows) < memorising.MIN_UNITS:
        return 0, None, 0
    canaries = training.frame.iloc[rows]
    is_whole = len(training.frame) == challenger.rows
    before = (
        training.scores[rows]
        if is_whole
        else _refit(project, training.frame, target).predict(canaries)
    )
    after = _refit(project, training.frame, planted).predict(canaries)
    if project.task == "multiclass":  # what is followed is the chance of the planted class
        before, after = (_chance_of(scores, planted[rows]) for scores in (before, after))
        exposure = memorising.exposure(before, after, np.zeros(len(rows)), np.ones(len(rows)))
    else:
        exposure = memorising.exposure(before, after, target[rows], planted[rows])
    return len(rows), exposure, 1 if is_whole else 2


def _chance_of(scores: Floats, classes: Floats) -> Floats:
    return np.asarray(scores[np.arange(len(scores)), classes.astype(np.intp)])


def _labels(project: Project, frame: pd.DataFrame) -> Floats:
    return frame[project.target].to_numpy(dtype=np.float64)


def _refit(project: Project, frame: pd.DataFrame, target: Floats) -> Refit:
    with said_of(project, "fitting"):
        frame = frame.assign(**{project.target: target})
        states = fit_features(project.features, frame)
        features = build_features(project.features, states, frame)
        model = fit_family(project, weighted(features, project.weight, frame), target)
    return Refit(project, states, model, known_classes(project, target))
