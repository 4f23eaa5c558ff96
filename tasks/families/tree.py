"""One decision tree that a person can read. Boosted trees are `tasks.families.xgboost`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.core.metrics import constant_of
from tasks.families.boosting import boost, objective_of, predict_trees
from tasks.families.sound import refuse_unsound


class Tree(ModelFamily):
    """One XGBoost tree on the squared error: a leaf predicts the mean, or the rate, of its rows.

    Of a quantile it is one on the pinball loss, and a leaf predicts the quantile of its rows.

    Leaves are drawn towards the mean of all rows by the weight of one row, so that no chance is
    0 or 1 unless all labels are. Several classes have a tree each, drawn towards equal chances.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "ubj"
    space: ClassVar[Mapping[str, Span]] = {
        "max_depth": Span(2, 12),
        "min_rows": Span(5, 500, log=True),
    }

    max_depth: int = Field(default=6, ge=1, le=20)
    min_rows: int = Field(default=20, ge=1, description="training rows of a leaf, at least")

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit the tree on all rows given."""
        refuse_unsound(features, target, task)
        if task == "multiclass":
            target = np.eye(int(target.max()) + 1)[target.astype(np.intp)]
        parameters = {
            **objective_of(task, "reg:squarederror"),
            "base_score": _constant(task, target, features.weights),
            "max_depth": self.max_depth,
            "learning_rate": 1.0,
            "lambda": 1.0,
            "min_child_weight": self.min_rows,
            "seed": seed,
        }
        return boost(parameters, features, target, n_rounds=1)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probabilities, or the expected value. The bytes must have been verified."""
        said = predict_trees(model, features)
        return said if said.ndim == 1 else said / said.sum(axis=1, keepdims=True)

    @property
    def rounds(self) -> int:
        """One pass over the rows."""
        return 1


def _constant(task: Task, target: np.ndarray, weights: np.ndarray | None) -> float:
    """Of classes, one column each, that of all columns: as many as there are share a row."""
    return constant_of(task, target if target.ndim == 1 else target.mean(axis=1), weights)
