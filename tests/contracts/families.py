"""One family of each kind, and rows to fit it on, for the checks that all of them pass."""

from functools import cache
from typing import Literal

import numpy as np

from schemas.project import Matrix, ModelFamily, Task
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.seasonal import Seasonal
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost

Kind = Literal["number", "category"]
FAMILIES: list[ModelFamily] = [
    Linear(),
    Neural(n_epochs=20, batch_rows=32),
    Platt(family=Linear()),
    Prior(),
    Seasonal(by=("shop",), newest=300),
    Tree(),
    XGBoost(n_rounds=20),
]
READING = [family for family in FAMILIES if not isinstance(family, Prior)]
LEARNING = [family for family in READING if not isinstance(family, Seasonal)]
"""Those that learn of every feature."""
KINDS: tuple[Kind, ...] = ("number", "number", "category", "number", "number")
NAMES = ("amount", "gappy", "shop", "constant", "nothing")
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression", "count", "p90")
CHANCES = ("binary", "multiclass")


def build_matrix(rows: int = 600, seed: int = 0) -> Matrix:
    """A number, one with gaps, a category with gaps, a constant and a column of nulls."""
    draw = np.random.default_rng(seed)
    values = np.empty((rows, len(NAMES)), dtype=np.float32)
    values[:, 0] = draw.normal(50, 20, rows)
    values[:, 1] = np.where(draw.random(rows) < 0.2, np.nan, draw.normal(0, 1, rows))
    values[:, 2] = np.where(draw.random(rows) < 0.1, np.nan, draw.integers(0, 4, rows))
    values[:, 3] = 7
    values[:, 4] = np.nan
    return Matrix(NAMES, KINDS, values)


def build_target(features: Matrix, task: Task, seed: int = 0) -> np.ndarray:
    """Labels that depend on the number, the gaps and the category."""
    draw = np.random.default_rng(seed)
    value = (features.values[:, 0] - 50) / 20 + np.isnan(features.values[:, 1])
    value = value + (features.values[:, 2] == 2)
    if task in {"regression", "p90"}:
        return np.asarray(300 + 40 * value + draw.normal(0, 5, len(features)), dtype=np.float64)
    if task == "count":
        return np.asarray(draw.poisson(np.exp(1 + value / 2)), dtype=np.float64)
    if task == "multiclass":
        odds = np.cumsum(np.exp(np.outer(value, [2.0, 0.0, -2.0])), axis=1)
        places = draw.random(len(features))[:, np.newaxis] < odds / odds[:, -1:]
        return np.asarray(np.argmax(places, axis=1), dtype=np.float64)
    return np.asarray(draw.random(len(features)) < 1 / (1 + np.exp(-2 * value)), dtype=np.float64)


@cache
def fitted(family: ModelFamily, task: Task, rows: int = 600) -> bytes:
    """A model of the built rows, made once."""
    return fit(family, task, rows)


def fit(family: ModelFamily, task: Task, rows: int = 600) -> bytes:
    """The same made anew."""
    features = build_matrix(rows)
    return family.fit(features, build_target(features, task), task, 0)


def mean_square(target: np.ndarray, said: np.ndarray) -> float:
    """Mean squared error, of classes that of each class against the rest."""
    if said.ndim == 2:
        target = np.eye(said.shape[1])[target.astype(int)]
    return float(np.mean((target - said) ** 2))


def name_of(family: ModelFamily) -> str:
    """The id of a test of this family."""
    return family.kind
