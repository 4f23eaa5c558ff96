"""A small neural net on tables. Gaps, scaling and categories: `tasks.families.coding`."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Losses, Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.families.coding import code_rows, learn_code, leave_out_constant, one_thread
from tasks.families.plain import predict
from tasks.families.sound import refuse_infinite, refuse_unsound

_PATIENCE = 5
_CERTAIN = 13.8  # log odds of a class that all labels have: the log loss stays finite


class Neural(ModelFamily):
    """scikit-learn's multi-layer perceptron, as safetensors: scaling, categories, weights.

    Numbers are scaled by their quantiles, gaps told apart; a category that training did not know
    has no effect. A first fit finds how many passes over the older rows are best on the newest
    tenth; a second one makes them over all rows, because the newest tell most. Bytes are equal
    for equal inputs on equal processors.
    """

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]] = "safetensors"
    space: ClassVar[Mapping[str, Span]] = {
        "learning_rate": Span(1e-4, 3e-2, log=True),
        "penalty": Span(1e-6, 1e-1, log=True),
        "batch_rows": Span(32, 512, log=True),
    }

    hidden: tuple[int, ...] = Field(
        default=(64, 32), min_length=1, description="units of each hidden layer"
    )
    n_epochs: int = Field(default=40, ge=1, description="passes of each of the two fits, at most")
    learning_rate: float = Field(default=0.003, gt=0, le=1)
    penalty: float = Field(default=1e-4, ge=0, description="on the sum of squared weights")
    batch_rows: int = Field(default=128, ge=1)

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit on the rows in their order: the last tenth says how many passes are best."""
        from safetensors.numpy import save

        refuse_unsound(features, target)
        code = learn_code(features, by_quantiles=True)
        inputs = code_rows(code, features.values, np.float32)
        is_constant = leave_out_constant(inputs)
        is_chance = task == "binary"
        centre, spread = _scale(target, is_chance)
        if target.min() == target.max():
            layers = _constant(inputs, _CERTAIN * (2 * target[0] - 1) if is_chance else 0.0)
        else:
            layers = self._layers(inputs, (target - centre) / spread, is_chance, seed)
        layers["weights0"][is_constant] = 0
        model = {**code, **layers, "target": np.array([centre, spread or 1.0, is_chance])}
        return bytes(save({name: np.ascontiguousarray(array) for name, array in model.items()}))

    def trace(
        self,
        fitted: tuple[Matrix, np.ndarray],
        judged: tuple[Matrix, np.ndarray],
        task: Task,
        seed: int,
    ) -> Losses | None:
        """The losses after each of `n_epochs` passes, and how many of them `fit` would choose."""
        target, is_chance = fitted[1], task == "binary"
        refuse_unsound(*fitted)
        if target.min() == target.max():
            return None
        code = learn_code(fitted[0], by_quantiles=True)
        rows = [code_rows(code, features.values, np.float32) for features, _ in (fitted, judged)]
        is_constant = leave_out_constant(rows[0])
        rows[1][:, is_constant] = 0
        centre, spread = _scale(target, is_chance)
        targets = [(one - centre) / spread for _, one in (fitted, judged)]
        with _quietly():
            told = list(self._passes(rows, targets, is_chance, seed))
            training, validation = (
                tuple(loss * spread**2 for loss in one) for one in zip(*told, strict=True)
            )
            chosen = None
            with suppress(ValueError):  # it diverges on fewer rows too
                chosen = self._find_epochs(rows[0], targets[0], is_chance, seed)
        return Losses(training, validation, chosen)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probability of class 1, or the expected value."""
        from safetensors.numpy import load

        refuse_infinite(features)
        return predict(load(model), features.values)

    @property
    def rounds(self) -> int:
        """Passes of both fits at most."""
        return 2 * self.n_epochs

    def _layers(
        self, inputs: np.ndarray, target: np.ndarray, is_chance: bool, seed: int
    ) -> dict[str, np.ndarray]:
        with _quietly():
            epochs = self._find_epochs(inputs, target, is_chance, seed)
            net = self._net(is_chance, seed, len(inputs))
            for epoch in range(1, epochs + 1):
                self._pass(net, inputs, target, is_chance, epoch)
        layers = {f"weights{at}": weights for at, weights in enumerate(net.coefs_)}
        layers |= {f"bias{at}": bias for at, bias in enumerate(net.intercepts_)}
        return {name: array.astype(np.float32) for name, array in layers.items()}

    def _passes(
        self, rows: Sequence[np.ndarray], targets: Sequence[np.ndarray], is_chance: bool, seed: int
    ) -> Iterator[tuple[float, float]]:
        """The losses after each pass on the first rows, there and on the second; NaN ends them."""
        net = self._net(is_chance, seed, len(rows[0]))
        for epoch in range(1, self.n_epochs + 1):
            try:
                self._pass(net, rows[0], targets[0], is_chance, epoch)
                first, second = (_loss(net, rows[at], targets[at], is_chance) for at in (0, 1))
            except ValueError:
                first = second = np.nan
            yield first, second
            if not np.isfinite([first, second]).all():
                return

    def _find_epochs(
        self, inputs: np.ndarray, target: np.ndarray, is_chance: bool, seed: int
    ) -> int:
        """After how many passes over the older rows the loss on the newest tenth is lowest."""
        older = len(inputs) - len(inputs) // 10
        if older == len(inputs):
            return self.n_epochs
        net = self._net(is_chance, seed, older)
        best, lowest = 0, np.inf
        for epoch in range(1, self.n_epochs + 1):
            self._pass(net, inputs[:older], target[:older], is_chance, epoch)
            loss = _loss(net, inputs[older:], target[older:], is_chance)
            if loss < lowest:
                best, lowest = epoch, loss
            if epoch - best >= _PATIENCE:
                break
        if not best:
            raise ValueError(self._diverged(epoch))
        return best

    def _net(self, is_chance: bool, seed: int, rows: int) -> Any:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        return (MLPClassifier if is_chance else MLPRegressor)(
            hidden_layer_sizes=self.hidden,
            alpha=self.penalty,
            batch_size=min(self.batch_rows, rows),
            learning_rate_init=self.learning_rate,
            random_state=seed % 2**32,
        )

    def _pass(
        self, net: Any, inputs: np.ndarray, target: np.ndarray, is_chance: bool, epoch: int
    ) -> None:
        try:
            net.partial_fit(inputs, target, **({"classes": [0, 1]} if is_chance else {}))
        except ValueError as error:
            raise ValueError(f"{self._diverged(epoch)} ({error})") from error

    def _diverged(self, epoch: int) -> str:
        return (
            f"the fit diverged within {epoch} passes: weights are no finite numbers; lower "
            f"learning_rate, which is {self.learning_rate:g}"
        )


@contextmanager
def _quietly() -> Iterator[None]:
    with one_thread(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _scale(target: np.ndarray, is_chance: bool) -> tuple[float, float]:
    return (0.0, 1.0) if is_chance else (float(target.mean()), float(target.std()))


def _loss(net: Any, inputs: np.ndarray, target: np.ndarray, is_chance: bool) -> float:
    if not is_chance:
        return float(np.mean((net.predict(inputs) - target) ** 2))
    chance = np.clip(net.predict_proba(inputs)[:, 1].astype(np.float64), 1e-6, 1 - 1e-6)
    return float(-np.mean(np.log(np.where(target == 1, chance, 1 - chance))))


def _constant(inputs: np.ndarray, bias: float) -> dict[str, np.ndarray]:
    """The net without hidden layers that predicts one number."""
    return {
        "weights0": np.zeros((inputs.shape[1], 1), dtype=np.float32),
        "bias0": np.array([bias], dtype=np.float32),
    }
