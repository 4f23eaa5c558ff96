"""The constant: the mean of the training labels, the lowest rung of the ladder."""

import json
from typing import ClassVar, Literal

import numpy as np

from schemas.project import Matrix, ModelFamily, Task
from tasks.families.sound import refuse_target


class Prior(ModelFamily):
    """Predicts the training rate or mean for every row."""

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Remember the mean of the target."""
        refuse_target(target)
        return json.dumps({"prior": float(np.mean(target))}).encode()

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """The remembered mean, once a row."""
        return np.full(len(features), float(json.loads(model)["prior"]))

    @property
    def rounds(self) -> int:
        """One pass over the labels."""
        return 1
