"""Fits of a replay, kept in a folder of the cache under the digest of all that shaped them.

A replay that was killed finds them there; the folder may be deleted at any time.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.period import parse
from schemas.record import canonical_json, digest_of
from tasks.core.held_out import ONE_OF
from tasks.core.metrics import constant_of
from tasks.engine.fits import libraries, source_digest
from tasks.engine.learning import fit_family, known_classes, known_rates, predict_features, weighted
from tasks.engine.replay.past import Past, Setting, judging_rows
from tasks.features.build import build_features, fit_features

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A model that was fitted on these nights. `prior` is the mean of its labels."""

    id: str
    last_night: date
    rows: int
    prior: float
    states: list[dict[str, Any]] = field(repr=False)
    model: str
    """Sha256 of its bytes."""
    classes: tuple[str, ...] = ()
    rates: tuple[float, ...] = ()


@dataclass(frozen=True)
class Fits:
    """Fits one setting on nights of one past; equal nights are fitted once."""

    past: Past
    setting: Setting
    folder: Path
    _fitted: dict[str, Fitted] = field(default_factory=dict)
    _scores: dict[tuple[str, date], Floats] = field(default_factory=dict)

    def fit(self, nights: Sequence[date]) -> Fitted:
        """The model of these nights, from memory, from the folder, or fitted now."""
        return self._fit(self._id_of(nights), nights, None)

    def fit_to_be_judged(self, nights: Sequence[date]) -> Fitted:
        """The same without the rows of held-out groups, where the setting has groups."""
        groups = self.setting.groups
        fit_id = self._id_of(nights)
        if groups:
            fit_id = digest_of([fit_id, groups, self.setting.name, ONE_OF])
        return self._fit(fit_id, nights, groups)

    def cost(self, fitted: Fitted) -> int:
        """Rows x rounds of this fit."""
        return fitted.rows * self.setting.family.rounds

    def bytes_of(self, fitted: Fitted) -> int:
        """Model and feature state as a store would have them."""
        model = self._model_path(fitted.id).stat().st_size
        return model + len(canonical_json(fitted.states))

    def target(self, nights: Sequence[date]) -> Floats:
        """Labels of these nights, end to end."""
        column = self.past.labelled(nights)[self.setting.target]
        return np.asarray(column.to_numpy(dtype=np.float64))

    def scores(self, fitted: Fitted, nights: Sequence[date]) -> Floats:
        """Predictions for the labelled rows of these nights, end to end, each made once."""
        missing = [night for night in nights if (fitted.id, night) not in self._scores]
        if missing:
            predicted = self._predict(fitted, missing)
            ends = np.cumsum([len(self.past.labelled((night,))) for night in missing])
            parts = np.split(predicted, ends[:-1])
            self._scores.update(
                {(fitted.id, night): part for night, part in zip(missing, parts, strict=True)}
            )
        return np.concatenate([self._scores[fitted.id, night] for night in nights])

    def mean_scores(self, members: Sequence[Fitted], nights: Sequence[date]) -> Floats:
        """The mean of the members' predictions, which is what a champion predicts."""
        return np.asarray(np.mean([self.scores(one, nights) for one in members], axis=0))

    def judges(self, nights: Sequence[date]) -> npt.NDArray[np.bool_]:
        """Which labelled rows of these nights judge."""
        return judging_rows(self.past, self.setting, nights)

    def can_learn(self, nights: Sequence[date]) -> bool:
        """Whether rows are left without the held-out groups, and their labels differ."""
        target = self.target(nights)
        return self.setting.groups is None or len(np.unique(target[~self.judges(nights)])) > 1

    def _fit(self, fit_id: str, nights: Sequence[date], groups: str | None) -> Fitted:
        if fit_id not in self._fitted:
            self._fitted[fit_id] = self._read(fit_id) or self._make(fit_id, nights, groups)
        return self._fitted[fit_id]

    def _id_of(self, nights: Sequence[date]) -> str:
        return digest_of([self.past.training_set(nights), *self._shaped_by])

    @cached_property
    def _shaped_by(self) -> list[Any]:
        return [self.setting.recipe, libraries(), source_digest()]

    def _make(self, fit_id: str, nights: Sequence[date], groups: str | None) -> Fitted:
        setting = self.setting
        frame = self.past.labelled(nights)
        if groups:
            frame = frame[~self.judges(nights)].reset_index(drop=True)
        states = fit_features(setting.features, frame)
        target = frame[setting.target].to_numpy(dtype=np.float64)
        matrix = weighted(build_features(setting.features, states, frame), setting.weight, frame)
        model = fit_family(setting, matrix, target)
        body = {
            "last_night": str(nights[-1]),
            "rows": len(frame),
            "prior": constant_of(setting.task, target),
            "classes": known_classes(setting, target),
            "rates": known_rates(setting, target),
            "states": states,
            "model": hashlib.sha256(model).hexdigest(),
        }
        _write(self._model_path(fit_id), model)
        _write(self.folder / f"{fit_id}.json", canonical_json(body))
        return _fitted(fit_id, body)

    def _read(self, fit_id: str) -> Fitted | None:
        """The fit as the folder has it; None when any of it is missing or damaged."""
        try:
            fitted = _fitted(fit_id, json.loads((self.folder / f"{fit_id}.json").read_bytes()))
            model = self._model_path(fit_id).read_bytes()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return fitted if hashlib.sha256(model).hexdigest() == fitted.model else None

    def _predict(self, fitted: Fitted, nights: Sequence[date]) -> Floats:
        frame = self.past.labelled(nights)
        matrix = build_features(self.setting.features, fitted.states, frame)
        model = self._model_path(fitted.id).read_bytes()
        return predict_features(self.setting, model, matrix, fitted.classes)

    def _model_path(self, fit_id: str) -> Path:
        return self.folder / f"{fit_id}.{self.setting.family.suffix}"


def _fitted(fit_id: str, body: dict[str, Any]) -> Fitted:
    return Fitted(
        id=fit_id,
        last_night=parse(body["last_night"]),
        rows=int(body["rows"]),
        prior=float(body["prior"]),
        states=list(body["states"]),
        model=str(body["model"]),
        classes=tuple(body["classes"]),
        rates=tuple(body["rates"]),
    )


def _write(path: Path, data: bytes) -> None:
    """The whole file or none of it, whatever is killed when."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{secrets.token_hex(8)}")
    aside.write_bytes(data)
    aside.replace(path)
