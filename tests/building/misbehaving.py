"""A family that does what none may: it raises, never ends, or predicts what is no prediction."""

import json
import time
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from schemas.curve import Span
from schemas.project import Matrix, ModelFamily, Task


class Misbehaving(ModelFamily):
    """The constant, and one fault."""

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"
    space: ClassVar[Mapping[str, Span]] = {"depth": Span(1, 9)}

    does: Literal["raises", "hangs", "text", "nan", "shape"]
    depth: int = 3

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        if self.does == "raises":
            raise RuntimeError("the library gave up")
        while self.does == "hangs":
            time.sleep(0.01)
        model = json.dumps(float(target.mean()))
        return model if self.does == "text" else model.encode()  # type: ignore[return-value]  # the fault

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        said = np.full(len(features), json.loads(model))
        return said[:-1] if self.does == "shape" else said * np.nan

    @property
    def rounds(self) -> int:
        return 1
