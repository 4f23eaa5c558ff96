"""What no family can learn from, refused by name. Who tells it to people: `tasks.engine.fits`."""

import numpy as np

from schemas.project import Matrix, Task
from schemas.quantiles import LEVELS


def no_quantile(kind: str, task: Task) -> str | None:
    """The objection of a family that learns means to a task of quantiles."""
    if task not in LEVELS:
        return None
    return f"{kind} learns means, and {task} is a quantile; declare XGBoost, Tree or Prior"


def refuse_unsound(features: Matrix, target: np.ndarray, task: Task) -> None:
    """Raise a ValueError for infinite features, for labels that are no numbers, and for no rows."""
    refuse_target(target, task)
    refuse_weights(features)
    refuse_infinite(features)


def refuse_target(target: np.ndarray, task: Task) -> None:
    """Raise a ValueError for labels that are missing or infinite, and where there are none.

    Labels of a count must be whole numbers from 0 on.
    """
    if len(target) == 0:
        raise ValueError("there are no rows to fit a model on")
    if broken := int((~np.isfinite(target)).sum()):
        raise ValueError(f"{broken} of {len(target)} labels are no finite numbers")
    if task != "count":
        return
    if broken := int(((target < 0) | (target != np.floor(target))).sum()):
        raise ValueError(f"{broken} of {len(target)} labels are no counts: whole numbers from 0 on")


def refuse_weights(features: Matrix) -> None:
    """Raise a ValueError for weights that are negative, or no numbers, and where all are 0."""
    weights = features.weights
    if weights is None:
        return
    if broken := int((~np.isfinite(weights) | (weights < 0)).sum()):
        raise ValueError(f"{broken} of {len(weights)} weights are negative or no finite numbers")
    if not weights.any():
        raise ValueError(f"all {len(weights)} weights are 0")


def refuse_infinite(features: Matrix) -> None:
    """Raise a ValueError that names the features with an infinite value."""
    is_infinite = np.isinf(features.values).any(axis=0)
    if is_infinite.any():
        names = [name for name, broken in zip(features.names, is_infinite, strict=True) if broken]
        raise ValueError(f"features with infinite values: {', '.join(names[:5])}")
