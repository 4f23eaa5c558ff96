"""Calibrated chances: another family, and a line that says what its chances turned out to mean.

Moving chances along the line is `tasks.families.rescaled`, which also stands in pulled folders; how
both are stored is `tasks.families.boxed`.
Whether a model's chances mean what they say is judged by `tasks.gates.calibrated`.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, SerializeAsAny, field_validator
from scipy.optimize import minimize

from schemas.curve import Losses
from schemas.project import Matrix, ModelFamily, Task
from tasks.core.coding import among_known, known_codes
from tasks.families.boosting import some
from tasks.families.boxed import Box, pack, unpack
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.rescaled import log_odds, logs_of, rescale
from tasks.families.sound import refuse_unsound
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost

_INNER: dict[str, type[ModelFamily]] = {
    one.__name__: one for one in (Linear, Neural, Tree, XGBoost)
}
_LEAST = 10
"""Of the newest tenth's rows, of each answer, before they say anything of chances."""
_STEEPEST = 20.0
_AS_IT_IS = (1.0, 0.0)

Line = tuple[float, float]
"""Slope and shift."""


class Platt(ModelFamily):
    """Another family's chances, calibrated on rows that it had not seen.

    The family is fitted on the older nine tenths of the rows; on the newest tenth a line is
    fitted through its log odds (Platt, 1999, with his smoothed labels), of classes one temperature
    (Guo et al., On Calibration of Modern Neural Networks, 2017). Then the family is fitted on all
    rows. Each row counts as one for the line, whatever its weight. Where the newest tenth has
    under 10 rows of either answer, chances stay as they are.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "json"

    family: SerializeAsAny[ModelFamily] = Field(description="whose chances are calibrated")

    @field_validator("family", mode="before")
    @classmethod
    def _reads_its_dump(cls, given: object) -> object:
        """A stored recipe names the family by its kind."""
        if not isinstance(given, Mapping):
            return given
        if given.get("kind") not in _INNER:
            raise ValueError(_refusal(given.get("kind")))
        fields = {name: value for name, value in given.items() if name != "kind"}
        return _INNER[given["kind"]].model_validate(fields)

    @field_validator("family")
    @classmethod
    def _is_one_of_ours(cls, family: ModelFamily) -> ModelFamily:
        if type(family) not in _INNER.values():
            raise ValueError(_refusal(family.kind))
        return family

    @property
    def inner(self) -> ModelFamily:
        """Whose chances are calibrated."""
        return self.family

    def objection(self, task: Task) -> str | None:
        """Only chances can be calibrated."""
        if task in {"binary", "multiclass"}:
            return None
        return f"there is no chance to calibrate in a {task}; declare {self.family.kind} itself"

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit the line, then the family on all rows; they come oldest first."""
        if objection := self.objection(task):
            raise ValueError(objection)
        refuse_unsound(features, target, task)
        line = self._line(features, target, task, seed)
        model = self.family.fit(features, target, task, seed)
        return pack(Box(self.family.kind, self.family.suffix, model, line))

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """The family's chances along the line. The bytes must have been verified."""
        box = unpack(model)
        family = _INNER[box.family].model_construct()
        return rescale(family.predict(box.model, features), *box.line)

    def trace(
        self,
        fitted: tuple[Matrix, np.ndarray],
        judged: tuple[Matrix, np.ndarray],
        task: Task,
        seed: int,
    ) -> Losses | None:
        """The family's own losses, before they are calibrated."""
        return self.family.trace(fitted, judged, task, seed)

    @property
    def rounds(self) -> int:
        """Passes of both fits at most."""
        return 2 * self.family.rounds

    def _line(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> Line:
        """What the newest tenth says of a model of the rows before it."""
        older = len(target) - len(target) // 10
        fitted, labels = some(features, target, 0, older)
        judged, outcomes = some(features, target, older)
        known = known_codes(labels)
        is_met = np.isin(outcomes, known)
        has_weights = fitted.weights is None or fitted.weights.any()
        if len(known) < 2 or not has_weights or not _is_enough(outcomes[is_met], task):
            return _AS_IT_IS
        codes = among_known(labels, known) if task == "multiclass" else labels
        said = self.family.predict(self.family.fit(fitted, codes, task, seed), judged)[is_met]
        return _fit_line(said, among_known(outcomes[is_met], known))


def _refusal(kind: object) -> str:
    return f"it calibrates none of kind {kind}; choose one of {', '.join(_INNER)}"


def _is_enough(outcomes: np.ndarray, task: Task) -> bool:
    """Of classes any two answers will do: there is one number to find."""
    if task == "multiclass":
        return len(outcomes) >= 2 * _LEAST
    yes = int((outcomes == 1).sum())
    return min(yes, len(outcomes) - yes) >= _LEAST


def _fit_line(said: np.ndarray, codes: np.ndarray) -> Line:
    """The line of the lowest log loss; its slope is never 0 or less, so that order stays."""
    steep = (1 / _STEEPEST, _STEEPEST)
    if said.ndim == 1:
        loss, bounds = _binary(log_odds(said), codes == 1), [steep, (None, None)]
    else:
        loss, bounds = _multiclass(logs_of(said), codes.astype(np.intp)), [steep, (0.0, 0.0)]
    found: Any = minimize(loss, _AS_IT_IS, jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])


Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""Mean loss and gradient of a line."""


def _binary(odds: np.ndarray, is_yes: np.ndarray) -> Loss:
    """Labels are drawn in from 0 and 1 as if one more row of each answer had come."""
    yes, no = int(is_yes.sum()), int((~is_yes).sum())
    drawn = np.where(is_yes, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        moved = line[0] * odds + line[1]
        over = 0.5 + 0.5 * np.tanh(moved / 2) - drawn
        mean = float((np.logaddexp(0, moved) - drawn * moved).mean())
        return mean, np.array([(over * odds).mean(), over.mean()])

    return loss


def _multiclass(logs: np.ndarray, codes: np.ndarray) -> Loss:
    own = logs[np.arange(len(codes)), codes]

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        moved = line[0] * logs
        total = np.logaddexp.reduce(moved, axis=1)
        expected = (np.exp(moved - total[:, np.newaxis]) * logs).sum(axis=1)
        return float((total - line[0] * own).mean()), np.array([(expected - own).mean(), 0.0])

    return loss
