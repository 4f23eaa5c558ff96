"""Fits and predictions on a stream, kept on disk under the digest of all that went into them.

Features and model family are the project's own; what is compared is the rows' business.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost

from benchmarks.streams import Indices, Stream, day
from schemas.judgement import Contest, GateNight, Kind
from schemas.monitoring import NightLoss
from schemas.project import FeatureStep, Matrix, ModelFamily
from tasks.core.metrics import night_losses, row_losses
from tasks.families.xgboost import XGBoost
from tasks.features.build import build_features, fit_features
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers

Floats = npt.NDArray[np.float64]
Nights = Sequence[int] | Indices

TREES = XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2)
# Nights a model is fitted on where the row does not say otherwise.
WINDOW = 91


@dataclass(frozen=True)
class Scores:
    """Predictions of the labelled rows of some nights; `places` numbers each row's night."""

    places: Indices
    target: Floats
    prediction: Floats


@dataclass(frozen=True)
class Learner:
    """Fits recipes on one stream."""

    stream: Stream
    cache: Path

    def score(
        self,
        train: Nights,
        test: Nights,
        family: ModelFamily = TREES,
        seed: int = 0,
        spoil: Callable[[Floats, Indices], Floats] | None = None,
    ) -> Scores:
        """Fit on the nights `train`, predict the nights `test`.

        `spoil` alters the training labels, given them and each one's place in `train`.
        """
        rows, places = self.stream.learned_rows(train)
        target = self.target_of(rows)
        if spoil is not None:
            target = spoil(target, places)
        test_rows, test_places = self.stream.learned_rows(test)
        prediction = self._predict(rows, target, test_rows, family, seed)
        return Scores(test_places, self.target_of(test_rows), prediction)

    def night_losses(self, scores: Scores, first: int = 0) -> tuple[NightLoss, ...]:
        """Losses by night, dated from place `first` of the span on."""
        dates = np.array([day(first + int(place)) for place in scores.places], dtype=object)
        task = self.stream.recipe.task
        return night_losses(task, dates, scores.target, scores.prediction)

    def contest(self, kind: Kind, challenger: Scores, rival: Scores, first: int = 0) -> Contest:
        """What the gates judge: loss sums by night of two models on the same rows."""
        sums = [self._loss_sums(scores) for scores in (challenger, rival)]
        rows = np.bincount(challenger.places)
        nights = tuple(
            GateNight(
                as_of=day(first + int(place)),
                rows=int(rows[place]),
                challenger=float(sums[0][place]),
                rival=float(sums[1][place]),
                prior=0.0,
            )
            for place in np.flatnonzero(rows)
        )
        return Contest(kind=kind, nights=nights, metrics={})

    def row_gains(self, challenger: Scores, rival: Scores) -> Floats:
        """Loss that the challenger saves on each row."""
        task, target = self.stream.recipe.task, rival.target
        return row_losses(task, target, rival.prediction) - row_losses(
            task, target, challenger.prediction
        )

    def target_of(self, rows: Indices) -> Floats:
        """Labels of rows by position."""
        labels = self.stream.frame[self.stream.recipe.target].to_numpy(dtype=np.float64)
        return np.asarray(labels[rows])

    def _loss_sums(self, scores: Scores) -> Floats:
        losses = row_losses(self.stream.recipe.task, scores.target, scores.prediction)
        return np.asarray(np.bincount(scores.places, weights=losses), dtype=np.float64)

    def _predict(
        self, rows: Indices, target: Floats, test_rows: Indices, family: ModelFamily, seed: int
    ) -> Floats:
        learned, asked = self.features(rows, test_rows)
        described = f"{family.model_dump_json()} {seed} {xgboost.__version__}".encode()
        parts = [learned.values.tobytes(), target.tobytes(), asked.values.tobytes(), described]
        path = self.cache / f"{hashlib.sha256(b'|'.join(parts)).hexdigest()}.npy"
        if not path.exists():
            model = family.fit(learned, target, self.stream.recipe.task, seed)
            self.cache.mkdir(parents=True, exist_ok=True)
            np.save(path, family.predict(model, asked))
        return np.asarray(np.load(path), dtype=np.float64)

    def features(self, rows: Indices, test_rows: Indices) -> tuple[Matrix, Matrix]:
        """What a model sees of training rows and of others, fitted on the former."""
        recipe = self.stream.recipe
        steps: list[FeatureStep] = [Numbers(columns=recipe.numbers + recipe.clock)]
        if recipe.categories:
            steps.append(Categories(columns=recipe.categories))
        train, test = self.stream.frame.iloc[rows], self.stream.frame.iloc[test_rows]
        states = fit_features(steps, train)
        return build_features(steps, states, train), build_features(steps, states, test)


def part(scores: Scores, first: int, nights: int) -> Scores:
    """The scores of some of the nights, their places counted from 0 again."""
    inside = (scores.places >= first) & (scores.places < first + nights)
    return Scores(scores.places[inside] - first, scores.target[inside], scores.prediction[inside])
