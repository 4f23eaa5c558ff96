"""What each feature is worth to one prediction, by setting it alone to a typical value. Pure.

For families that cannot take a prediction apart. Features that say the same stand in for each
other, so these numbers do not add up to anything.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from schemas.project import Matrix

Floats = npt.NDArray[np.float64]

_AT_ONCE = 512
"""Rows that are predicted together: a project may have thousands of features."""


def switched(
    row: Matrix, typical: npt.NDArray[np.float32], predict: Callable[[Matrix], Floats]
) -> Floats:
    """The prediction of the one row, less that with each feature at its typical value."""
    usual = float(predict(row)[0])
    width = len(row.names)
    lost = np.zeros(width)
    for start in range(0, width, _AT_ONCE):
        places = np.arange(start, min(start + _AT_ONCE, width))
        values = np.repeat(row.values, len(places), axis=0)
        values[np.arange(len(places)), places] = typical[places]
        lost[places] = usual - predict(Matrix(row.names, row.kinds, values))
    return lost


def typical_values(training: Matrix) -> npt.NDArray[np.float32]:
    """The median of each number, the most frequent code of each category; gaps do not count."""
    columns = zip(training.kinds, training.values.T, strict=True)
    return np.array([_typical(kind, values) for kind, values in columns], dtype=np.float32)


def _typical(kind: str, values: npt.NDArray[np.float32]) -> float:
    there = values[~np.isnan(values)]
    if not len(there):
        return float("nan")
    if kind == "number":
        return float(np.median(there))
    codes, counts = np.unique(there, return_counts=True)
    return float(codes[np.argmax(counts)])
