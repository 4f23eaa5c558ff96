"""A small neural net on tables. Gaps, scaling and categories: `tasks.families.coding`."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from schemas.curve import Losses, Span
from schemas.project import Matrix, ModelFamily, Task
from tasks.core.metrics import row_losses
from tasks.families.coding import code_rows, learn_code, leave_out_constant, one_thread
from tasks.families.linear import LINKS, per_class
from tasks.families.plain import predict
from tasks.families.sound import no_quantile, refuse_infinite, refuse_unsound

_PATIENCE = 5
_CERTAIN = 13.8  # log odds of a class that all labels have: the log loss stays finite
_LEAST = 1e-6  # of a count, and of a chance: losses stay finite


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

    def objection(self, task: Task) -> str | None:
        """It learns means."""
        return no_quantile(self.kind, task)

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit on the rows in their order: the last tenth says how many passes are best."""
        from safetensors.numpy import save

        refuse_unsound(features, target, task)
        if features.weights is not None and task == "regression":
            raise ValueError("Neural cannot weigh rows of a regression; choose another family")
        code = learn_code(features, by_quantiles=True)
        inputs = code_rows(code, features.values, np.float32)
        is_constant = leave_out_constant(inputs)
        scaled, centre, spread = _scale(target, task)
        if target.min() == target.max():
            certain = _CERTAIN * (2 * target[0] - 1) if task == "binary" else 0.0
            layers = _constant(inputs, certain)
        else:
            rows = _Rows(inputs, scaled, features.weights, _classes(target, task))
            layers = self._layers(rows, task, seed)
        layers["weights0"][is_constant] = 0
        model = {**code, **layers, "target": np.array([centre, spread, LINKS[task]])}
        return bytes(save({name: np.ascontiguousarray(array) for name, array in model.items()}))

    def trace(
        self,
        fitted: tuple[Matrix, np.ndarray],
        judged: tuple[Matrix, np.ndarray],
        task: Task,
        seed: int,
    ) -> Losses | None:
        """The losses after each of `n_epochs` passes, and how many of them `fit` would choose."""
        features, target = fitted
        refuse_unsound(features, target, task)
        if target.min() == target.max():
            return None
        code = learn_code(features, by_quantiles=True)
        inputs = [code_rows(code, one.values, np.float32) for one, _ in (fitted, judged)]
        inputs[1][:, leave_out_constant(inputs[0])] = 0
        scaled, centre, spread = _scale(target, task)
        rows = _Rows(inputs[0], scaled, features.weights, _classes(target, task))
        sides = list(zip(inputs, (target, judged[1]), strict=True))
        net = self._net(task, seed, len(target))
        told: list[list[float]] = []
        with _quietly():
            for epoch in range(1, self.n_epochs + 1):
                with suppress(ValueError):  # diverged: the losses are NaN then
                    self._pass(net, rows, epoch)
                told.append([_true_loss(net, *side, task, centre, spread) for side in sides])
                if not np.isfinite(told[-1]).all():
                    break
            chosen = None
            with suppress(ValueError):  # it diverges on fewer rows too
                chosen = self._find_epochs(rows, task, seed)
        training, validation = zip(*told, strict=True)
        return Losses(training, validation, chosen)

    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """Probabilities, or the expected value."""
        from safetensors.numpy import load

        refuse_infinite(features)
        return predict(load(model), features.values)

    @property
    def rounds(self) -> int:
        """Passes of both fits at most."""
        return 2 * self.n_epochs

    def _layers(self, rows: "_Rows", task: Task, seed: int) -> dict[str, np.ndarray]:
        with _quietly():
            epochs = self._find_epochs(rows, task, seed)
            net = self._net(task, seed, len(rows.inputs))
            for epoch in range(1, epochs + 1):
                self._pass(net, rows, epoch)
        weights, bias = per_class(net.coefs_[-1], net.intercepts_[-1], task)
        layers = {f"weights{at}": one for at, one in enumerate([*net.coefs_[:-1], weights])}
        layers |= {f"bias{at}": one for at, one in enumerate([*net.intercepts_[:-1], bias])}
        return {name: array.astype(np.float32) for name, array in layers.items()}

    def _find_epochs(self, rows: "_Rows", task: Task, seed: int) -> int:
        """After how many passes over the older rows the loss on the newest tenth is lowest."""
        cut = len(rows.inputs) - len(rows.inputs) // 10
        if cut == len(rows.inputs):
            return self.n_epochs
        net, older, newest = self._net(task, seed, cut), rows[:cut], rows[cut:]
        best, lowest = 0, np.inf
        for epoch in range(1, self.n_epochs + 1):
            self._pass(net, older, epoch)
            loss = _loss(net, newest, task)
            if loss < lowest:
                best, lowest = epoch, loss
            if epoch - best >= _PATIENCE:
                break
        if not best:
            raise ValueError(self._diverged(epoch))
        return best

    def _net(self, task: Task, seed: int, rows: int) -> Any:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        kind = MLPClassifier if task in _CHANCES else MLPRegressor
        return kind(
            **({"loss": "poisson"} if task == "count" else {}),
            hidden_layer_sizes=self.hidden,
            alpha=self.penalty,
            batch_size=min(self.batch_rows, rows),
            learning_rate_init=self.learning_rate,
            random_state=seed % 2**32,
        )

    def _pass(self, net: Any, rows: "_Rows", epoch: int) -> None:
        try:
            net.partial_fit(rows.inputs, rows.target, sample_weight=rows.weights, **rows.classes)
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


_CHANCES = ("binary", "multiclass")


@dataclass(frozen=True)
class _Rows:
    """What a net learns from; `classes` are all of them, also where some rows lack one."""

    inputs: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None
    classes: dict[str, np.ndarray]

    def __getitem__(self, some: slice) -> "_Rows":
        weights = None if self.weights is None else self.weights[some]
        return _Rows(self.inputs[some], self.target[some], weights, self.classes)


def _scale(target: np.ndarray, task: Task) -> tuple[np.ndarray, float, float]:
    """What the net learns, and the centre and spread that lead back from it."""
    if task in _CHANCES:
        return target, 0.0, 1.0
    if task == "count":
        mean = max(float(target.mean()), _LEAST)
        return target / mean, float(np.log(mean)), 1.0
    spread = float(target.std()) or 1.0
    return (target - target.mean()) / spread, float(target.mean()), spread


def _classes(target: np.ndarray, task: Task) -> dict[str, np.ndarray]:
    return {"classes": np.arange(max(target.max(), 1) + 1)} if task in _CHANCES else {}


def _loss(net: Any, rows: _Rows, task: Task) -> float:
    if task in _CHANCES:
        chances = np.clip(net.predict_proba(rows.inputs).astype(np.float64), _LEAST, 1 - _LEAST)
        losses = -np.log(chances[np.arange(len(chances)), rows.target.astype(np.intp)])
    elif task == "count":
        rate = np.maximum(net.predict(rows.inputs).astype(np.float64), _LEAST)
        losses = rate - rows.target * np.log(rate)
    else:
        losses = (net.predict(rows.inputs) - rows.target) ** 2
    is_weighted = rows.weights is not None and rows.weights.any()
    return float(np.average(losses, weights=rows.weights if is_weighted else None))


def _true_loss(
    net: Any, inputs: np.ndarray, target: np.ndarray, task: Task, centre: float, spread: float
) -> float:
    """Mean loss of a row in the target's unit, as gates compare it; NaN of a diverged net."""
    try:
        said = net.predict_proba(inputs) if task in _CHANCES else net.predict(inputs)
        scores = np.asarray(said, dtype=np.float64)
        if task == "binary":
            scores = scores[:, 1]
        elif task == "count":
            scores = scores * np.exp(centre)
        elif task == "regression":
            scores = scores * spread + centre
        return float(row_losses(task, target, scores).mean())
    except ValueError:
        return float("nan")


def _constant(inputs: np.ndarray, bias: float) -> dict[str, np.ndarray]:
    """The net without hidden layers that predicts one number."""
    return {
        "weights0": np.zeros((inputs.shape[1], 1), dtype=np.float32),
        "bias0": np.array([bias], dtype=np.float32),
    }
