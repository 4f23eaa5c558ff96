"""Gradient-boosted trees, the one door to XGBoost. Feature building is `tasks.features`."""

from typing import ClassVar, Literal

import numpy as np
import xgboost
from pydantic import Field

from schemas.project import Matrix, ModelFamily, Task

_OBJECTIVES: dict[Task, str] = {"binary": "binary:logistic", "regression": "reg:squarederror"}


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

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit `n_rounds` trees on all rows given."""
        parameters = {
            "objective": _OBJECTIVES[task],
            "tree_method": "hist",
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "min_child_weight": self.min_child_weight,
            "subsample": self.subsample,
            "seed": seed,
        }
        rows = xgboost.QuantileDMatrix(
            features.values,
            label=target,
            feature_types=_feature_types(features),
            enable_categorical=True,
        )
        booster = xgboost.train(parameters, rows, num_boost_round=self.n_rounds)
        return bytes(booster.save_raw("ubj"))

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probability of class 1, or the expected value. The bytes must have been verified."""
        if len(features) == 0:
            return np.empty(0)
        booster = xgboost.Booster(model_file=bytearray(model))
        rows = xgboost.DMatrix(
            features.values, feature_types=_feature_types(features), enable_categorical=True
        )
        return np.asarray(booster.predict(rows), dtype=np.float64)

    @property
    def rounds(self) -> int:
        """One pass over the rows a tree."""
        return self.n_rounds


def _feature_types(features: Matrix) -> list[str]:
    return ["c" if kind == "category" else "q" for kind in features.kinds]
