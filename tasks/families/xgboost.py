"""Gradient-boosted trees, the one door to XGBoost. Feature building is `tasks.features`."""

from typing import Any, ClassVar, Literal

import numpy as np
import xgboost
from pydantic import Field

from schemas.project import Matrix, ModelFamily, Task
from tasks.families.sound import refuse_unsound

Objective = Literal[
    "reg:squarederror",
    "reg:absoluteerror",
    "reg:pseudohubererror",
    "reg:gamma",
    "reg:tweedie",
    "count:poisson",
]
_OBJECTIVES: dict[Task, str] = {
    "binary": "binary:logistic",
    "multiclass": "multi:softprob",
    "regression": "reg:squarederror",
    "count": "count:poisson",
}
_OF_COUNTS = ("count:poisson", "reg:tweedie")
"""Objectives whose predictions are never below 0, whatever the labels."""
_TRIED_ROWS = 1000


class XGBoost(ModelFamily):
    """Trees by histogram, with native categories. Models are UBJSON, never pickles.

    Bytes are equal for equal inputs, whatever the number of threads; they differ between
    versions of the library, whose version is therefore part of a model's id.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "ubj"

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
        description="what trees minimise: by default of a regression the squared error, of counts "
        "the Poisson deviance",
    )

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit `n_rounds` trees on all rows given."""
        refuse_unsound(features, target, task)
        self._refuse_objective(task)
        parameters = {
            "objective": self.objective or _OBJECTIVES[task],
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "min_child_weight": self.min_child_weight,
            "subsample": self.subsample,
            "seed": seed,
        }
        if task == "multiclass":
            parameters["num_class"] = int(target.max()) + 1
        if self.increasing or self.decreasing:
            directions = find_directions(features, self.increasing, self.decreasing)
            parameters["monotone_constraints"] = directions
        return boost(parameters, features, target, self.n_rounds)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probabilities, or the expected value. The bytes must have been verified."""
        return predict_trees(model, features)

    @property
    def rounds(self) -> int:
        """One pass over the rows a tree."""
        return self.n_rounds

    def _refuse_objective(self, task: Task) -> None:
        if self.objective and task in {"binary", "multiclass"}:
            raise ValueError(f"objective {self.objective} is one of a regression, not of a chance")
        if self.objective and task == "count" and self.objective not in _OF_COUNTS:
            raise ValueError(
                f"objective {self.objective} may predict counts below 0, or refuse those of 0; "
                f"choose {' or '.join(_OF_COUNTS)}"
            )


def boost(parameters: dict[str, Any], features: Matrix, target: np.ndarray, n_rounds: int) -> bytes:
    """Trees by histogram as UBJSON; of sound features and labels, one column or one a class.

    Raises:
        ValueError: the fit diverged.
    """
    rows = xgboost.QuantileDMatrix(
        features.values,
        label=target,
        weight=features.weights,
        feature_types=_feature_types(features),
        enable_categorical=True,
    )
    parameters = {**parameters, "tree_method": "hist"}
    booster = xgboost.train(parameters, rows, num_boost_round=n_rounds)
    model = bytes(booster.save_raw("ubj"))
    every = max(1, len(features) // _TRIED_ROWS)
    tried = Matrix(features.names, features.kinds, features.values[::every])
    broken = int((~np.isfinite(predict_trees(model, tried))).sum())
    if broken:
        raise ValueError(
            f"the fit diverged: {broken} of {len(tried)} predictions are no finite numbers; "
            "try a lower learning_rate, or another objective"
        )
    return model


def predict_trees(model: bytes, features: Matrix) -> np.ndarray:
    """What the trees predict, one float64 a row; of several classes one a row and class."""
    booster = xgboost.Booster(model_file=bytearray(model))
    # the library refuses to predict nothing
    values = features.values if len(features) else np.zeros((1, len(features.names)))
    rows = xgboost.DMatrix(values, feature_types=_feature_types(features), enable_categorical=True)
    return np.asarray(booster.predict(rows), dtype=np.float64)[: len(features)]


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
