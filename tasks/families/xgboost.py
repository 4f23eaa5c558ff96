"""Gradient-boosted trees, the one door to XGBoost. Feature building is `tasks.features`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import xgboost
from pydantic import Field

from schemas.curve import Losses, Span
from schemas.project import Matrix, ModelFamily, Parts, Task
from tasks.families.external import train_in_parts
from tasks.families.sound import refuse_unsound

Objective = Literal[
    "reg:squarederror",
    "reg:absoluteerror",
    "reg:pseudohubererror",
    "reg:gamma",
    "reg:tweedie",
    "count:poisson",
]
_OBJECTIVES: dict[Task, str] = {"binary": "binary:logistic", "regression": "reg:squarederror"}
_METRICS: dict[Task, str] = {"binary": "logloss", "regression": "rmse"}
_TRIED_ROWS = 1000


class XGBoost(ModelFamily):
    """Trees by histogram, with native categories. Models are UBJSON, never pickles.

    Bytes are equal for equal inputs, whatever the number of threads; they differ between
    versions of the library, whose version is therefore part of a model's id.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "ubj"
    space: ClassVar[Mapping[str, Span]] = {
        "n_rounds": Span(20, 400, log=True),
        "max_depth": Span(2, 10),
        "learning_rate": Span(0.01, 0.5, log=True),
        "min_child_weight": Span(0.5, 50, log=True),
        "subsample": Span(0.5, 1.0),
    }

    n_rounds: int = Field(default=60, ge=1, description="boosting rounds, one tree each")
    max_depth: int = Field(default=6, ge=1, le=20)
    learning_rate: float = Field(default=0.2, gt=0, le=1)
    min_child_weight: float = Field(default=1.0, ge=0)
    subsample: float = Field(default=1.0, gt=0, le=1)
    # Not in the dump while unset: else every recipe of before would count as another one.
    increasing: tuple[str, ...] = Field(
        default=(),
        exclude_if=lambda names: not names,
        description="features of numbers with which the prediction never falls",
    )
    decreasing: tuple[str, ...] = Field(
        default=(),
        exclude_if=lambda names: not names,
        description="features of numbers with which the prediction never rises",
    )
    objective: Objective | None = Field(
        default=None,
        exclude_if=lambda objective: objective is None,
        description="what a regression's trees minimise; by default the squared error",
    )

    patience: int | None = Field(
        default=None,
        ge=1,
        exclude_if=lambda patience: patience is None,
        description="rounds without a lower loss on the newest tenth of the rows that end a first "
        "fit; the second, on all rows, makes as many rounds as were best",
    )

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit `n_rounds` trees on all rows given, or with `patience` as many as were best."""
        parameters = self._parameters(features, task, seed)
        n_rounds = self.n_rounds
        older = len(features) - len(features) // 10
        if self.patience and 0 < older < len(features):
            fitted, judged = _rows(features, target, 0, older), _rows(features, target, older)
            losses = _train_traced(parameters, fitted, judged, n_rounds, self.patience)
            n_rounds = int(np.argmin(losses.validation)) + 1
        return boost(parameters, features, target, n_rounds)

    def fit_in_parts(self, parts: Parts, task: Task, seed: int) -> bytes:
        """The same on rows of which XGBoost's external memory holds some at a time.

        With `patience` the features are held together: two fits need them.
        """
        if self.patience:
            return super().fit_in_parts(parts, task, seed)
        first, _ = next(parts())
        parameters = {**self._parameters(first, task, seed), "tree_method": "hist"}
        model = train_in_parts(parameters, parts, self.n_rounds)
        refuse_diverged(model, first)
        return model

    def trace(
        self,
        fitted: tuple[Matrix, np.ndarray],
        judged: tuple[Matrix, np.ndarray],
        task: Task,
        seed: int,
    ) -> Losses:
        """The losses after each of `n_rounds` trees; `patience` ends them early."""
        parameters = self._parameters(fitted[0], task, seed)
        return _train_traced(parameters, fitted, judged, self.n_rounds, self.patience)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probability of class 1, or the expected value. The bytes must have been verified."""
        return predict_trees(model, features)

    @property
    def rounds(self) -> int:
        """One pass over the rows a tree; with `patience` those of both fits, at most."""
        return self.n_rounds * (2 if self.patience else 1)

    def _parameters(self, features: Matrix, task: Task, seed: int) -> dict[str, Any]:
        if self.objective and task == "binary":
            raise ValueError(f"objective {self.objective} is one of a regression, not of a chance")
        parameters: dict[str, Any] = {
            "objective": self.objective or _OBJECTIVES[task],
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "min_child_weight": self.min_child_weight,
            "subsample": self.subsample,
            "seed": seed,
        }
        if self.increasing or self.decreasing:
            directions = find_directions(features, self.increasing, self.decreasing)
            parameters["monotone_constraints"] = directions
        return parameters


def boost(parameters: dict[str, Any], features: Matrix, target: np.ndarray, n_rounds: int) -> bytes:
    """Trees by histogram as UBJSON.

    Raises:
        ValueError: features or labels are not sound, or the fit diverged.
    """
    refuse_unsound(features, target)
    rows = _quantised(features, target)
    parameters = {**parameters, "tree_method": "hist"}
    booster = xgboost.train(parameters, rows, num_boost_round=n_rounds)
    model = bytes(booster.save_raw("ubj"))
    refuse_diverged(model, features)
    return model


def refuse_diverged(model: bytes, features: Matrix) -> None:
    """Raise a ValueError where predictions of some of these rows are no finite numbers."""
    every = max(1, len(features) // _TRIED_ROWS)
    tried = Matrix(features.names, features.kinds, features.values[::every])
    broken = int((~np.isfinite(predict_trees(model, tried))).sum())
    if broken:
        raise ValueError(
            f"the fit diverged: {broken} of {len(tried)} predictions are no finite numbers; "
            "try a lower learning_rate, or another objective"
        )


def _train_traced(
    parameters: dict[str, Any],
    fitted: tuple[Matrix, np.ndarray],
    judged: tuple[Matrix, np.ndarray],
    n_rounds: int,
    patience: int | None,
) -> Losses:
    """Mean losses after each tree: log loss of a chance, else squared error, as gates compare."""
    refuse_unsound(*fitted)
    rows = _quantised(*fitted)
    later = _quantised(*judged, ref=rows)
    task: Task = "binary" if parameters["objective"] == _OBJECTIVES["binary"] else "regression"
    metric = _METRICS[task]
    told: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        {**parameters, "tree_method": "hist", "eval_metric": metric},
        rows,
        num_boost_round=n_rounds,
        evals=[(rows, "training"), (later, "validation")],
        evals_result=told,
        early_stopping_rounds=patience,
        verbose_eval=False,
    )
    power = 1 if task == "binary" else 2
    losses = {name: tuple(loss**power for loss in told[name][metric]) for name in told}
    best = int(np.argmin(losses["validation"])) + 1 if patience else None
    return Losses(losses["training"], losses["validation"], best)


def _quantised(
    features: Matrix, target: np.ndarray, ref: xgboost.QuantileDMatrix | None = None
) -> xgboost.QuantileDMatrix:
    return xgboost.QuantileDMatrix(
        features.values,
        label=target,
        feature_types=_feature_types(features),
        enable_categorical=True,
        ref=ref,
    )


def _rows(
    features: Matrix, target: np.ndarray, start: int, stop: int | None = None
) -> tuple[Matrix, np.ndarray]:
    part = Matrix(features.names, features.kinds, features.values[start:stop])
    return part, target[start:stop]


def predict_trees(model: bytes, features: Matrix) -> np.ndarray:
    """What the trees predict, one float64 a row."""
    if len(features) == 0:
        return np.empty(0)
    booster = xgboost.Booster(model_file=bytearray(model))
    rows = xgboost.DMatrix(
        features.values, feature_types=_feature_types(features), enable_categorical=True
    )
    return np.asarray(booster.predict(rows), dtype=np.float64)


def find_directions(
    features: Matrix, increasing: tuple[str, ...], decreasing: tuple[str, ...]
) -> tuple[int, ...]:
    """1, -1 or 0 a feature.

    Raises:
        ValueError: a name is no feature of numbers, or one of both.
    """
    numbers = {
        n for n, kind in zip(features.names, features.kinds, strict=True) if kind != "category"
    }
    if unknown := sorted({*increasing, *decreasing} - numbers):
        raise ValueError(
            f"increasing and decreasing name {', '.join(unknown)}, which are no features of "
            f"numbers; there are {', '.join(sorted(numbers)[:20])}"
        )
    if both := sorted({*increasing} & {*decreasing}):
        raise ValueError(f"{', '.join(both)} cannot be both increasing and decreasing")
    return tuple((name in increasing) - (name in decreasing) for name in features.names)


def _feature_types(features: Matrix) -> list[str]:
    return ["c" if kind == "category" else "q" for kind in features.kinds]
