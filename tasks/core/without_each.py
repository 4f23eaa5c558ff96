"""Sums over all rows, and without each unit. What is made of them is `tasks.core.left_out`."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def without_each(units: Indices, *columns: npt.NDArray[np.generic]) -> Floats:
    """Sums of each column: over all rows, then without each unit; shape (columns, units + 1)."""
    by_unit = np.array([np.bincount(units, column) for column in columns])
    total = by_unit.sum(axis=1, keepdims=True)
    return np.concatenate([total, total - by_unit], axis=1)
