"""Logistic, multinomial, Poisson and ridge regression. Coding is `tasks.families.coding`."""

import json
import warnings
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.families.coding import code_rows, learn_code, leave_out_constant, one_thread
from tasks.families.plain import (
    EXPONENTIAL,
    IDENTITY,
    LOGISTIC,
    SOFTMAX,
    predict,
    read_arrays,
)
from tasks.families.sound import no_quantile, refuse_infinite, refuse_unsound

_CERTAIN = 13.8  # log odds of a class that all labels have: the log loss stays finite
_LEAST = 1e-6  # of a count that was always 0
LINKS: dict[Task, int] = {
    "binary": LOGISTIC,
    "multiclass": SOFTMAX,
    "regression": IDENTITY,
    "count": EXPONENTIAL,
}
"""How what comes out of a linear model, or of a net, becomes a prediction."""


class Linear(ModelFamily):
    """scikit-learn's regression of the task, as JSON: scaling, categories, coefficients.

    Logistic, multinomial for classes, Poisson for counts, ridge for other numbers.

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
        default=100, ge=1, description="passes over the rows at most; a ridge makes one"
    )

    def objection(self, task: Task) -> str | None:
        """It learns means."""
        return no_quantile(self.kind, task)

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit the coefficients on all rows given."""
        refuse_unsound(features, target, task)
        code = learn_code(features)
        inputs = code_rows(code, features.values, np.float64)
        is_constant = leave_out_constant(inputs)
        if target.min() == target.max():
            bias = np.array([_constant(task, float(target[0]))])
            weights = np.zeros((inputs.shape[1], 1))
        else:
            weights, bias = self._coefficients(inputs, target, task, features.weights)
        weights[is_constant] = 0.0
        if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise ValueError("the fit diverged: coefficients are no finite numbers; raise penalty")
        model = {
            **code,
            "weights0": weights,
            "bias0": bias,
            "target": np.array([0.0, 1.0, LINKS[task]]),
        }
        return json.dumps({name: array.tolist() for name, array in model.items()}).encode()

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probabilities, or the expected value."""
        refuse_infinite(features)
        return predict(read_arrays(model), features.values)

    @property
    def rounds(self) -> int:
        """Passes at most; a ridge regression makes one."""
        return self.max_rounds

    def _coefficients(
        self, inputs: np.ndarray, target: np.ndarray, task: Task, counts: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """One column of weights, or one a class."""
        from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge

        if task == "count":
            total = len(target) if counts is None else counts.sum()
            model = PoissonRegressor(
                alpha=self.penalty / total, solver="newton-cholesky", max_iter=self.max_rounds
            )
        elif task == "regression":
            model = Ridge(alpha=self.penalty, solver="cholesky")
        else:
            model = LogisticRegression(C=1 / self.penalty, max_iter=self.max_rounds, tol=1e-5)
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it took all its passes: it is near by then
            model.fit(inputs, target, sample_weight=counts)
        weights = np.atleast_2d(model.coef_).T.astype(np.float64)
        return per_class(weights, np.atleast_1d(model.intercept_), task)


def per_class(weights: np.ndarray, bias: np.ndarray, task: Task) -> tuple[np.ndarray, np.ndarray]:
    """A last layer with a column a class: of two classes scikit-learn has the second's alone."""
    if task == "multiclass" and weights.shape[1] == 1:
        return np.hstack([np.zeros_like(weights), weights]), np.append(0.0, bias)
    return weights, bias


def _constant(task: Task, value: float) -> float:
    """What comes out where all labels are this one."""
    if task == "binary":
        return _CERTAIN * (2 * value - 1)
    return float(np.log(max(value, _LEAST))) if task == "count" else value
