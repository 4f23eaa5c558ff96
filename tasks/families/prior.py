"""The constant: the mean of the training labels, or how often each class came, the lowest rung."""

import json
from typing import ClassVar, Literal

import numpy as np

from schemas.project import Matrix, ModelFamily, Task
from tasks.core.metrics import constant_of
from tasks.families.sound import refuse_target, refuse_weights


class Prior(ModelFamily):
    """Predicts the training rate, rates or mean for every row."""

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Remember the mean or the quantile of the target, or the share of each class."""
        refuse_target(target, task)
        refuse_weights(features)
        if task == "multiclass":
            counts = np.bincount(target.astype(np.intp), features.weights)
            rates = counts / counts.sum()
            return json.dumps({"prior": rates.tolist()}).encode()
        return json.dumps({"prior": constant_of(task, target, features.weights)}).encode()

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """The remembered mean or rates, once a row."""
        prior = np.array(json.loads(model)["prior"], dtype=np.float64)
        return np.broadcast_to(prior, (len(features), *prior.shape)).copy()

    @property
    def rounds(self) -> int:
        """One pass over the labels."""
        return 1
