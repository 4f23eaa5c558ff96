"""Logistic and ridge regression. Gaps, scaling and categories: `tasks.families.coding`."""

import json
import warnings
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.families.coding import code_rows, learn_code, leave_out_constant, one_thread
from tasks.families.plain import predict, read_arrays
from tasks.families.sound import refuse_infinite, refuse_unsound

_CERTAIN = 13.8  # log odds of a class that all labels have: the log loss stays finite


class Linear(ModelFamily):
    """scikit-learn's logistic or ridge regression, as JSON: scaling, categories, coefficients.

    Numbers are standardised, beyond 10 standard deviations cut off; gaps are the median, told
    apart; a category that training did not know has no effect. Bytes are equal for equal inputs
    on equal processors.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"
    space: ClassVar[Mapping[str, Span]] = {"penalty": Span(1e-3, 1e4, log=True)}

    penalty: float = Field(
        default=1.0,
        gt=0,
        description="on the sum of squared coefficients, beside the sum of losses",
    )
    max_rounds: int = Field(
        default=100, ge=1, description="passes over the rows at most, of a binary task"
    )

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit the coefficients on all rows given."""
        refuse_unsound(features, target)
        code = learn_code(features)
        inputs = code_rows(code, features.values, np.float64)
        is_constant = leave_out_constant(inputs)
        if target.min() == target.max():
            weights, bias = np.zeros(inputs.shape[1]), _constant(task, float(target[0]))
        else:
            weights, bias = self._coefficients(inputs, target, task)
        weights = np.where(is_constant, 0.0, weights)
        if not (np.isfinite(weights).all() and np.isfinite(bias)):
            raise ValueError("the fit diverged: coefficients are no finite numbers; raise penalty")
        model = {
            **code,
            "weights0": weights[:, np.newaxis],
            "bias0": np.array([bias]),
            "target": np.array([0.0, 1.0, task == "binary"]),
        }
        return json.dumps({name: array.tolist() for name, array in model.items()}).encode()

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probability of class 1, or the expected value."""
        refuse_infinite(features)
        return predict(read_arrays(model), features.values)

    @property
    def rounds(self) -> int:
        """A logistic regression's passes at most; a ridge regression makes one."""
        return self.max_rounds

    def _coefficients(
        self, inputs: np.ndarray, target: np.ndarray, task: Task
    ) -> tuple[np.ndarray, float]:
        from sklearn.linear_model import LogisticRegression, Ridge

        if task == "binary":
            model = LogisticRegression(C=1 / self.penalty, max_iter=self.max_rounds, tol=1e-5)
        else:
            model = Ridge(alpha=self.penalty, solver="cholesky")
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it took all its passes: it is near by then
            model.fit(inputs, target)
        return np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])


def _constant(task: Task, value: float) -> float:
    return value if task == "regression" else _CERTAIN * (2 * value - 1)
