"""The one door to XGBoost: trees fitted on rows in memory or in parts, and their predictions.

Which parameters a family has is `tasks.families.xgboost` and `tasks.families.tree`.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xgboost

from schemas.curve import Losses
from schemas.project import Matrix, Parts, Task
from schemas.quantiles import level_of
from tasks.core.metrics import row_losses
from tasks.families.sound import refuse_unsound

_TRIED_ROWS = 1000


def boost(parameters: dict[str, Any], features: Matrix, target: np.ndarray, n_rounds: int) -> bytes:
    """Trees by histogram as UBJSON; of sound features and labels, one column or one a class.

    Raises:
        ValueError: the fit diverged.
    """
    rows = quantised(features, target)
    parameters = {**parameters, "tree_method": "hist"}
    booster = xgboost.train(parameters, rows, num_boost_round=n_rounds)
    model = bytes(booster.save_raw("ubj"))
    refuse_diverged(model, features)
    return model


def objective_of(task: Task, usual: str) -> dict[str, Any]:
    """What trees minimise: the pinball loss of a quantile, the usual of any other task."""
    level = level_of(task)
    if level is None:
        return {"objective": usual}
    return {"objective": "reg:quantileerror", "quantile_alpha": level}


def refuse_diverged(model: bytes, features: Matrix) -> None:
    """Raise a ValueError where predictions of some of these rows are no finite numbers."""
    every = max(1, len(features) // _TRIED_ROWS)
    tried = Matrix(features.names, features.kinds, features.values[::every])
    broken = int((~np.isfinite(predict_trees(model, tried))).sum())
    if broken:
        raise ValueError(
            f"the fit diverged: {broken} of {len(tried)} predictions are no finite numbers; "
            "try a lower learning_rate, or another objective"
        )


def train_traced(
    parameters: dict[str, Any],
    fitted: tuple[Matrix, np.ndarray],
    judged: tuple[Matrix, np.ndarray],
    task: Task,
    n_rounds: int,
    patience: int | None,
) -> Losses:
    """Mean losses after each tree, as gates compare them; of sound features and labels."""

    def mean_loss(predicted: np.ndarray, rows: xgboost.DMatrix) -> tuple[str, float]:
        scores = np.asarray(predicted, dtype=np.float64)
        if not np.isfinite(scores).all():
            return "loss", float("nan")
        labels = np.asarray(rows.get_label(), dtype=np.float64)
        return "loss", float(row_losses(task, labels, scores).mean())

    rows = quantised(*fitted)
    told: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        {**parameters, "tree_method": "hist", "disable_default_eval_metric": True},
        rows,
        num_boost_round=n_rounds,
        evals=[(rows, "training"), (quantised(*judged, ref=rows), "validation")],
        evals_result=told,
        custom_metric=mean_loss,
        early_stopping_rounds=patience,
        verbose_eval=False,
    )
    training, validation = (tuple(told[name]["loss"]) for name in ("training", "validation"))
    return Losses(training, validation, int(np.argmin(validation)) + 1 if patience else None)


def quantised(
    features: Matrix, target: np.ndarray, ref: xgboost.QuantileDMatrix | None = None
) -> xgboost.QuantileDMatrix:
    """The rows in bins, those of `ref` if it is given."""
    return xgboost.QuantileDMatrix(
        features.values,
        label=target,
        weight=features.weights,
        feature_types=feature_types(features),
        enable_categorical=True,
        ref=ref,
    )


def some(
    features: Matrix, target: np.ndarray, start: int, stop: int | None = None
) -> tuple[Matrix, np.ndarray]:
    """Some of the rows."""
    weights = None if features.weights is None else features.weights[start:stop]
    part = replace(features, values=features.values[start:stop], weights=weights)
    return part, target[start:stop]


def predict_trees(model: bytes, features: Matrix) -> np.ndarray:
    """What the trees predict, one float64 a row; of several classes one a row and class."""
    booster = xgboost.Booster(model_file=bytearray(model))
    # the library refuses to predict nothing
    values = features.values if len(features) else np.zeros((1, len(features.names)))
    rows = xgboost.DMatrix(values, feature_types=feature_types(features), enable_categorical=True)
    return np.asarray(booster.predict(rows), dtype=np.float64)[: len(features)]


def find_directions(
    features: Matrix, increasing: tuple[str, ...], decreasing: tuple[str, ...]
) -> tuple[int, ...]:
    """1, -1 or 0 a feature.

    Raises:
        ValueError: a name is no feature of numbers, or one of both.
    """
    numbers = {
        n for n, kind in zip(features.names, features.kinds, strict=True) if kind != "category"
    }
    if unknown := sorted({*increasing, *decreasing} - numbers):
        raise ValueError(
            f"increasing and decreasing name {', '.join(unknown)}, which are no features of "
            f"numbers; there are {', '.join(sorted(numbers)[:20])}"
        )
    if both := sorted({*increasing} & {*decreasing}):
        raise ValueError(f"{', '.join(both)} cannot be both increasing and decreasing")
    return tuple((name in increasing) - (name in decreasing) for name in features.names)


def feature_types(features: Matrix) -> list[str]:
    """XGBoost's names of the kinds."""
    return ["c" if kind == "category" else "q" for kind in features.kinds]


class Pages(xgboost.DataIter):
    """Hands one part after the other to XGBoost, which keeps them binned in files of `folder`."""

    def __init__(self, parts: Parts, task: Task, folder: Path) -> None:
        self._parts, self._task = parts, task
        self._rest: Iterator[tuple[Matrix, np.ndarray]] = parts()
        super().__init__(cache_prefix=str(folder / "pages"))

    def next(self, input_data: Any) -> bool:
        """Whether there was another part."""
        part = next(self._rest, None)
        if part is None:
            return False
        features, target = part
        refuse_unsound(features, target, self._task)
        kinds, weights = feature_types(features), features.weights
        input_data(data=features.values, label=target, weight=weights, feature_types=kinds)
        return True

    def reset(self) -> None:
        """Begin once more."""
        self._rest = self._parts()


def train_in_parts(parameters: dict[str, Any], parts: Parts, task: Task, n_rounds: int) -> bytes:
    """Trees by histogram as UBJSON; rows are read from disk once a round.

    Raises:
        ValueError: features or labels are not sound.
    """
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        return _train(
            {**parameters, "tree_method": "hist"}, Pages(parts, task, Path(folder)), n_rounds
        )


def _train(parameters: dict[str, Any], pages: Pages, n_rounds: int) -> bytes:
    """In a function of its own: XGBoost removes its files itself, with the last reference."""
    rows = xgboost.ExtMemQuantileDMatrix(pages, enable_categorical=True)
    booster = xgboost.train(parameters, rows, num_boost_round=n_rounds)
    return bytes(booster.save_raw("ubj"))
