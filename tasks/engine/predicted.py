"""Predictions as columns of a stored frame, and back.

One column `prediction`; of a multiclass task it is the likeliest class, and each class has a
column of its probability besides. Who predicts is `tasks.engine.score`.
"""

import numpy as np
import pandas as pd

from schemas.project import Project
from tasks.core.coding import words_of

PREDICTION = "prediction"
PROBABILITY = "probability_{}"


def as_columns(project: Project, key: pd.Series, predicted: np.ndarray) -> pd.DataFrame:
    """Key and prediction of each row."""
    if not project.classes:
        return pd.DataFrame({str(key.name): key, PREDICTION: predicted})
    likeliest = words_of(predicted.argmax(axis=1), project.classes).to_numpy()
    chances = {PROBABILITY.format(c): predicted[:, at] for at, c in enumerate(project.classes)}
    return pd.DataFrame({str(key.name): key, PREDICTION: likeliest, **chances}, index=key.index)


def predictions_of(project: Project, stored: pd.DataFrame) -> np.ndarray:
    """What was predicted; a class that was none then had no chance."""
    if not project.classes:
        return np.asarray(stored[PREDICTION].to_numpy())
    names = [PROBABILITY.format(name) for name in project.classes]
    return stored.reindex(columns=names, fill_value=0.0).to_numpy(dtype=np.float64)
