"""Fits: a recipe on a training set, named after all that shaped it, reused when it exists.

What a fit is judged by is `tasks.engine.contest`; feature steps and families do the work.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from schemas.errors import Damaged, Missing, ModelUnusable
from schemas.model import Fit
from schemas.project import Matrix, Project
from schemas.record import ObjectRef, canonical_json, digest_of
from tasks.core.held_out import ONE_OF
from tasks.core.metrics import constant_of
from tasks.engine.groups import rows_to_learn
from tasks.engine.large_fit import Made, fit_in_parts, is_large
from tasks.engine.learning import (
    fit_family,
    known_classes,
    known_rates,
    predict_features,
    said_of,
    weighted,
)
from tasks.engine.usable import UsableNight, labelled_rows, training_frame
from tasks.features.build import build_features, fit_features
from tasks.store import Store

_SHAPING = ("holidays", "numpy", "pandas", "safetensors", "scikit-learn", "scipy", "xgboost")
_SOURCES = ("features", "families", "core")

Prepared = tuple[list[dict[str, Any]], Matrix, np.ndarray]
"""Feature states, features and target of a training set."""


@dataclass(frozen=True)
class Fitter:
    """Fits one project's recipe on nights of one store. `known` are fits that may be reused."""

    store: Store
    project: Project
    known: dict[str, Fit]

    def fit(
        self,
        nights: Sequence[UsableNight],
        cut: date,
        prepare: Callable[[], Prepared] | None = None,
    ) -> tuple[Fit, int]:
        """The fit on all rows of these nights, and its cost in rows x rounds: 0 when it existed.

        `prepare` gives what `self.prepare(nights)` would, for callers that have it already.
        """
        return self._fit(nights, cut, None, prepare)

    def fit_to_be_judged(
        self,
        nights: Sequence[UsableNight],
        cut: date,
        prepare: Callable[[], Prepared] | None = None,
    ) -> tuple[Fit, int]:
        """The same without the rows of held-out groups, where the project has groups.

        `prepare` gives what `self.prepare_to_be_judged(nights)` would.
        """
        return self._fit(nights, cut, self.project.groups, prepare)

    def _fit(
        self,
        nights: Sequence[UsableNight],
        cut: date,
        groups: str | None,
        prepare: Callable[[], Prepared] | None,
    ) -> tuple[Fit, int]:
        training_set = training_set_id(nights, _held_out(self.project, groups))
        fit_id = _fit_id(self.project, training_set)
        known = self.known.get(fit_id)
        if known and all(is_intact(self.store, ref) for ref in (known.model, known.features)):
            return known, 0
        project, store = self.project, self.store
        made = self.make(nights, groups, prepare)
        suffix, rates = project.family.suffix, known_rates(project, made.target)
        fit = Fit(
            id=fit_id,
            training_set=training_set,
            first_night=nights[0].as_of,
            last_night=nights[-1].as_of,
            cut=cut,
            nights=len(nights),
            rows=len(made.target),
            rounds=project.family.rounds,
            prior=max(rates, default=constant_of(project.task, made.target)),
            model=store.add_bytes(project.name, made.model, suffix),
            features=store.add_bytes(project.name, made.features, "json"),
            without_groups=groups,
            parts=made.parts,
            classes=known_classes(project, made.target),
            rates=rates,
        )
        return fit, fit.rows * fit.rounds

    def make(
        self,
        nights: Sequence[UsableNight],
        groups: str | None,
        prepare: Callable[[], Prepared] | None = None,
    ) -> Made:
        """Model and feature state as they would be stored; errors as in `predict`."""
        project, store = self.project, self.store
        with said_of(project, "fitting"):
            if is_large(project, nights):
                chosen = rows_to_learn if groups else labelled_rows
                return fit_in_parts(project, nights, partial(chosen, store, project))
            make = prepare or partial(self.prepare_to_be_judged if groups else self.prepare, nights)
            states, matrix, target = make()
            model = fit_family(project, matrix, target)
        return Made(model, canonical_json(states), target)

    def prepare(self, nights: Sequence[UsableNight]) -> Prepared:
        """Feature states, features and target; the rows themselves are let go before the fit."""
        return self._prepare(training_frame(self.store, self.project, nights))

    def prepare_to_be_judged(self, nights: Sequence[UsableNight]) -> Prepared:
        """The same without the rows of held-out groups.

        Raises:
            ModelUnusable: there is nothing to be learned from the other groups.
        """
        project = self.project
        if project.groups is None:
            return self.prepare(nights)
        parts = [rows_to_learn(self.store, project, night) for night in nights]
        frame = pd.concat(parts, ignore_index=True)
        if frame[project.target].nunique() < 2:
            raise ModelUnusable(
                f"{project.name}: without the held-out fifth of {project.groups} "
                f"{len(frame):,} rows are left, with one label at most; groups= needs a column "
                "of more values, or more nights"
            )
        return self._prepare(frame)

    def _prepare(self, frame: pd.DataFrame) -> Prepared:
        states = fit_features(self.project.features, frame)
        target = frame[self.project.target].to_numpy(dtype=np.float64, copy=True)
        matrix = build_features(self.project.features, states, frame)
        return states, weighted(matrix, self.project.weight, frame), target


def training_set_id(nights: Sequence[UsableNight], held_out: Any = None) -> str:
    """Digest of the batches and labels, in order, and of what their rows look back at.

    `held_out` says which of their rows are left out.
    """
    whole = [
        [night.batch.id, night.labels.id, *([night.past.id] if night.past.id else [])]
        for night in nights
    ]
    return digest_of([whole, held_out] if held_out else whole)


def judged_set_id(project: Project, nights: Sequence[UsableNight]) -> str:
    """The training set of a fit that is to be judged."""
    return training_set_id(nights, _held_out(project, project.groups))


def _held_out(project: Project, groups: str | None) -> Any:
    return {"groups": groups, "of": project.name, "one_of": ONE_OF} if groups else None


def predict(
    store: Store, project: Project, members: Sequence[Fit], frame: pd.DataFrame
) -> np.ndarray:
    """Mean prediction of the members, one float64 a row, or one a row and class.

    Raises:
        Missing, Damaged: a member's files are not what its card says.
        ModelUnusable: features or family fail on these rows, or a prediction is not finite.
    """
    told = []
    for member in members:
        model = store.read_bytes(member.model)
        with said_of(project, "predicting"):
            features = features_of(store, project, member, frame)
        told.append(predict_features(project, model, features, member.classes))
    return np.asarray(sum(told) / len(members))


def features_of(store: Store, project: Project, member: Fit, frame: pd.DataFrame) -> Matrix:
    """The member's features of these rows: the same code path as in training."""
    states = json.loads(store.read_bytes(member.features))
    return build_features(project.features, states, frame)


def is_intact(store: Store, ref: ObjectRef) -> bool:
    """Whether the stored object is there and is what its record says."""
    try:
        store.fetch(ref)
    except (Missing, Damaged):
        return False
    return True


def libraries() -> dict[str, str]:
    """Versions of the libraries that shape a model."""
    return {name: version(name) for name in _SHAPING}


@cache
def source_digest() -> str:
    """Digest of the source that shapes a model: features, families, core; not the commit."""
    folder = Path(__file__).parent.parent
    files = sorted(path for name in _SOURCES for path in (folder / name).glob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _fit_id(project: Project, training_set: str) -> str:
    cleaning = [step.model_dump(mode="json") for step in project.cleaning]
    shaped_by = [training_set, project.recipe_digest, libraries(), source_digest()]
    return digest_of([*shaped_by, cleaning] if cleaning else shaped_by)
