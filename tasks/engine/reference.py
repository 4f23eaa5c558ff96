"""What a new champion is watched with: its drift reference, a sample for plots, its quality null.

They are made once, from nights before the stand-in's cut, and stored with the champion.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from schemas.contract import columns_of, is_category, names_of, sensitive_names
from schemas.model import Card, Fit
from schemas.monitoring import ColumnKind, DriftReference, NightLoss
from schemas.project import Project
from schemas.record import ObjectRef, canonical_json
from tasks.core.calibration import calibrate
from tasks.core.coding import words_of
from tasks.core.metrics import row_losses
from tasks.core.plan import embargo_of
from tasks.engine.fits import Fitter, predict
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.pruning import Length, length_of
from tasks.engine.usable import UsableNight, labelled_rows, nights_known_by
from tasks.report import SAMPLE_ROWS
from tasks.store import Store

NULL_NIGHTS = 64
BLOCK = 8


@dataclass(frozen=True)
class Reference:
    """References to the stored drift reference and its sample."""

    drift: ObjectRef
    sample: ObjectRef


def make_reference(store: Store, project: Project, nights: Sequence[UsableNight]) -> Reference:
    """Calibrate on the newest nights of these; sensitive columns stay out of the sample."""
    newest = nights[-project.policy.reference_nights :]
    kinds = watched_columns(project)
    frames = [
        (night.as_of, with_words(labelled_rows(store, project, night), project)) for night in newest
    ]
    drift = calibrate(frames, kinds, label=label_of(project), alpha=project.policy.drift_alpha)
    shown = [name for name in kinds if name not in sensitive_names(project.contract)]
    everything = pd.concat([frame[shown] for _, frame in frames], ignore_index=True)
    sample = everything.sample(min(SAMPLE_ROWS, len(everything)), random_state=project.seed)
    return Reference(
        drift=store.add_bytes(project.name, canonical_json(drift.model_dump(mode="json")), "json"),
        sample=save_frame(store, project.name, sample.reset_index(drop=True)),
    )


class Labelled(Protocol):
    """What of a project says how its labels are watched."""

    @property
    def target(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...


def label_of(labelled: Labelled) -> tuple[str, ColumnKind]:
    """The column of labels and how it is compared."""
    return labelled.target, "category" if labelled.classes else "number"


def with_words(frame: pd.DataFrame, labelled: Labelled) -> pd.DataFrame:
    """Labelled rows with the names of their classes: codes change when a class is added."""
    if not labelled.classes:
        return frame
    codes = frame[labelled.target].to_numpy(dtype=np.float64)
    return frame.assign(**{labelled.target: words_of(codes, labelled.classes).to_numpy()})


def read_reference(store: Store, card: Card) -> tuple[DriftReference, pd.DataFrame]:
    """The champion's drift reference and its sample, verified."""
    drift = DriftReference.model_validate(json.loads(store.read_bytes(card.reference)))
    return drift, load_frame(store, card.reference_sample)


def watched_columns(project: Project) -> dict[str, ColumnKind]:
    """Every feature column of the contract with how it is compared."""
    columns = columns_of(project.contract)
    return {
        name: "category" if is_category(columns[name]) else "number"
        for name in names_of(project.contract, "feature")
    }


def null_by_blocks(
    fitter: Fitter, nights: Sequence[UsableNight], windows: Sequence[Length]
) -> tuple[tuple[NightLoss, ...], int]:
    """Losses of up to 8 blocks of 8 nights, each scored by the recipe fitted on the nights before.

    That is the mean of its fits on these training windows. Returns the losses and the cost in
    rows x rounds. Before the first block there are as many nights as a first champion needs; with
    fewer nights there are fewer blocks.
    """
    project = fitter.project
    first_train = project.policy.min_nights + embargo_of(project.label_delay)
    losses: list[NightLoss] = []
    cost = 0
    for start in block_starts(len(nights), first_train):
        cut = nights[start].as_of
        fits, spent = _fit_each(fitter, nights_known_by(project, nights, cut), cut, windows)
        cost += spent
        losses += _losses(fitter, fits, nights[start : start + BLOCK])
    return tuple(losses), cost


def null_since(
    fitter: Fitter,
    train: Sequence[UsableNight],
    nights: Sequence[UsableNight],
    cut: date,
    windows: Sequence[Length],
) -> tuple[list[NightLoss], int]:
    """Losses of the nights from the cut on, by the recipe fitted on all rows of `train`; the cost.

    Mostly an earlier refit, which costs nothing.
    """
    fits, spent = _fit_each(fitter, train, cut, windows)
    return _losses(fitter, fits, [night for night in nights if night.as_of >= cut]), spent


def _fit_each(
    fitter: Fitter, nights: Sequence[UsableNight], cut: date, windows: Sequence[Length]
) -> tuple[list[Fit], int]:
    """A fit on each of the windows, those longer than the history once; the cost."""
    lengths = {length_of(window, len(nights)) for window in windows}
    fitted = [fitter.fit(nights[-length:], cut) for length in sorted(lengths, reverse=True)]
    return [fit for fit, _ in fitted], sum(spent for _, spent in fitted)


def _losses(fitter: Fitter, fits: Sequence[Fit], nights: Sequence[UsableNight]) -> list[NightLoss]:
    losses = []
    for night in nights:
        frame = labelled_rows(fitter.store, fitter.project, night)
        scores = predict(fitter.store, fitter.project, fits, frame)
        losses.append(night_loss(fitter.project, night.as_of, frame, scores))
    return losses


def block_starts(nights: int, first_train: int) -> range:
    """Where blocks of 8 nights begin: the newest 8, or as many as leave `first_train` before.

    >>> list(block_starts(nights=50, first_train=28))
    [34, 42]
    """
    blocks = min(NULL_NIGHTS // BLOCK, (nights - first_train) // BLOCK)
    return range(nights - max(blocks, 0) * BLOCK, nights, BLOCK)


def night_loss(
    project: Project, as_of: date, labelled: pd.DataFrame, scores: np.ndarray
) -> NightLoss:
    """Mean loss of one night's labelled rows."""
    target = labelled[project.target].to_numpy(dtype=np.float64)
    loss = float(row_losses(project.task, target, scores).mean())
    return NightLoss(as_of=as_of, rows=len(labelled), loss=loss)


def extend_null(before: Sequence[NightLoss], gate: Sequence[NightLoss]) -> tuple[NightLoss, ...]:
    """The newest 64 nights of both; a night that both hold counts as the gate saw it."""
    by_night = {night.as_of: night for night in (*before, *gate)}
    return tuple(by_night[as_of] for as_of in sorted(by_night))[-NULL_NIGHTS:]
