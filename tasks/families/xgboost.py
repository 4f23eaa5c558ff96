"""Gradient-boosted trees. Fitting them is `tasks.families.boosting`, features `tasks.features`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Losses, Span
from schemas.project import Matrix, ModelFamily, Parts, Task
from schemas.quantiles import LEVELS
from tasks.families.boosting import (
    boost,
    find_directions,
    objective_of,
    predict_trees,
    refuse_diverged,
    some,
    train_in_parts,
    train_traced,
)
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
        description="what trees minimise: by default of a regression the squared error, of counts "
        "the Poisson deviance",
    )

    patience: int | None = Field(
        default=None,
        ge=1,
        exclude_if=lambda patience: patience is None,
        description="rounds without a lower loss on the newest tenth of the rows that end a first "
        "fit; the second, on all rows, makes as many rounds as were best",
    )

    def objection(self, task: Task) -> str | None:
        """Of a quantile the objective is given, and leaves are set by rows, not by directions."""
        asked = self.objective or self.increasing or self.decreasing
        if task in LEVELS and asked:
            return f"objective, increasing and decreasing do not hold for {task}, a quantile"
        return None

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit `n_rounds` trees on all rows given, or with `patience` as many as were best."""
        refuse_unsound(features, target, task)
        parameters = self._parameters(features, target, task, seed)
        n_rounds = self.n_rounds
        older = len(features) - len(features) // 10
        if self.patience and 0 < older < len(features):
            fitted, judged = some(features, target, 0, older), some(features, target, older)
            losses = train_traced(parameters, fitted, judged, task, n_rounds, self.patience)
            n_rounds = int(np.argmin(losses.validation)) + 1
        return boost(parameters, features, target, n_rounds)

    def fit_in_parts(self, parts: Parts, task: Task, seed: int) -> bytes:
        """The same on rows of which XGBoost's external memory holds some at a time.

        With `patience` and for classes the features are held together.
        """
        if self.patience or task == "multiclass":
            return super().fit_in_parts(parts, task, seed)
        parameters = self._parameters(*(first := next(parts())), task, seed)
        model = train_in_parts(parameters, parts, task, self.n_rounds)
        refuse_diverged(model, first[0])
        return model

    def trace(
        self,
        fitted: tuple[Matrix, np.ndarray],
        judged: tuple[Matrix, np.ndarray],
        task: Task,
        seed: int,
    ) -> Losses:
        """The losses after each of `n_rounds` trees; `patience` ends them early."""
        refuse_unsound(*fitted, task)
        parameters = self._parameters(*fitted, task, seed)
        return train_traced(parameters, fitted, judged, task, self.n_rounds, self.patience)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probabilities, or the expected value. The bytes must have been verified."""
        return predict_trees(model, features)

    @property
    def rounds(self) -> int:
        """One pass over the rows a tree; with `patience` those of both fits, at most."""
        return self.n_rounds * (2 if self.patience else 1)

    def _parameters(
        self, features: Matrix, target: np.ndarray, task: Task, seed: int
    ) -> dict[str, Any]:
        if objection := self.objection(task):
            raise ValueError(objection)
        self._refuse_objective(task)
        parameters: dict[str, Any] = {
            **objective_of(task, self.objective or _OBJECTIVES.get(task, "")),
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
        return parameters

    def _refuse_objective(self, task: Task) -> None:
        if self.objective and task in {"binary", "multiclass"}:
            raise ValueError(f"objective {self.objective} is one of a regression, not of a chance")
        if self.objective and task == "count" and self.objective not in _OF_COUNTS:
            raise ValueError(
                f"objective {self.objective} may predict counts below 0, or refuse those of 0; "
                f"choose {' or '.join(_OF_COUNTS)}"
            )
