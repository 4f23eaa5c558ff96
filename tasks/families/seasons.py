"""What a seasonal constant predicts, from what was stored. Numpy alone.

A pulled model's folder holds a copy of this file, so it may import nothing else. How the table of
seasons comes about is `tasks.families.seasonal`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

Seasons = Mapping[str, Any]
"""A model: `by` are positions of features among `width`; a row of `seasons` are their values, and
`said` what is predicted where a row has these; `prior` is that of all other rows."""


def seasons_of(values: np.ndarray) -> np.ndarray:
    """Whole parts: 8:15 and 8:50 are of the same hour. Codes of categories are whole."""
    return np.floor(values.astype(np.float64))


def predict(model: Seasons, values: np.ndarray) -> np.ndarray:
    """One float64 a row of the finished matrix; of several classes one a row and class.

    Raises:
        ValueError: the matrix has another number of features than the model.
    """
    if values.ndim != 2 or values.shape[1] != model["width"]:
        raise ValueError(f"the model takes {model['width']} features a row, not {values.shape}")
    table = {tuple(one): at for at, one in enumerate(model["seasons"])}
    rows = seasons_of(values[:, model["by"]]).tolist()
    places = [table.get(tuple(row), len(table)) for row in rows]  # a gap equals nothing
    said = np.array([*model["said"], model["prior"]], dtype=np.float64)
    return said[np.array(places, dtype=np.int64)]
