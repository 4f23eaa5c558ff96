"""The seasonal constant: the mean of the newest rows of the same hour and weekday, say.

What it predicts from its table is `tasks.families.seasons`, which also stands in pulled folders;
the features that tell seasons apart are made by `tasks.features`.
"""

import json
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from schemas.curve import Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.families.seasons import predict, seasons_of
from tasks.families.sound import no_quantile, refuse_infinite, refuse_unsound

_MOST = 10_000
"""Seasons of a model: beyond it the features are no seasons, and the model is not small."""


class Seasonal(ModelFamily):
    """Predicts the mean, or the rates, of the newest training rows with the same values of `by`.

    With `newest=1` and one row an hour it is the seasonal naive forecast (Hyndman and
    Athanasopoulos, Forecasting: Principles and Practice, section 5.2), with more the mean of that
    many. Numbers count by their whole part. Rows of values that training never had together, and
    those with a gap, get the mean of all. Chances and counts are drawn towards that by the weight
    of one row, so that a handful of equal labels makes nothing certain.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"
    space: ClassVar[Mapping[str, Span]] = {"newest": Span(1, 100, log=True)}

    by: tuple[str, ...] = Field(
        min_length=1, description='features that tell seasons apart, such as ("hour", "weekday")'
    )
    newest: int = Field(default=4, ge=1, description="rows of a season that count, at most")

    @field_validator("by")
    @classmethod
    def _names_each_once(cls, by: tuple[str, ...]) -> tuple[str, ...]:
        if twice := sorted({name for name in by if by.count(name) > 1}):
            raise ValueError(f"by names {', '.join(twice)} more than once")
        return by

    def objection(self, task: Task) -> str | None:
        """It learns means."""
        return no_quantile(self.kind, task)

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Tabulate the newest rows of each season; rows come oldest first."""
        refuse_unsound(features, target, task)
        by = self._positions(features)
        outcomes = (
            np.eye(int(target.max()) + 1)[target.astype(np.intp)]
            if _is_class(task)
            else (target[:, np.newaxis])
        )
        weights = np.ones(len(target)) if features.weights is None else features.weights
        prior = np.average(outcomes, axis=0, weights=weights)
        values = seasons_of(features.values[:, by])
        known = np.flatnonzero(~np.isnan(values).any(axis=1))
        seasons, season = np.unique(values[known], axis=0, return_inverse=True)
        if len(seasons) > _MOST:
            raise ValueError(
                f"by={self.by!r} tells {len(seasons):,} seasons apart, more than {_MOST:,}; name "
                "features of fewer values"
            )
        kept = _newest(season.reshape(-1), self.newest)
        rows, season = known[kept], season.reshape(-1)[kept]
        drawn = 0.0 if task == "regression" else float(weights.mean())
        said = _means(outcomes[rows], weights[rows], season, prior, drawn)
        model = {
            "width": len(features.names),
            "by": by,
            "seasons": seasons.tolist(),
            "said": (said if _is_class(task) else said[:, 0]).tolist(),
            "prior": (prior if _is_class(task) else prior[0]).tolist(),
        }
        return json.dumps(model).encode()

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """What was tabulated of each row's season."""
        refuse_infinite(features)
        return predict(json.loads(model), features.values)

    @property
    def rounds(self) -> int:
        """One pass over the rows."""
        return 1

    def _positions(self, features: Matrix) -> list[int]:
        if unknown := [name for name in self.by if name not in features.names]:
            raise ValueError(
                f"by names {', '.join(unknown)}, which are no features; there are "
                f"{', '.join(sorted(features.names)[:20])}"
            )
        return [features.names.index(name) for name in self.by]


def _is_class(task: Task) -> bool:
    return task == "multiclass"


def _newest(season: np.ndarray, count: int) -> np.ndarray:
    """The places of the last `count` rows of each season."""
    order = np.argsort(season, kind="stable")
    ends = np.cumsum(np.bincount(season, minlength=1))
    return np.sort(order[ends[season[order]] - np.arange(len(order)) <= count])


def _means(
    outcomes: np.ndarray, weights: np.ndarray, season: np.ndarray, prior: np.ndarray, drawn: float
) -> np.ndarray:
    """The mean outcome of each season, `prior` counting for `drawn` rows; `prior` without any."""
    count = int(season.max(initial=-1)) + 1
    mass = np.bincount(season, weights, count) + drawn
    sums = (
        np.column_stack([np.bincount(season, weights * one, count) for one in outcomes.T])
        + drawn * prior
    )
    has_rows = mass > 0
    means = np.tile(prior, (count, 1))
    means[has_rows] = sums[has_rows] / mass[has_rows, np.newaxis]
    return means
