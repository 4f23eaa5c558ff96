"""What linear models and neural nets predict, from arrays that were stored. Numpy alone.

A pulled model's folder holds a copy of this file as `plain.py`, so it may import nothing else. How
the arrays come about is `tasks.families.coding` and the families' own files.
"""

import json
from collections.abc import Iterator, Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]
"""A model: `numbers` and `categories` are positions of features; `median` fills gaps in numbers;
`nulls` are the numbers whose gaps are told apart; `levels` counts each category's codes. Numbers
are scaled by `centre` and `spread`, or by `quantiles`. The layers are `weights0`, `bias0`, ...;
`target` is the centre and the spread of what comes out, and the link that makes a prediction."""

IDENTITY, LOGISTIC, SOFTMAX, EXPONENTIAL = range(4)

_POSITIONS = {"numbers", "nulls", "categories", "levels"}
_BLOCK = 65_536
_FURTHEST = 10.0  # standard deviations; beyond it lie faults of a sensor rather than effects
_LARGEST = 50.0  # logarithm of the largest count that is predicted: 5e21


def read_arrays(model: str | bytes) -> dict[str, np.ndarray]:
    """Arrays that were stored as JSON; those of positions hold whole numbers, also when empty."""
    return {
        name: np.array(rows, dtype=np.int64 if name in _POSITIONS else np.float64)
        for name, rows in json.loads(model).items()
    }


def predict(model: Arrays, values: np.ndarray) -> np.ndarray:
    """One float64 a row of the finished matrix; of several classes one a row and class.

    Raises:
        ValueError: the matrix has another number of features than the model.
    """
    width = len(model["numbers"]) + len(model["categories"])
    if values.ndim != 2 or values.shape[1] != width:
        raise ValueError(f"the model takes {width} features a row, not shape {values.shape}")
    starts = range(0, max(len(values), 1), _BLOCK)
    return np.concatenate([_predict(model, values[at : at + _BLOCK]) for at in starts])


def scale_numbers(model: Arrays, values: np.ndarray) -> np.ndarray:
    """The numbers without gaps and of one scale, and beside them where there were gaps."""
    numbers = values[:, model["numbers"]].astype(np.float64)
    if not numbers.shape[1]:
        return numbers
    is_null = np.isnan(numbers)
    numbers = np.where(is_null, model["median"], numbers)
    if "quantiles" in model:
        scaled = _by_quantiles(model["quantiles"], numbers)
    else:
        scaled = (numbers - model["centre"]) / model["spread"]
        np.clip(scaled, -_FURTHEST, _FURTHEST, out=scaled)
    return np.hstack([scaled, is_null[:, model["nulls"]]])


def slots(model: Arrays, values: np.ndarray) -> Iterator[np.ndarray]:
    """For each category the number of its input; codes that nobody knows share the last one."""
    start = 0
    for position, levels in zip(model["categories"], model["levels"], strict=True):
        codes = values[:, position]
        is_known = (codes >= 0) & (codes < levels)  # a gap compares as neither
        yield start + np.where(is_known, codes, levels).astype(np.int64)
        start += int(levels) + 1


def kinds(model: Arrays) -> list[str]:
    """Of each feature, number or category."""
    categories = set(model["categories"].tolist())
    width = len(model["numbers"]) + len(categories)
    return ["category" if position in categories else "number" for position in range(width)]


def _predict(model: Arrays, values: np.ndarray) -> np.ndarray:
    inputs = scale_numbers(model, values)
    weights = model["weights0"].astype(np.float64)
    made = inputs @ weights[: inputs.shape[1]] + model["bias0"]
    for slot in slots(model, values):
        made += weights[inputs.shape[1] + slot]
    layer = 1
    while f"weights{layer}" in model:
        made = np.maximum(made, 0) @ model[f"weights{layer}"].astype(np.float64)
        made += model[f"bias{layer}"]
        layer += 1
    centre, spread, link = model["target"]
    if link == SOFTMAX:
        odds = np.exp(made - made.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))
    made = made[:, 0] * spread + centre
    if link == EXPONENTIAL:
        return np.asarray(np.exp(np.minimum(made, _LARGEST)))
    return np.asarray(0.5 + 0.5 * np.tanh(made / 2) if link == LOGISTIC else made)


def _by_quantiles(quantiles: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Each number's place among the training rows, spread out to variance 1 around 0.

    Of equal quantiles it is the middle: interpolated from below and from above.
    """
    places = np.linspace(0, 1, quantiles.shape[1])
    scaled = np.empty_like(numbers)
    for column, known in enumerate(quantiles.astype(np.float64)):
        below = np.interp(numbers[:, column], known, places)
        above = 1 - np.interp(-numbers[:, column], -known[::-1], places)
        scaled[:, column] = (below + above - 1) * np.sqrt(3)
    return scaled
