"""What each feature contributes to a prediction, by the paths through the trees: XGBoost's own.

Families whose models are no trees are explained by `tasks.core.switching`.
"""

import numpy as np
import xgboost

from schemas.project import Matrix, ModelFamily

_TREES = "ubj"


def path_contributions(family: ModelFamily, model: bytes, features: Matrix) -> np.ndarray | None:
    """Of each row one number a feature and, last, the base that all rows share; None for no trees.

    A row's numbers add up to its prediction in the model's own unit: log-odds for probabilities.
    """
    if family.suffix != _TREES:
        return None
    booster = xgboost.Booster(model_file=bytearray(model))
    rows = xgboost.DMatrix(
        features.values,
        feature_types=["c" if kind == "category" else "q" for kind in features.kinds],
        enable_categorical=True,
    )
    return np.asarray(booster.predict(rows, pred_contribs=True), dtype=np.float64)
